namespace CfLogStream.Core.Correlation;

/// <summary>The order in which kept requests are written, and in which the last ones go when a group is full: hash, time, offset.</summary>
internal readonly struct KeptOrder(ulong hash, long timeNs, long offset, int item) : IComparable<KeptOrder>
{
    private readonly ulong _hash = hash;
    private readonly long _timeNs = timeNs;
    private readonly long _offset = offset;

    /// <summary>The number of the item.</summary>
    public readonly int Item = item;

    public KeptOrder(in KeptItem kept, int item)
        : this(kept.Hash, kept.TimeNs, kept.Offset, item)
    {
    }

    public int CompareTo(KeptOrder other)
    {
        if (_hash != other._hash)
        {
            return _hash < other._hash ? -1 : 1;
        }

        int order = _timeNs.CompareTo(other._timeNs);
        return order != 0 ? order : _offset.CompareTo(other._offset);
    }
}
