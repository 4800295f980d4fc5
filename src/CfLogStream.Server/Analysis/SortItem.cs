namespace CfLogStream.Server.Analysis;

/// <summary>A key with the number of its record's page: what is sorted.</summary>
internal readonly struct SortItem(in RecordKey key, int page) : IComparable<SortItem>
{
    public readonly RecordKey Key = key;
    public readonly int Page = page;

    public int CompareTo(SortItem other)
    {
        if (Key.NsOfSecond != other.Key.NsOfSecond)
        {
            return Key.NsOfSecond < other.Key.NsOfSecond ? -1 : 1;
        }

        if (Key.Ray != other.Key.Ray)
        {
            return Key.Ray < other.Key.Ray ? -1 : 1;
        }

        return Key.NsAndDataset.CompareTo(other.Key.NsAndDataset);
    }
}
