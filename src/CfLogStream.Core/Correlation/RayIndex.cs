using System.Numerics;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Correlation;

/// <summary>An open-addressing table of rays with the second in which each may be forgotten.</summary>
/// <remarks>
/// Slots stand in groups of sixteen, found by their marks (<see cref="SlotMarks"/>). A slot is a mark (1 byte), the second of its expiry
/// (4 bytes) and the entry (32 bytes), each in an array of its own: looking for a ray that is not there, the commonest case, reads marks
/// alone; adding one writes its slot; a sweep reads marks and seconds in a row and touches no entry that stays. So there is no list of what
/// expires when, and no entry is searched again to be removed. An entry stays in its slot until <see cref="Resize"/>.
/// </remarks>
internal sealed class RayIndex
{
    private byte[] _marks = new byte[SlotMarks.Group];
    private uint[] _seconds = new uint[SlotMarks.Group];
    private RayEntry[] _entries = new RayEntry[SlotMarks.Group];

    /// <summary>Entries in the table.</summary>
    public int Count { get; private set; }

    /// <summary>Slots that nothing can be added to without resizing: entries, and what was removed from full groups.</summary>
    public int Taken { get; private set; }

    public int Slots => _marks.Length;

    public long BytesHeld => _marks.Length * (1L + sizeof(uint) + 32);

    public ref RayEntry this[int slot] => ref _entries[slot];

    /// <summary>Returns the first slot with a ray's value, or the next after <paramref name="slot"/>; -1 when there is none.</summary>
    public int Find(ulong ray, int slot = -1)
    {
        uint mixed = SlotMarks.Mix(ray);
        int group = slot < 0 ? SlotMarks.HomeOf(mixed, _marks) : slot & ~(SlotMarks.Group - 1);
        while (true)
        {
            uint matches = SlotMarks.Find(_marks, group, SlotMarks.MarkOf(mixed), out bool isLast);
            for (; matches != 0; matches &= matches - 1)
            {
                int found = group + BitOperations.TrailingZeroCount(matches);
                if (found > slot && _entries[found].Ray == ray)
                {
                    return found;
                }
            }

            if (isLast)
            {
                return -1;
            }

            slot = -1;
            group = SlotMarks.After(group, _marks);
        }
    }

    /// <summary>Adds an entry that is not there and returns its slot.</summary>
    public int Add(in RayEntry entry, uint second)
    {
        uint mixed = SlotMarks.Mix(entry.Ray);
        int group = SlotMarks.HomeOf(mixed, _marks);
        while (true)
        {
            uint open = SlotMarks.Open(_marks, group);
            if (open != 0)
            {
                int slot = group + BitOperations.TrailingZeroCount(open);
                Taken += 1 - _marks[slot];
                Count++;
                _marks[slot] = SlotMarks.MarkOf(mixed);
                _seconds[slot] = second;
                _entries[slot] = entry;
                return slot;
            }

            group = SlotMarks.After(group, _marks);
        }
    }

    /// <summary>Changes the second of an entry's expiry.</summary>
    public void Extend(int slot, uint second) => _seconds[slot] = second;

    public void Remove(int slot)
    {
        Taken -= SlotMarks.Release(_marks, slot) ? 0 : 1;
        Count--;
    }

    /// <summary>Returns a bit for every slot of a group with an entry whose second is before another.</summary>
    public uint Before(int group, uint second)
    {
        uint entries = Vector128.GreaterThan(
            Vector128.Create(_marks.AsSpan(group, SlotMarks.Group)), Vector128.Create(SlotMarks.Removed)).ExtractMostSignificantBits();
        if (entries == 0)
        {
            return 0;
        }

        ReadOnlySpan<uint> seconds = _seconds.AsSpan(group, SlotMarks.Group);
        Vector256<uint> limit = Vector256.Create(second);
        uint before = Vector256.LessThan(Vector256.Create(seconds), limit).ExtractMostSignificantBits()
            | (Vector256.LessThan(Vector256.Create(seconds[8..]), limit).ExtractMostSignificantBits() << 8);
        return entries & before;
    }

    /// <summary>Moves all entries to a table of so many slots, a power of two that has room for them.</summary>
    public void Resize(int slots)
    {
        byte[] marks = _marks;
        uint[] seconds = _seconds;
        RayEntry[] entries = _entries;
        _marks = new byte[slots];
        _seconds = new uint[slots];
        _entries = new RayEntry[slots];
        Count = 0;
        Taken = 0;
        for (int i = 0; i < marks.Length; i++)
        {
            if (marks[i] > SlotMarks.Removed)
            {
                Add(in entries[i], seconds[i]);
            }
        }
    }
}
