using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Logpush.Simd;

/// <summary>64 bytes in two vectors (AVX2).</summary>
internal readonly struct ByteBlock256 : IByteBlock
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FindKeys(ref byte source, int position, ref int target, out int quoteCount, out bool special)
    {
        Vector256<byte> first = Vector256.LoadUnsafe(ref source);
        Vector256<byte> second = Vector256.LoadUnsafe(ref source, 32);
        ulong quotes = Mask(first, second, (byte)'"');
        ulong colons = Mask(first, second, (byte)':');
        special = (Special(first) | Special(second)) != Vector256<byte>.Zero;
        quoteCount = BitOperations.PopCount(quotes);
        ulong carry = Unsafe.Subtract(ref source, 1) == (byte)'"' ? 1UL : 0;
        return KeyPositions.Write(colons & ((quotes << 1) | carry), position, ref target);
    }

    public static SpecialMasks FindSpecial(ref byte source)
    {
        Vector256<byte> first = Vector256.LoadUnsafe(ref source);
        Vector256<byte> second = Vector256.LoadUnsafe(ref source, 32);
        Vector256<byte> space = Vector256.Create((byte)0x20);
        return new SpecialMasks(
            Mask(first, second, (byte)'"'),
            Mask(first, second, (byte)':'),
            Mask(first, second, (byte)'\\'),
            Join(Vector256.LessThan(first, space), Vector256.LessThan(second, space)),
            Mask(first, second, (byte)'\n'),
            Join(first, second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Difference(ref byte source, ref byte pattern, ref byte mask) =>
        (Vector256.LoadUnsafe(ref source) ^ Vector256.LoadUnsafe(ref pattern)) & Vector256.LoadUnsafe(ref mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FindNumber(ref byte source, out uint digits, out uint points)
    {
        Vector256<byte> bytes = Vector256.LoadUnsafe(ref source);
        digits = Vector256.LessThan(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)10)).ExtractMostSignificantBits();
        points = Vector256.Equals(bytes, Vector256.Create((byte)'.')).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Special(Vector256<byte> bytes) =>
        Vector256.LessThan(bytes.AsSByte(), Vector256.Create((sbyte)0x20)).AsByte() | Vector256.Equals(bytes, Vector256.Create((byte)'\\'));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(Vector256<byte> first, Vector256<byte> second, byte value)
    {
        Vector256<byte> wanted = Vector256.Create(value);
        return Join(Vector256.Equals(first, wanted), Vector256.Equals(second, wanted));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Join(Vector256<byte> first, Vector256<byte> second) =>
        first.ExtractMostSignificantBits() | ((ulong)second.ExtractMostSignificantBits() << 32);
}
