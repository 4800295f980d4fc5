using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Logpush.Simd;

/// <summary>64 bytes in one vector; comparisons give masks directly (AVX-512BW).</summary>
/// <remarks>Tried and lost: positions of keys from one compression of bytes (VBMI2) instead of a chain of bit scans, 4 % of a whole read
/// (benchmarks/results), less than a path of its own must bring.</remarks>
internal readonly struct ByteBlock512 : IByteBlock
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FindKeys(ref byte source, int position, ref int target, out int quoteCount, out bool special)
    {
        Vector512<byte> bytes = Vector512.LoadUnsafe(ref source);
        Vector512<byte> quote = Vector512.Create((byte)'"');
        quoteCount = BitOperations.PopCount(Vector512.Equals(bytes, quote).ExtractMostSignificantBits());

        // As signed bytes, control characters and bytes of 0x80 and above are both below 0x20.
        Vector512<sbyte> low = Vector512.LessThan(bytes.AsSByte(), Vector512.Create((sbyte)0x20));
        special = (low.AsByte() | Vector512.Equals(bytes, Vector512.Create((byte)'\\'))) != Vector512<byte>.Zero;

        Vector512<byte> before = Vector512.LoadUnsafe(ref Unsafe.Subtract(ref source, 1));
        Vector512<byte> keys = Vector512.Equals(bytes, Vector512.Create((byte)':')) & Vector512.Equals(before, quote);
        return KeyPositions.Write(keys.ExtractMostSignificantBits(), position, ref target);
    }

    public static SpecialMasks FindSpecial(ref byte source)
    {
        Vector512<byte> bytes = Vector512.LoadUnsafe(ref source);
        return new SpecialMasks(
            Mask(bytes, (byte)'"'),
            Mask(bytes, (byte)':'),
            Mask(bytes, (byte)'\\'),
            Vector512.LessThan(bytes, Vector512.Create((byte)0x20)).ExtractMostSignificantBits(),
            Mask(bytes, (byte)'\n'),
            bytes.ExtractMostSignificantBits());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Difference(ref byte source, ref byte pattern, ref byte mask) =>
        ByteBlock256.Difference(ref source, ref pattern, ref mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FindNumber(ref byte source, out uint digits, out uint points) =>
        ByteBlock256.FindNumber(ref source, out digits, out points);

    private static ulong Mask(Vector512<byte> bytes, byte value) =>
        Vector512.Equals(bytes, Vector512.Create(value)).ExtractMostSignificantBits();
}
