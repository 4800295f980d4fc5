namespace CfLogStream.ClickHouse.Native;

/// <summary>A column of texts, each sent whole.</summary>
internal sealed class TextColumn : NativeColumn
{
    private readonly PagedTexts _texts = new();

    public TextColumn()
        : base("String")
    {
    }

    public override int Rows => _texts.Count;

    public override long Bytes => _texts.Length;

    public void Add(ReadOnlySpan<byte> utf8) => _texts.Add(utf8);

    public override void Clear() => _texts.Clear();

    public override void WriteRows(ByteBuffer destination, int start, int count) => _texts.Write(destination, start, count);
}
