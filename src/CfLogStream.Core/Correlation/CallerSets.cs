using System.Numerics;

namespace CfLogStream.Core.Correlation;

/// <summary>Sets of distinct 64-bit hashes, exact up to a cap: the callers of rows, the endpoints of callers.</summary>
/// <remarks>
/// Most rows have one caller, so the first member lives in the row. Up to eight are a list in a slab block, more are an open-addressing
/// table in a block of a power of two, at most half full; 0 marks a free slot and the member 0 is a flag. Members are shown sorted, so
/// neither their order of arrival nor the table's shows. Past its cap a set takes no new members: then it depends on the order of the
/// log, as its count says. Slots are chosen after a multiplication by an odd number drawn once per process (see <see cref="IndexTable"/>).
/// </remarks>
internal sealed class CallerSets
{
    private const int ListCapacity = 8;

    private static readonly ulong s_multiplier = ((ulong)Random.Shared.NextInt64() << 1) | 1;

    private readonly Slab<ulong> _slab = new(granule: 4, chunkBits: 15, elementBytes: sizeof(ulong));
    private ulong[] _sorted = new ulong[1024];

    public long BytesHeld => _slab.BytesHeld + (_sorted.Length * sizeof(ulong));

    /// <summary>Adds a member; returns whether it is new and there was room.</summary>
    public bool Add(ref CallerSet set, ulong value, int cap)
    {
        if (set.Count == 0)
        {
            if (cap < 1)
            {
                return false;
            }

            set.First = value;
            set.Count = 1;
            return true;
        }

        if (set.First == value)
        {
            return false;
        }

        if (set.Block == 0)
        {
            if (set.Count >= cap)
            {
                return false;
            }

            set.Block = _slab.Rent(ListCapacity);
            set.Capacity = ListCapacity;
            Span<ulong> list = _slab.Span(set.Block, ListCapacity);
            list[0] = set.First;
            list[1] = value;
            set.Count = 2;
            return true;
        }

        return set.Capacity == ListCapacity ? AddToList(ref set, value, cap) : AddToTable(ref set, value, cap);
    }

    /// <summary>Returns the members in ascending order; valid until the next call.</summary>
    public ReadOnlyMemory<ulong> Sorted(in CallerSet set)
    {
        if (_sorted.Length < set.Count)
        {
            _sorted = new ulong[BitOperations.RoundUpToPowerOf2((uint)set.Count)];
        }

        if (set.Block == 0)
        {
            _sorted[0] = set.First;
        }
        else if (set.Capacity == ListCapacity)
        {
            _slab.Span(set.Block, set.Count).CopyTo(_sorted);
        }
        else
        {
            int count = 0;
            if (set.HasZero)
            {
                _sorted[count++] = 0;
            }

            foreach (ulong member in _slab.Span(set.Block, set.Capacity))
            {
                if (member != 0)
                {
                    _sorted[count++] = member;
                }
            }
        }

        _sorted.AsSpan(0, set.Count).Sort();
        return _sorted.AsMemory(0, set.Count);
    }

    /// <summary>Gives the members' memory back.</summary>
    public void Release(ref CallerSet set)
    {
        if (set.Block != 0)
        {
            _slab.Return(set.Block, set.Capacity);
        }

        set = default;
    }

    private static bool Insert(Span<ulong> table, ulong value)
    {
        int mask = table.Length - 1;
        int at = (int)((value * s_multiplier) >> 32) & mask;
        while (table[at] != 0)
        {
            if (table[at] == value)
            {
                return false;
            }

            at = (at + 1) & mask;
        }

        table[at] = value;
        return true;
    }

    private static bool Contains(ReadOnlySpan<ulong> table, ulong value)
    {
        int mask = table.Length - 1;
        int at = (int)((value * s_multiplier) >> 32) & mask;
        while (table[at] != 0)
        {
            if (table[at] == value)
            {
                return true;
            }

            at = (at + 1) & mask;
        }

        return false;
    }

    private bool AddToList(ref CallerSet set, ulong value, int cap)
    {
        Span<ulong> list = _slab.Span(set.Block, ListCapacity);
        if (list[..set.Count].Contains(value) || set.Count >= cap)
        {
            return false;
        }

        if (set.Count < ListCapacity)
        {
            list[set.Count++] = value;
            return true;
        }

        Grow(ref set, list);
        return AddToTable(ref set, value, cap);
    }

    private bool AddToTable(ref CallerSet set, ulong value, int cap)
    {
        if (value == 0)
        {
            if (set.HasZero || set.Count >= cap)
            {
                return false;
            }

            set.HasZero = true;
            set.Count++;
            return true;
        }

        Span<ulong> table = _slab.Span(set.Block, set.Capacity);
        if (set.Count >= cap)
        {
            return false;
        }

        if (set.Count * 2 >= set.Capacity)
        {
            if (Contains(table, value))
            {
                return false;
            }

            Grow(ref set, table);
            table = _slab.Span(set.Block, set.Capacity);
        }

        if (!Insert(table, value))
        {
            return false;
        }

        set.Count++;
        return true;
    }

    private void Grow(ref CallerSet set, ReadOnlySpan<ulong> members)
    {
        bool fromList = set.Capacity == ListCapacity;
        int capacity = Math.Max(32, set.Capacity * 2);
        int block = _slab.Rent(capacity);
        Span<ulong> table = _slab.Span(block, capacity);
        table.Clear();
        foreach (ulong member in members)
        {
            if (member != 0)
            {
                Insert(table, member);
            }
            else if (fromList)
            {
                set.HasZero = true;
            }
        }

        _slab.Return(set.Block, set.Capacity);
        set.Block = block;
        set.Capacity = capacity;
    }
}
