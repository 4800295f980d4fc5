namespace CfLogStream.ClickHouse.Native;

/// <summary>A column of texts, each sent whole.</summary>
internal sealed class TextColumn : NativeColumn
{
    private readonly ByteBuffer _texts = new();
    private int[] _ends = new int[64];
    private int _rows;

    public TextColumn()
        : base("String")
    {
    }

    public override int Rows => _rows;

    public override long Bytes => _texts.Length;

    public void Add(ReadOnlySpan<byte> utf8)
    {
        _texts.WriteText(utf8);
        if (_rows == _ends.Length)
        {
            Array.Resize(ref _ends, _rows * 2);
        }

        _ends[_rows++] = _texts.Length;
    }

    public override void Clear()
    {
        _texts.Clear();
        _rows = 0;
    }

    public override void WriteRows(ByteBuffer destination, int start, int count)
    {
        if (count > 0)
        {
            int from = start == 0 ? 0 : _ends[start - 1];
            destination.Write(_texts.Span[from.._ends[start + count - 1]]);
        }
    }
}
