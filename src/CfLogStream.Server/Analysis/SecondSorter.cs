using System.Numerics;

namespace CfLogStream.Server.Analysis;

/// <summary>Sorts the records of one second by time, ray and dataset.</summary>
/// <remarks>
/// A few are sorted by insertion. Many are first dealt into buckets of equal length in time, about eight to a bucket: one pass that brings
/// each within a few places of its own, because requests are spread over their second. A bucket that still holds many (timestamps of whole
/// seconds or milliseconds) is left to the general sort, so nothing is worse than n log n.
/// </remarks>
internal sealed class SecondSorter
{
    private const int FewItems = 32;

    private SortItem[] _items = new SortItem[1024];
    private SortItem[] _dealt = new SortItem[1024];
    private int[] _ends = new int[256];

    /// <summary>Returns room for so many items; valid until the next call.</summary>
    public Span<SortItem> Room(int count)
    {
        if (_items.Length < count)
        {
            int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)count);
            _items = new SortItem[capacity];
            _dealt = new SortItem[capacity];
        }

        return _items.AsSpan(0, count);
    }

    /// <summary>Sorts the items that were put into <see cref="Room"/> and returns them in order.</summary>
    public ReadOnlySpan<SortItem> Sort(int count)
    {
        Span<SortItem> items = _items.AsSpan(0, count);
        if (count <= FewItems)
        {
            Insert(items);
            return items;
        }

        uint oldest = uint.MaxValue;
        uint newest = 0;
        foreach (ref readonly SortItem item in items)
        {
            oldest = Math.Min(oldest, item.Key.NsOfSecond);
            newest = Math.Max(newest, item.Key.NsOfSecond);
        }

        if (oldest == newest)
        {
            items.Sort();
            return items;
        }

        return Deal(items, oldest, newest);
    }

    private static void Insert(Span<SortItem> items)
    {
        for (int i = 1; i < items.Length; i++)
        {
            SortItem item = items[i];
            int at = i;
            while (at > 0 && IsBefore(in item, in items[at - 1]))
            {
                items[at] = items[at - 1];
                at--;
            }

            items[at] = item;
        }
    }

    private static bool IsBefore(in SortItem left, in SortItem right) => left.Key.NsOfSecond != right.Key.NsOfSecond
        ? left.Key.NsOfSecond < right.Key.NsOfSecond
        : left.CompareTo(right) < 0;

    private ReadOnlySpan<SortItem> Deal(ReadOnlySpan<SortItem> items, uint oldest, uint newest)
    {
        // The shift that makes between n/16 and n/8 buckets of the span.
        int shift = Math.Max(0, BitOperations.Log2(newest - oldest) - BitOperations.Log2((uint)items.Length) + 4);
        int buckets = (int)((newest - oldest) >> shift) + 1;
        if (_ends.Length < buckets)
        {
            _ends = new int[(int)BitOperations.RoundUpToPowerOf2((uint)buckets)];
        }

        Span<int> ends = _ends.AsSpan(0, buckets);
        ends.Clear();
        foreach (ref readonly SortItem item in items)
        {
            ends[(int)((item.Key.NsOfSecond - oldest) >> shift)]++;
        }

        int start = 0;
        foreach (ref int end in ends)
        {
            int count = end;
            end = start;
            start += count;
        }

        foreach (ref readonly SortItem item in items)
        {
            _dealt[ends[(int)((item.Key.NsOfSecond - oldest) >> shift)]++] = item;
        }

        start = 0;
        foreach (int end in ends)
        {
            Span<SortItem> bucket = _dealt.AsSpan(start, end - start);
            if (bucket.Length <= FewItems)
            {
                Insert(bucket);
            }
            else
            {
                bucket.Sort();
            }

            start = end;
        }

        return _dealt.AsSpan(0, items.Length);
    }
}
