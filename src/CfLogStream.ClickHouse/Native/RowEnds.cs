namespace CfLogStream.ClickHouse.Native;

/// <summary>Where the elements of each row of an array column end.</summary>
internal sealed class RowEnds
{
    private int[] _ends = new int[64];

    public int Rows { get; private set; }

    public long Bytes => (long)Rows * sizeof(ulong);

    public void Add(int end)
    {
        if (Rows == _ends.Length)
        {
            Array.Resize(ref _ends, Rows * 2);
        }

        _ends[Rows++] = end;
    }

    public void Clear() => Rows = 0;

    /// <summary>Writes the ends of some rows, counted from the first of them, and says which elements they span.</summary>
    public (int First, int Count) Write(ByteBuffer destination, int start, int count)
    {
        int first = start == 0 ? 0 : _ends[start - 1];
        foreach (int end in _ends.AsSpan(start, count))
        {
            destination.WriteUInt64((ulong)(end - first));
        }

        return (first, count == 0 ? 0 : _ends[start + count - 1] - first);
    }
}
