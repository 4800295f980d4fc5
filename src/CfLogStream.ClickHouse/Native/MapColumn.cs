namespace CfLogStream.ClickHouse.Native;

/// <summary>A column of maps from few names to any texts: pairs go to <see cref="Names"/> and <see cref="Values"/>, then <see
/// cref="EndRow"/>.</summary>
internal sealed class MapColumn : NativeColumn
{
    private readonly RowEnds _ends = new();

    public MapColumn()
        : base("Map(LowCardinality(String), String)")
    {
    }

    public DictionaryColumn Names { get; } = new();

    public TextColumn Values { get; } = new();

    public override int Rows => _ends.Rows;

    public override long Bytes => _ends.Bytes + Names.Bytes + Values.Bytes;

    public void EndRow() => _ends.Add(Names.Rows);

    public override void Clear()
    {
        _ends.Clear();
        Names.Clear();
        Values.Clear();
    }

    public override void WritePrefix(ByteBuffer destination) => Names.WritePrefix(destination);

    public override void WriteRows(ByteBuffer destination, int start, int count)
    {
        (int from, int elements) = _ends.Write(destination, start, count);
        Names.WriteRows(destination, from, elements);
        Values.WriteRows(destination, from, elements);
    }
}
