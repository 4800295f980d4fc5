namespace CfLogStream.ClickHouse.Native;

/// <summary>A column of arrays: elements go to <see cref="Elements"/>, then <see cref="EndRow"/> closes the row.</summary>
internal sealed class ArrayColumn<T> : NativeColumn
    where T : NativeColumn
{
    private readonly RowEnds _ends = new();

    public ArrayColumn(T elements)
        : base($"Array({elements.Type})")
    {
        Elements = elements;
    }

    public T Elements { get; }

    public override int Rows => _ends.Rows;

    public override long Bytes => _ends.Bytes + Elements.Bytes;

    public void EndRow() => _ends.Add(Elements.Rows);

    public override void Clear()
    {
        _ends.Clear();
        Elements.Clear();
    }

    public override void WritePrefix(ByteBuffer destination) => Elements.WritePrefix(destination);

    public override void WriteRows(ByteBuffer destination, int start, int count)
    {
        (int from, int elements) = _ends.Write(destination, start, count);
        Elements.WriteRows(destination, from, elements);
    }
}
