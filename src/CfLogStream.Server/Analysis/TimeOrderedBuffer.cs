using System.Diagnostics;
using System.Runtime.InteropServices;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Server.Analysis;

/// <summary>Takes one record out of the buffer, in order.</summary>
internal delegate void RecordConsumer(in TrafficRecord record);

/// <summary>Puts classified records in the canonical order of the log: time, ray, dataset, content.</summary>
/// <remarks>
/// Records are copied (head and texts, 8-byte aligned) into 1 MiB slabs; a bucket per second of event time lists where they stand. A bucket is
/// sorted only when it is given out, so that adding costs one copy and one list append. A slab is reused once all its records are out.
/// The order is total over everything that reaches a row, so it depends neither on files, nor batches, nor threads. Correlator thread only.
/// Memory: slabs plus 8 bytes per record; the caller gives out the oldest seconds when <see cref="HeldBytes"/> passes its limit.
/// </remarks>
internal sealed class TimeOrderedBuffer
{
    internal const int SlabBytes = 1024 * 1024;
    private const long NsPerSecond = 1_000_000_000;

    private static readonly int s_headBytes = Marshal.SizeOf<TrafficHead>();

    private readonly List<Slab> _slabs = [];
    private readonly Stack<int> _freeSlabs = [];
    private readonly Dictionary<long, List<Position>> _buckets = [];
    private readonly PriorityQueue<long, long> _seconds = new();
    private readonly Stack<List<Position>> _freeLists = [];
    private SortItem[] _sortItems = new SortItem[1024];
    private int _openSlab = -1;

    /// <summary>Records held.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes of slabs in use.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>The end of the newest second given out, nanoseconds; records before it come out of order.</summary>
    public long GivenOutUntilNs { get; private set; } = long.MinValue;

    /// <summary>Records that came after their second had been given out.</summary>
    public long Disordered { get; private set; }

    /// <summary>Copies a record into the buffer.</summary>
    public void Add(in TrafficRecord record)
    {
        int size = (s_headBytes + record.Data.Length + 7) & ~7;
        int slabIndex = SlabFor(size);
        Slab slab = _slabs[slabIndex];
        Span<byte> target = slab.Bytes.AsSpan(slab.Used, size);
        MemoryMarshal.Write(target, in record.Head);
        record.Data.CopyTo(target[s_headBytes..]);
        long timeNs = record.Head.TimeNs;
        if (timeNs < GivenOutUntilNs)
        {
            Disordered++;
        }

        BucketOf(timeNs).Add(new Position(slabIndex, slab.Used));
        slab.Used += size;
        slab.Live++;
        Count++;
    }

    /// <summary>Gives out, in order, every record whose whole second lies before <paramref name="untilNs"/>.</summary>
    public void GiveOutBefore(long untilNs, RecordConsumer consumer)
    {
        while (_seconds.TryPeek(out long second, out _) && (untilNs == long.MaxValue || EndOf(second) <= untilNs))
        {
            GiveOutOldest(consumer);
        }
    }

    /// <summary>Gives out the oldest second.</summary>
    public void GiveOutOldest(RecordConsumer consumer)
    {
        long second = _seconds.Dequeue();
        _buckets.Remove(second, out List<Position>? bucket);
        Debug.Assert(bucket is not null);
        int count = Gather(bucket);
        Span<SortItem> items = _sortItems.AsSpan(0, count);
        items.Sort();
        SortTies(items);
        foreach (ref readonly SortItem item in items)
        {
            consumer(Read(item.Position));
            Release(item.Position.Slab);
        }

        Count -= count;
        GivenOutUntilNs = Math.Max(GivenOutUntilNs, EndOf(second));
        bucket.Clear();
        _freeLists.Push(bucket);
    }

    /// <summary>The start of the oldest second held, nanoseconds; <see cref="long.MaxValue"/> when empty.</summary>
    public long OldestNs() => _seconds.TryPeek(out long second, out _) ? second * NsPerSecond : long.MaxValue;

    private static long EndOf(long second) => (second + 1) * NsPerSecond;

    private List<Position> BucketOf(long timeNs)
    {
        long second = Math.DivRem(timeNs, NsPerSecond, out long rest);
        second -= rest < 0 ? 1 : 0;
        ref List<Position>? bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_buckets, second, out bool exists);
        if (!exists)
        {
            bucket = _freeLists.Count > 0 ? _freeLists.Pop() : [];
            _seconds.Enqueue(second, second);
        }

        return bucket!;
    }

    private int Gather(List<Position> bucket)
    {
        if (_sortItems.Length < bucket.Count)
        {
            _sortItems = new SortItem[bucket.Count * 2];
        }

        for (int i = 0; i < bucket.Count; i++)
        {
            ref readonly TrafficHead head = ref HeadAt(bucket[i]);
            _sortItems[i] = new SortItem(head.TimeNs, head.Ray, bucket[i]);
        }

        return bucket.Count;
    }

    /// <summary>Records of one ray at one time are rare; only they are compared by content.</summary>
    private void SortTies(Span<SortItem> items)
    {
        for (int i = 0; i < items.Length - 1; i++)
        {
            int end = i + 1;
            while (end < items.Length && items[end].CompareTo(items[i]) == 0)
            {
                end++;
            }

            if (end - i > 1)
            {
                items[i..end].Sort(CompareContent);
                i = end - 1;
            }
        }
    }

    private int CompareContent(SortItem left, SortItem right)
    {
        TrafficRecord a = Read(left.Position);
        TrafficRecord b = Read(right.Position);
        int order = a.Head.Dataset.CompareTo(b.Head.Dataset);
        if (order != 0)
        {
            return order;
        }

        order = a.Data.SequenceCompareTo(b.Data);
        return order != 0 ? order : HeadContent(left.Position).SequenceCompareTo(HeadContent(right.Position));
    }

    /// <summary>The head's bytes but for where its texts stood in the batch it came from.</summary>
    private ReadOnlySpan<byte> HeadContent(Position position)
    {
        TrafficHead head = HeadAt(position);
        head.DataStart = 0;
        byte[] copy = new byte[s_headBytes];
        MemoryMarshal.Write(copy, in head);
        return copy;
    }

    private ref readonly TrafficHead HeadAt(Position position) =>
        ref MemoryMarshal.AsRef<TrafficHead>(_slabs[position.Slab].Bytes.AsSpan(position.Offset));

    private TrafficRecord Read(Position position)
    {
        ref readonly TrafficHead head = ref HeadAt(position);
        int start = position.Offset + s_headBytes;
        return new TrafficRecord(in head, _slabs[position.Slab].Bytes.AsSpan(start, head.DataLength));
    }

    private int SlabFor(int size)
    {
        if (_openSlab >= 0 && _slabs[_openSlab].Bytes.Length - _slabs[_openSlab].Used >= size)
        {
            return _openSlab;
        }

        int previous = _openSlab;
        if (_freeSlabs.Count > 0 && size <= SlabBytes)
        {
            _openSlab = _freeSlabs.Pop();
        }
        else
        {
            _slabs.Add(new Slab(new byte[Math.Max(SlabBytes, size)]));
            _openSlab = _slabs.Count - 1;
        }

        HeldBytes += _slabs[_openSlab].Bytes.Length;
        if (previous >= 0 && _slabs[previous].Live == 0)
        {
            Free(previous);
        }

        return _openSlab;
    }

    private void Release(int slabIndex)
    {
        if (--_slabs[slabIndex].Live == 0 && slabIndex != _openSlab)
        {
            Free(slabIndex);
        }
    }

    private void Free(int slabIndex)
    {
        Slab slab = _slabs[slabIndex];
        HeldBytes -= slab.Bytes.Length;
        slab.Used = 0;
        if (slab.Bytes.Length == SlabBytes)
        {
            _freeSlabs.Push(slabIndex);
        }
        else
        {
            slab.Bytes = [];
        }
    }

    private readonly record struct Position(int Slab, int Offset);

    private readonly record struct SortItem(long TimeNs, ulong Ray, Position Position) : IComparable<SortItem>
    {
        public int CompareTo(SortItem other)
        {
            int order = TimeNs.CompareTo(other.TimeNs);
            return order != 0 ? order : Ray.CompareTo(other.Ray);
        }
    }

    private sealed class Slab(byte[] bytes)
    {
        public byte[] Bytes = bytes;
        public int Used;
        public int Live;
    }
}
