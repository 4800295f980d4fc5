using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Traffic;

/// <summary>
/// Reads RayIDs: 16 hexadecimal digits are their value, any other text a stable hash; empty, <c>0</c> and <c>00</c> are none.
/// </summary>
public static class RayId
{
    /// <summary>The longest text that is kept; Cloudflare's have 16 characters.</summary>
    public const int MaxLength = 64;

    private const int Digits = 16;

    /// <summary>Reads a RayID; 0 when there is none.</summary>
    /// <param name="isHex">Whether it is 16 hexadecimal digits, and the result their value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ReadOnlySpan<byte> text, out bool isHex)
    {
        isHex = false;
        if (IsNone(text))
        {
            return 0;
        }

        ulong value = 0;
        isHex = text.Length == Digits && TryReadHex(Vector128.Create(text), out value);
        return isHex ? value : HashOf(text);
    }

    /// <summary>Writes the text in lower case, cut at <see cref="MaxLength"/>; nothing when there is no RayID.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (IsNone(text))
        {
            return 0;
        }

        if (text.Length == Digits)
        {
            Vector128<byte> bytes = Vector128.Create(text);
            Vector128<byte> upper = Vector128.LessThanOrEqual(bytes - Vector128.Create((byte)'A'), Vector128.Create((byte)('Z' - 'A')));
            (bytes | (upper & Vector128.Create((byte)0x20))).CopyTo(destination);
            return Digits;
        }

        int length = Math.Min(text.Length, MaxLength);
        for (int i = 0; i < length; i++)
        {
            byte b = text[i];
            destination[i] = (uint)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;
        }

        return length;
    }

    private static ulong HashOf(ReadOnlySpan<byte> text)
    {
        Span<byte> lower = stackalloc byte[MaxLength];
        return StableHash.Of(lower[..Write(text, lower)]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNone(ReadOnlySpan<byte> text) =>
        text.Length <= 2 && (text.IsEmpty || (text[0] == (byte)'0' && text[^1] == (byte)'0'));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadHex(Vector128<byte> text, out ulong value)
    {
        Vector128<byte> digits = Vector128.LessThanOrEqual(text - Vector128.Create((byte)'0'), Vector128.Create((byte)9));
        Vector128<byte> letters = Vector128.LessThanOrEqual(
            (text | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)5));
        Vector128<ulong> nibbles = ((text & Vector128.Create((byte)0x0F)) + (letters & Vector128.Create((byte)9))).AsUInt64();
        value = ((ulong)Pack(nibbles.GetElement(0)) << 32) | Pack(nibbles.GetElement(1));
        return (digits | letters) == Vector128<byte>.AllBitsSet;
    }

    /// <summary>Packs eight bytes of four bits each, the first of them first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Pack(ulong nibbles)
    {
        nibbles = BinaryPrimitives.ReverseEndianness(nibbles);
        nibbles = (nibbles | (nibbles >> 4)) & 0x00FF_00FF_00FF_00FF;
        nibbles = (nibbles | (nibbles >> 8)) & 0x0000_FFFF_0000_FFFF;
        return (uint)(nibbles | (nibbles >> 16));
    }
}
