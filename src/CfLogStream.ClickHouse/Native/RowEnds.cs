namespace CfLogStream.ClickHouse.Native;

/// <summary>Where the elements of each row of an array column end.</summary>
internal sealed class RowEnds
{
    private readonly CompactNumbers _lengths = new();
    private int _end;

    public int Rows => _lengths.Count;

    public long Bytes => (long)Rows * sizeof(ulong);

    public void Add(int end)
    {
        _lengths.Add((ulong)(end - _end));
        _end = end;
    }

    public void Clear()
    {
        _lengths.Clear();
        _end = 0;
    }

    /// <summary>Writes the ends of some rows, counted from the first of them, and says which elements they span.</summary>
    public (int First, int Count) Write(ByteBuffer destination, int start, int count)
    {
        int first = 0;
        for (int i = 0; i < start; i++)
        {
            first += (int)_lengths.Get(i);
        }

        int elements = 0;
        for (int i = start; i < start + count; i++)
        {
            elements += (int)_lengths.Get(i);
            destination.WriteUInt64((ulong)elements);
        }

        return (first, elements);
    }
}
