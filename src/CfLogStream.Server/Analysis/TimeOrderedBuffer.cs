using System.Diagnostics;
using System.Runtime.InteropServices;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Server.Analysis;

/// <summary>Takes one record out of the buffer, in order.</summary>
internal delegate void RecordConsumer(in TrafficRecord record);

/// <summary>Puts classified records in the canonical order of the log: time, ray, dataset, content.</summary>
/// <remarks>
/// Records come in runs, copied to pages and grouped by second by the worker that parsed them (<see cref="RunArranger"/>). A bucket per
/// second of event time lists the slices of it, so that taking a run costs one list append per second in it, whatever its records.
/// A bucket is sorted only when it is given out; a page is reused as soon as its last record is out.
/// The order is total over everything that reaches a row, so it depends neither on files, nor batches, nor threads. Correlator thread only.
/// Memory: pages plus 24 bytes per slice; the caller gives out the oldest seconds when <see cref="HeldBytes"/> passes its limit.
/// </remarks>
internal sealed class TimeOrderedBuffer
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>Records whose memory is fetched together, before the first of them is given out.</summary>
    private const int FetchedTogether = 8;

    /// <summary>What is read of a record that needs no more than counting: its head and the texts of its dimensions.</summary>
    private const int FetchedBytes = 320;
    private const int CacheLine = 64;

    private readonly RecordPagePool _pool;
    private readonly List<RecordPage?> _pages = [];
    private readonly Stack<int> _freeNumbers = [];
    private readonly Dictionary<long, List<RecordSlice>> _buckets = [];
    private readonly PriorityQueue<long, long> _seconds = new();
    private readonly Stack<List<RecordSlice>> _freeLists = [];
    private readonly SecondSorter _sorter = new();
    private readonly Comparison<SortItem> _byContent;
    private readonly TrafficHead[] _leftHead = new TrafficHead[1];
    private readonly TrafficHead[] _rightHead = new TrafficHead[1];
    private SortItem[] _ties = new SortItem[64];
    private int[] _runPages = new int[16];
    private long _lastSecond = long.MinValue;
    private ulong _fetched;

    public TimeOrderedBuffer(RecordPagePool pool)
    {
        _pool = pool;
        _byContent = CompareContent;
    }

    /// <summary>Records held.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes of pages in use.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>The end of the newest second given out, nanoseconds; records before it come out of order.</summary>
    public long GivenOutUntilNs => _lastSecond == long.MinValue ? long.MinValue : EndOf(_lastSecond);

    /// <summary>Records that came after their second had been given out.</summary>
    public long Disordered { get; private set; }

    /// <summary>Takes over the pages of a run and empties it.</summary>
    public void Add(RecordRun run)
    {
        if (_runPages.Length < run.Pages.Count)
        {
            _runPages = new int[run.Pages.Count * 2];
        }

        for (int i = 0; i < run.Pages.Count; i++)
        {
            _runPages[i] = Number(run.Pages[i]);
            HeldBytes += run.Pages[i].Bytes.Length;
        }

        foreach (ref readonly RecordSlice slice in CollectionsMarshal.AsSpan(run.Slices))
        {
            Disordered += slice.Second <= _lastSecond ? slice.Count : 0;
            BucketOf(slice.Second).Add(slice with { Page = _runPages[slice.Page] });
        }

        Count += run.Count;
        run.Clear();
    }

    /// <summary>Gives out, in order, records whose whole second lies before <paramref name="untilNs"/>, as long as more than some bytes are held.</summary>
    public void GiveOutBefore(long untilNs, long keptBytes, RecordConsumer consumer)
    {
        while (HeldBytes > keptBytes && _seconds.TryPeek(out long second, out _) && (untilNs == long.MaxValue || EndOf(second) <= untilNs))
        {
            GiveOutOldest(consumer);
        }
    }

    /// <summary>Gives out the oldest second.</summary>
    public void GiveOutOldest(RecordConsumer consumer)
    {
        long second = _seconds.Dequeue();
        _buckets.Remove(second, out List<RecordSlice>? bucket);
        Debug.Assert(bucket is not null);
        ReadOnlySpan<SortItem> items = _sorter.Sort(Gather(CollectionsMarshal.AsSpan(bucket)));
        for (int start = 0; start < items.Length;)
        {
            int end = Math.Min(start + FetchedTogether, items.Length);
            Fetch(items[start..end]);
            while (start < end)
            {
                start += TiesAt(items, start) is var ties and > 1 ? GiveOutTies(items.Slice(start, ties), consumer) : GiveOut(items[start], consumer);
            }
        }

        Count -= items.Length;
        _lastSecond = Math.Max(_lastSecond, second);
        bucket.Clear();
        _freeLists.Push(bucket);
    }

    /// <summary>The start of the oldest second held, nanoseconds; <see cref="long.MaxValue"/> when empty.</summary>
    public long OldestNs() => _seconds.TryPeek(out long second, out _) ? second * NsPerSecond : long.MaxValue;

    private static long EndOf(long second) => (second + 1) * NsPerSecond;

    /// <summary>How many items from <paramref name="start"/> on differ in nothing but their content.</summary>
    private static int TiesAt(ReadOnlySpan<SortItem> items, int start)
    {
        int end = start + 1;
        while (end < items.Length && items[end].CompareTo(items[start]) == 0)
        {
            end++;
        }

        return end - start;
    }

    private List<RecordSlice> BucketOf(long second)
    {
        ref List<RecordSlice>? bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_buckets, second, out bool exists);
        if (!exists)
        {
            bucket = _freeLists.Count > 0 ? _freeLists.Pop() : [];
            _seconds.Enqueue(second, second);
        }

        return bucket!;
    }

    private int Gather(ReadOnlySpan<RecordSlice> slices)
    {
        int count = 0;
        foreach (ref readonly RecordSlice slice in slices)
        {
            count += slice.Count;
        }

        Span<SortItem> items = _sorter.Room(count);
        int at = 0;
        foreach (ref readonly RecordSlice slice in slices)
        {
            foreach (ref readonly RecordKey key in _pages[slice.Page]!.Keys(slice.Keys, slice.Count))
            {
                items[at++] = new SortItem(in key, slice.Page);
            }
        }

        return count;
    }

    /// <summary>Reads a word of every cache line that counting a record will need, so that the memory is waited for once and not record by record.</summary>
    private void Fetch(ReadOnlySpan<SortItem> items)
    {
        ulong words = 0;
        foreach (ref readonly SortItem item in items)
        {
            ReadOnlySpan<byte> page = _pages[item.Page]!.Bytes;
            int end = Math.Min(item.Key.Start + FetchedBytes, page.Length);
            for (int at = item.Key.Start; at < end; at += CacheLine)
            {
                words ^= page[at];
            }
        }

        _fetched ^= words;
    }

    private int GiveOut(in SortItem item, RecordConsumer consumer)
    {
        RecordPage page = _pages[item.Page]!;
        consumer(page.Read(item.Key.Start));
        if (--page.Live == 0)
        {
            _pages[item.Page] = null;
            _freeNumbers.Push(item.Page);
            HeldBytes -= page.Bytes.Length;
            _pool.Return(page);
        }

        return 1;
    }

    /// <summary>Records of one dataset, ray and time are rare; only they are compared by content.</summary>
    private int GiveOutTies(ReadOnlySpan<SortItem> items, RecordConsumer consumer)
    {
        if (_ties.Length < items.Length)
        {
            _ties = new SortItem[items.Length * 2];
        }

        Span<SortItem> ties = _ties.AsSpan(0, items.Length);
        items.CopyTo(ties);
        ties.Sort(_byContent);
        foreach (ref readonly SortItem item in ties)
        {
            GiveOut(item, consumer);
        }

        return items.Length;
    }

    /// <summary>Compares what reaches rows, once time, ray and dataset are equal: the texts, then the head but for where its texts stood.</summary>
    private int CompareContent(SortItem left, SortItem right)
    {
        TrafficRecord a = _pages[left.Page]!.Read(left.Key.Start);
        TrafficRecord b = _pages[right.Page]!.Read(right.Key.Start);
        int order = a.Data.SequenceCompareTo(b.Data);
        return order != 0 ? order : Content(a.Head, _leftHead).SequenceCompareTo(Content(b.Head, _rightHead));
    }

    private static ReadOnlySpan<byte> Content(in TrafficHead head, TrafficHead[] copy)
    {
        copy[0] = head;
        copy[0].DataStart = 0;
        return MemoryMarshal.AsBytes(copy.AsSpan());
    }

    private int Number(RecordPage page)
    {
        if (_freeNumbers.TryPop(out int number))
        {
            _pages[number] = page;
            return number;
        }

        _pages.Add(page);
        return _pages.Count - 1;
    }
}
