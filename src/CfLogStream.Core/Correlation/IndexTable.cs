using System.Numerics;

namespace CfLogStream.Core.Correlation;

/// <summary>A flat open-addressing index from 64-bit hashes, or numbers, to the numbers of items that live elsewhere.</summary>
/// <remarks>
/// Slots stand in groups of sixteen, found by their marks (<see cref="SlotMarks"/>): a byte in one array, and eight bytes in another for
/// 32 bits of the mixed hash and the item's number. At most eleven sixteenths of the slots are taken. A search for what is not there reads
/// sixteen bytes of an array that is a ninth of the table. Removed slots count as taken until the table grows or is cleared up in place.
/// The table only proposes: whoever probes compares the item itself, so equal hashes never merge items. Nothing enumerates this table.
/// </remarks>
internal sealed class IndexTable
{
    private byte[] _marks = new byte[SlotMarks.Group];
    private Slot[] _slots = new Slot[SlotMarks.Group];
    private int _removed;

    public int Count { get; private set; }

    public long BytesHeld => _slots.Length * 9L;

    /// <summary>Starts a search; the candidates come from <see cref="Probe.Next"/>.</summary>
    public Probe Find(ulong hash) => new(_marks, _slots, SlotMarks.Mix(hash));

    /// <summary>Adds an item; the caller knows that it is not there.</summary>
    public void Add(ulong hash, int item)
    {
        if ((Count + _removed + 1) * 16L > _slots.Length * 11L)
        {
            MakeRoom();
        }

        Count++;
        Insert(new Slot { Mixed = SlotMarks.Mix(hash), Number = item });
    }

    /// <summary>Removes an item that is there.</summary>
    public void Remove(ulong hash, int item)
    {
        uint mixed = SlotMarks.Mix(hash);
        byte mark = SlotMarks.MarkOf(mixed);
        int group = SlotMarks.HomeOf(mixed, _marks);
        while (true)
        {
            for (uint matches = SlotMarks.Find(_marks, group, mark, out bool isLast); ; matches &= matches - 1)
            {
                if (matches == 0)
                {
                    if (isLast)
                    {
                        throw new InvalidOperationException($"The item '{item}' is not in the table.");
                    }

                    break;
                }

                int slot = group + BitOperations.TrailingZeroCount(matches);
                if (_slots[slot].Number == item)
                {
                    _removed += SlotMarks.Release(_marks, slot) ? 1 : 0;
                    Count--;
                    return;
                }
            }

            group = SlotMarks.After(group, _marks);
        }
    }

    /// <summary>Forgets everything; memory far beyond what was used is given back.</summary>
    public void Clear()
    {
        if (_slots.Length > 1024 && Count < _slots.Length / 16)
        {
            _marks = new byte[_marks.Length / 4];
            _slots = new Slot[_marks.Length];
        }
        else if (Count + _removed > 0)
        {
            Array.Clear(_marks);
        }

        Count = 0;
        _removed = 0;
    }

    private void Insert(Slot slot)
    {
        int group = SlotMarks.HomeOf(slot.Mixed, _marks);
        while (true)
        {
            uint open = SlotMarks.Open(_marks, group);
            if (open != 0)
            {
                int at = group + BitOperations.TrailingZeroCount(open);
                _removed -= _marks[at];
                _marks[at] = SlotMarks.MarkOf(slot.Mixed);
                _slots[at] = slot;
                return;
            }

            group = SlotMarks.After(group, _marks);
        }
    }

    /// <summary>Grows, or clears up in place when it is removed slots that take the room.</summary>
    private void MakeRoom()
    {
        byte[] marks = _marks;
        Slot[] slots = _slots;
        int length = Count * 2 > slots.Length ? slots.Length * 2 : slots.Length;
        _marks = new byte[length];
        _slots = new Slot[length];
        _removed = 0;
        for (int i = 0; i < marks.Length; i++)
        {
            if (marks[i] > SlotMarks.Removed)
            {
                Insert(slots[i]);
            }
        }
    }

    /// <summary>A search in progress; the table must not change meanwhile.</summary>
    internal ref struct Probe
    {
        private readonly byte[] _marks;
        private readonly Slot[] _slots;
        private readonly uint _mixed;
        private int _group;
        private uint _matches;
        private bool _isLast;

        internal Probe(byte[] marks, Slot[] slots, uint mixed)
        {
            _marks = marks;
            _slots = slots;
            _mixed = mixed;
            _group = SlotMarks.HomeOf(mixed, marks);
            _matches = SlotMarks.Find(marks, _group, SlotMarks.MarkOf(mixed), out _isLast);
        }

        /// <summary>The candidate found by the last <see cref="Next"/>.</summary>
        public int Item { readonly get; private set; }

        /// <summary>Advances to the next candidate.</summary>
        public bool Next()
        {
            while (true)
            {
                while (_matches != 0)
                {
                    Slot slot = _slots[_group + BitOperations.TrailingZeroCount(_matches)];
                    _matches &= _matches - 1;
                    if (slot.Mixed == _mixed)
                    {
                        Item = slot.Number;
                        return true;
                    }
                }

                if (_isLast)
                {
                    return false;
                }

                _group = SlotMarks.After(_group, _marks);
                _matches = SlotMarks.Find(_marks, _group, SlotMarks.MarkOf(_mixed), out _isLast);
            }
        }
    }

    internal struct Slot
    {
        public uint Mixed;
        public int Number;
    }
}
