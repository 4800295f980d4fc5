using System.Numerics;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Correlation;

/// <summary>A flat open-addressing index from 64-bit hashes, or numbers, to the numbers of items that live elsewhere.</summary>
/// <remarks>
/// Slots stand in groups of sixteen. Each has a mark of one byte (0 free, 1 removed, else eight bits of the mixed hash) and eight bytes of
/// its own: the mixed hash's 32 bits and the item's number. One vector comparison of a group's marks finds the slots worth looking at; a
/// group with a free slot ends the search. So a search for what is not there, the commonest one, reads sixteen bytes out of an array
/// that is a ninth of the table. At most eleven sixteenths are taken; a slot is marked as removed only in a group that was full, which is
/// rare, and growing (or clearing up in place) drops those marks.
/// The table only proposes: whoever probes compares the item itself, so equal hashes never merge items. Slots are chosen after two
/// multiplications by an odd number drawn once per process, because hashes of logged texts are seedless and an attacker could otherwise
/// choose texts that share a slot. That number decides where items are found, never an order that is seen: nothing enumerates this table.
/// </remarks>
internal sealed class IndexTable
{
    private const int GroupSlots = 16;
    private const byte Free = 0;
    private const byte Removed = 1;

    private static readonly ulong s_multiplier = ((ulong)Random.Shared.NextInt64() << 1) | 1;

    private byte[] _marks = new byte[GroupSlots];
    private Slot[] _slots = new Slot[GroupSlots];
    private int _removed;
    private uint _touched;

    public int Count { get; private set; }

    public long BytesHeld => _slots.Length * 9L;

    private int GroupMask => (_marks.Length / GroupSlots) - 1;

    /// <summary>Starts a search; the candidates come from <see cref="Probe.Next"/>.</summary>
    public Probe Find(ulong hash) => new(_marks, _slots, Tag(hash));

    /// <summary>Reads the place of a hash, so that a search soon after finds it in the cache.</summary>
    public void Touch(ulong hash) => _touched ^= _slots[((int)(Tag(hash) >> 8) & GroupMask) * GroupSlots].Tag;

    /// <summary>Adds an item; the caller knows that it is not there.</summary>
    public void Add(ulong hash, int item)
    {
        if ((Count + _removed + 1) * 16L > _slots.Length * 11L)
        {
            MakeRoom();
        }

        Count++;
        Insert(new Slot { Tag = Tag(hash), Number = item });
    }

    /// <summary>Removes an item that is there.</summary>
    public void Remove(ulong hash, int item)
    {
        uint tag = Tag(hash);
        Vector128<byte> wanted = Vector128.Create(MarkOf(tag));
        int group = (int)(tag >> 8) & GroupMask;
        while (true)
        {
            Vector128<byte> marks = Vector128.Create(_marks.AsSpan(group * GroupSlots, GroupSlots));
            for (uint matches = Vector128.Equals(marks, wanted).ExtractMostSignificantBits(); matches != 0; matches &= matches - 1)
            {
                int slot = (group * GroupSlots) + BitOperations.TrailingZeroCount(matches);
                if (_slots[slot].Number == item)
                {
                    bool isFull = Vector128.Equals(marks, Vector128<byte>.Zero) == Vector128<byte>.Zero;
                    _marks[slot] = isFull ? Removed : Free;
                    _removed += isFull ? 1 : 0;
                    Count--;
                    return;
                }
            }

            if (Vector128.Equals(marks, Vector128<byte>.Zero) != Vector128<byte>.Zero)
            {
                throw new InvalidOperationException($"The item '{item}' is not in the table.");
            }

            group = (group + 1) & GroupMask;
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

    private static uint Tag(ulong hash)
    {
        // Twice, because hashes may be numbers in a row: once would keep them in a row of its own.
        ulong mixed = hash * s_multiplier;
        mixed = (mixed ^ (mixed >> 32)) * s_multiplier;
        return (uint)(mixed >> 32);
    }

    /// <summary>The mark of a taken slot: the lower bits, for the others choose the group.</summary>
    private static byte MarkOf(uint tag) => (byte)Math.Max(tag & 0xFF, Removed + 1);

    private void Insert(Slot slot)
    {
        int group = (int)(slot.Tag >> 8) & GroupMask;
        while (true)
        {
            Vector128<byte> marks = Vector128.Create(_marks.AsSpan(group * GroupSlots, GroupSlots));
            uint open = Vector128.LessThanOrEqual(marks, Vector128.Create(Removed)).ExtractMostSignificantBits();
            if (open != 0)
            {
                int at = (group * GroupSlots) + BitOperations.TrailingZeroCount(open);
                _removed -= _marks[at];
                _marks[at] = MarkOf(slot.Tag);
                _slots[at] = slot;
                return;
            }

            group = (group + 1) & GroupMask;
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
            if (marks[i] > Removed)
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
        private readonly uint _tag;
        private int _group;
        private uint _matches;
        private bool _isLast;

        internal Probe(byte[] marks, Slot[] slots, uint tag)
        {
            _marks = marks;
            _slots = slots;
            _tag = tag;
            _group = (int)(tag >> 8);
            Load();
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
                    if (slot.Tag == _tag)
                    {
                        Item = slot.Number;
                        return true;
                    }
                }

                if (_isLast)
                {
                    return false;
                }

                _group = (_group / GroupSlots) + 1;
                Load();
            }
        }

        private void Load()
        {
            _group = (_group & ((_marks.Length / GroupSlots) - 1)) * GroupSlots;
            Vector128<byte> marks = Vector128.Create(_marks.AsSpan(_group, GroupSlots));
            _matches = Vector128.Equals(marks, Vector128.Create(MarkOf(_tag))).ExtractMostSignificantBits();
            _isLast = Vector128.Equals(marks, Vector128<byte>.Zero) != Vector128<byte>.Zero;
        }
    }

    internal struct Slot
    {
        public uint Tag;
        public int Number;
    }
}
