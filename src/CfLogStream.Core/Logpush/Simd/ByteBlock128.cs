using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Logpush.Simd;

/// <summary>64 bytes in four vectors (SSE, NEON).</summary>
internal readonly struct ByteBlock128 : IByteBlock
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FindKeys(ref byte source, int position, ref int target, out int quoteCount, out bool special)
    {
        ulong quotes = Mask(ref source, (byte)'"');
        ulong colons = Mask(ref source, (byte)':');
        Vector128<byte> found = Special(ref source, 0) | Special(ref source, 16) | Special(ref source, 32) | Special(ref source, 48);
        special = found != Vector128<byte>.Zero;
        quoteCount = BitOperations.PopCount(quotes);
        ulong carry = Unsafe.Subtract(ref source, 1) == (byte)'"' ? 1UL : 0;
        return KeyPositions.Write(colons & ((quotes << 1) | carry), position, ref target);
    }

    public static SpecialMasks FindSpecial(ref byte source)
    {
        ulong controls = 0;
        ulong nonAscii = 0;
        Vector128<byte> space = Vector128.Create((byte)0x20);
        for (int i = 0; i < 64; i += 16)
        {
            Vector128<byte> bytes = Vector128.LoadUnsafe(ref source, (nuint)i);
            controls |= (ulong)Vector128.LessThan(bytes, space).ExtractMostSignificantBits() << i;
            nonAscii |= (ulong)bytes.ExtractMostSignificantBits() << i;
        }

        return new SpecialMasks(
            Mask(ref source, (byte)'"'),
            Mask(ref source, (byte)':'),
            Mask(ref source, (byte)'\\'),
            controls,
            Mask(ref source, (byte)'\n'),
            nonAscii);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Difference(ref byte source, ref byte pattern, ref byte mask) => Vector256.Create(
        (Vector128.LoadUnsafe(ref source) ^ Vector128.LoadUnsafe(ref pattern)) & Vector128.LoadUnsafe(ref mask),
        (Vector128.LoadUnsafe(ref source, 16) ^ Vector128.LoadUnsafe(ref pattern, 16)) & Vector128.LoadUnsafe(ref mask, 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FindNumber(ref byte source, out uint digits, out uint points)
    {
        Vector128<byte> first = Vector128.LoadUnsafe(ref source);
        Vector128<byte> second = Vector128.LoadUnsafe(ref source, 16);
        Vector128<byte> zero = Vector128.Create((byte)'0');
        Vector128<byte> ten = Vector128.Create((byte)10);
        Vector128<byte> point = Vector128.Create((byte)'.');
        digits = Vector128.LessThan(first - zero, ten).ExtractMostSignificantBits()
            | (Vector128.LessThan(second - zero, ten).ExtractMostSignificantBits() << 16);
        points = Vector128.Equals(first, point).ExtractMostSignificantBits()
            | (Vector128.Equals(second, point).ExtractMostSignificantBits() << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Special(ref byte source, nuint offset)
    {
        Vector128<byte> bytes = Vector128.LoadUnsafe(ref source, offset);
        return Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)0x20)).AsByte() | Vector128.Equals(bytes, Vector128.Create((byte)'\\'));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(ref byte source, byte value)
    {
        Vector128<byte> wanted = Vector128.Create(value);
        return Bits(ref source, 0, wanted) | (Bits(ref source, 16, wanted) << 16)
            | (Bits(ref source, 32, wanted) << 32) | (Bits(ref source, 48, wanted) << 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(ref byte source, nuint offset, Vector128<byte> wanted) =>
        Vector128.Equals(Vector128.LoadUnsafe(ref source, offset), wanted).ExtractMostSignificantBits();
}
