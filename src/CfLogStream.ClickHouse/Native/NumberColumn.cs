namespace CfLogStream.ClickHouse.Native;

/// <summary>A column of 64-bit unsigned numbers, most of which are small.</summary>
internal sealed class NumberColumn : NativeColumn
{
    private readonly CompactNumbers _values = new();

    public NumberColumn()
        : base("UInt64")
    {
    }

    public override int Rows => _values.Count;

    public override long Bytes => (long)_values.Count * sizeof(ulong);

    public override int FixedWidth => sizeof(ulong);

    public void Add(ulong value) => _values.Add(value);

    /// <summary>Adds many numbers, as the elements of an array.</summary>
    public void AddRange(ReadOnlySpan<ulong> values) => _values.AddRange(values);

    public override void Clear() => _values.Clear();

    public override void WriteRows(ByteBuffer destination, int start, int count) => _values.Write(destination, start, count, sizeof(ulong));
}
