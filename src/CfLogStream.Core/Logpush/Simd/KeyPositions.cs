using System.Numerics;
using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Logpush.Simd;

/// <summary>Turns the bits of a mask into positions.</summary>
internal static class KeyPositions
{
    /// <summary>Writes a position per bit, four at least; returns the number of bits.</summary>
    /// <remarks>Two or three keys end in 64 bytes of a Logpush record: writing four without asking costs less than a loop whose end cannot be
    /// predicted; the surplus is overwritten by the next block.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(ulong keys, int position, ref int target)
    {
        int count = BitOperations.PopCount(keys);
        target = position + BitOperations.TrailingZeroCount(keys);
        keys &= keys - 1;
        Unsafe.Add(ref target, 1) = position + BitOperations.TrailingZeroCount(keys);
        keys &= keys - 1;
        Unsafe.Add(ref target, 2) = position + BitOperations.TrailingZeroCount(keys);
        keys &= keys - 1;
        Unsafe.Add(ref target, 3) = position + BitOperations.TrailingZeroCount(keys);
        keys &= keys - 1;
        for (int i = 4; keys != 0; i++)
        {
            Unsafe.Add(ref target, i) = position + BitOperations.TrailingZeroCount(keys);
            keys &= keys - 1;
        }

        return count;
    }
}
