using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Correlation;

/// <summary>The marks of hash tables whose slots stand in groups of sixteen: a byte per slot, compared sixteen at a time.</summary>
/// <remarks>
/// A mark is 0 when the slot is free, 1 when an item was removed from a group that was full, else eight bits of the item's mixed hash. A
/// search looks at the slots whose marks are equal and ends in a group that has a free slot. Groups are chosen by the other bits.
/// Hashes are mixed by two multiplications with an odd number drawn once per process: logged texts have seedless hashes, so that an
/// attacker could otherwise choose texts that share a group; and one multiplication would keep numbers in a row in a row of their own.
/// That number decides where items are found, never an order that is seen.
/// </remarks>
internal static class SlotMarks
{
    public const int Group = 16;
    public const byte Free = 0;
    public const byte Removed = 1;

    private static readonly ulong s_multiplier = ((ulong)Random.Shared.NextInt64() << 1) | 1;

    /// <summary>Mixes a hash, or a number; the lower byte makes the mark, the rest chooses the group.</summary>
    public static uint Mix(ulong hash)
    {
        ulong mixed = hash * s_multiplier;
        mixed = (mixed ^ (mixed >> 32)) * s_multiplier;
        return (uint)(mixed >> 32);
    }

    public static byte MarkOf(uint mixed) => (byte)Math.Max(mixed & 0xFF, Removed + 1);

    /// <summary>The group that a mixed hash belongs to, as the number of its first slot.</summary>
    public static int HomeOf(uint mixed, byte[] marks) => (int)(mixed >> 8) * Group & (marks.Length - 1);

    /// <summary>The group after another.</summary>
    public static int After(int group, byte[] marks) => (group + Group) & (marks.Length - 1);

    /// <summary>Returns a bit for every slot of a group with a mark, and tells whether a search ends here.</summary>
    public static uint Find(byte[] marks, int group, byte mark, out bool isLast)
    {
        Vector128<byte> found = Vector128.Create(marks.AsSpan(group, Group));
        isLast = Vector128.EqualsAny(found, Vector128<byte>.Zero);
        return Vector128.Equals(found, Vector128.Create(mark)).ExtractMostSignificantBits();
    }

    /// <summary>Returns a bit for every slot of a group that can be taken.</summary>
    public static uint Open(byte[] marks, int group) =>
        Vector128.LessThanOrEqual(Vector128.Create(marks.AsSpan(group, Group)), Vector128.Create(Removed)).ExtractMostSignificantBits();

    /// <summary>Frees a slot; returns whether its group was full, so that the mark had to stay.</summary>
    public static bool Release(byte[] marks, int slot)
    {
        bool isFull = !Vector128.EqualsAny(Vector128.Create(marks.AsSpan(slot & ~(Group - 1), Group)), Vector128<byte>.Zero);
        marks[slot] = isFull ? Removed : Free;
        return isFull;
    }
}
