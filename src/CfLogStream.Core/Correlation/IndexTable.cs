namespace CfLogStream.Core.Correlation;

/// <summary>A flat open-addressing index from 64-bit hashes, or numbers, to the numbers of items that live elsewhere.</summary>
/// <remarks>
/// Layout: 8 bytes per slot (32 bits of mixed hash, item number + 1; 0 is free), linear probing, at most three quarters full, deletion by
/// shifting back, so there are no tombstones. The table only proposes: whoever probes compares the item itself, so equal hashes never
/// merge items. Slots are chosen after two multiplications by an odd number drawn once per process, because hashes of logged texts are
/// seedless and an attacker could otherwise choose texts that share a slot. That number decides where items are found, never an order
/// that is seen: nothing enumerates this table.
/// </remarks>
internal sealed class IndexTable
{
    private const int FewestSlots = 16;

    private static readonly ulong s_multiplier = ((ulong)Random.Shared.NextInt64() << 1) | 1;

    private Slot[] _slots = new Slot[FewestSlots];
    private int _shift = Shift(FewestSlots);
    private uint _touched;

    public int Count { get; private set; }

    public long BytesHeld => _slots.Length * 8L;

    /// <summary>Starts a search; the candidates come from <see cref="Probe.Next"/>.</summary>
    public Probe Find(ulong hash)
    {
        uint tag = Tag(hash);
        return new Probe(_slots, tag, (int)(tag >> _shift));
    }

    /// <summary>Reads the place of a hash, so that a search soon after finds it in the cache.</summary>
    public void Touch(ulong hash) => _touched ^= _slots[(int)(Tag(hash) >> _shift)].Tag;

    /// <summary>Adds an item; the caller knows that it is not there.</summary>
    public void Add(ulong hash, int item)
    {
        if (Count >= _slots.Length - (_slots.Length >> 2))
        {
            Grow();
        }

        Count++;
        Insert(_slots, new Slot { Tag = Tag(hash), Number = item + 1 }, _shift);
    }

    /// <summary>Removes an item that is there.</summary>
    public void Remove(ulong hash, int item)
    {
        Slot[] slots = _slots;
        int mask = slots.Length - 1;
        int hole = (int)(Tag(hash) >> _shift);
        while (slots[hole].Number != item + 1)
        {
            if (slots[hole].Number == 0)
            {
                throw new InvalidOperationException($"The item '{item}' is not in the table.");
            }

            hole = (hole + 1) & mask;
        }

        for (int next = (hole + 1) & mask; slots[next].Number != 0; next = (next + 1) & mask)
        {
            int home = (int)(slots[next].Tag >> _shift);
            if (((next - home) & mask) >= ((next - hole) & mask))
            {
                slots[hole] = slots[next];
                hole = next;
            }
        }

        slots[hole] = default;
        Count--;
    }

    /// <summary>Forgets everything; memory far beyond what was used is given back.</summary>
    public void Clear()
    {
        if (_slots.Length > 1024 && Count < _slots.Length / 16)
        {
            _slots = new Slot[_slots.Length / 4];
            _shift = Shift(_slots.Length);
        }
        else if (Count > 0)
        {
            Array.Clear(_slots);
        }

        Count = 0;
    }

    private static uint Tag(ulong hash)
    {
        // Twice, because hashes may be numbers in a row: once would keep them in a row of its own.
        ulong mixed = hash * s_multiplier;
        mixed = (mixed ^ (mixed >> 32)) * s_multiplier;
        return (uint)(mixed >> 32);
    }

    private static int Shift(int slots) => 32 - System.Numerics.BitOperations.Log2((uint)slots);

    private static void Insert(Slot[] slots, Slot slot, int shift)
    {
        int mask = slots.Length - 1;
        int at = (int)(slot.Tag >> shift);
        while (slots[at].Number != 0)
        {
            at = (at + 1) & mask;
        }

        slots[at] = slot;
    }

    private void Grow()
    {
        var larger = new Slot[_slots.Length * 2];
        int shift = Shift(larger.Length);
        foreach (Slot slot in _slots)
        {
            if (slot.Number != 0)
            {
                Insert(larger, slot, shift);
            }
        }

        _slots = larger;
        _shift = shift;
    }

    /// <summary>A search in progress; the table must not change meanwhile.</summary>
    internal ref struct Probe
    {
        private readonly Slot[] _slots;
        private readonly uint _tag;
        private int _at;

        internal Probe(Slot[] slots, uint tag, int at)
        {
            _slots = slots;
            _tag = tag;
            _at = at;
        }

        /// <summary>The candidate found by the last <see cref="Next"/>.</summary>
        public int Item { readonly get; private set; }

        /// <summary>Advances to the next candidate.</summary>
        public bool Next()
        {
            Slot[] slots = _slots;
            int mask = slots.Length - 1;
            while (true)
            {
                Slot slot = slots[_at & mask];
                if (slot.Number == 0)
                {
                    return false;
                }

                _at = (_at & mask) + 1;
                if (slot.Tag == _tag)
                {
                    Item = slot.Number - 1;
                    return true;
                }
            }
        }
    }

    internal struct Slot
    {
        public uint Tag;
        public int Number;
    }
}
