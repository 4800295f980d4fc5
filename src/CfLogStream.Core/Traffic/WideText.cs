using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic;

/// <summary>Looks at texts in whole vectors, whatever their length: a text comes as a span that goes on behind it, and a length.</summary>
/// <remarks>
/// Texts of a log have all lengths, and code that takes another way for each mispredicts on nearly every one. Here the first 32, 64 or 128
/// bytes are always read, and what lies behind the text is masked out: one way for nearly all. A field's text stands in the buffer of
/// its line with more bytes behind it; only at the buffer's end, and of texts with escapes, a copy is needed.
/// </remarks>
internal static class WideText
{
    /// <summary>The bytes that are readable from the beginning of a text on; a longer text is not looked at in vectors.</summary>
    public const int Width = 256;

    /// <summary>Returns a field's text with what comes behind it.</summary>
    /// <param name="scratch">Where it is copied if there is too little behind it; <see cref="Width"/> bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Of(LogRecord record, LogField field, byte[] scratch, out int length)
    {
        FieldSlot slot = record.Slot(field);
        if (slot.Kind is FieldKind.Text or FieldKind.Object)
        {
            ReadOnlySpan<byte> room = record.RawFrom(slot.Start);
            if (room.Length >= Width)
            {
                length = slot.Length;
                return room;
            }
        }

        return CopyOf(record, field, scratch, out length);
    }

    /// <summary>Copies a text to where there is room behind it, unless it is longer than that.</summary>
    public static ReadOnlySpan<byte> Copy(ReadOnlySpan<byte> text, byte[] scratch)
    {
        if (text.Length > Width)
        {
            return text;
        }

        text.CopyTo(scratch);
        return scratch;
    }

    /// <summary>Reads 32 bytes from <paramref name="offset"/> on, with zeros for those behind the text, of a text of less than 128 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Read(ReadOnlySpan<byte> room, int length, int offset) =>
        Vector256.Create(room[offset..]) & First(length - offset);

    /// <summary>Reads the bytes of a text of at most eight as a number, with zeros for those behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReadWord(ReadOnlySpan<byte> room, int length)
    {
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(room);
        return length == 0 ? 0 : word << (64 - (length * 8)) >> (64 - (length * 8));
    }

    /// <summary>Joins vectors to a hash for caches; the upper bits are the better ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(Vector256<byte> first, Vector256<byte> second, ulong more)
    {
        Vector256<uint> lanes = (first.AsUInt32() * Vector256.Create(0x9E3779B1u)) ^ second.AsUInt32();
        Vector128<ulong> half = ((lanes.GetLower() * Vector128.Create(0x85EBCA77u)) + lanes.GetUpper()).AsUInt64();
        ulong hash = (half.GetElement(0) * 0xC2B2AE3D27D4EB4F) + (half.GetElement(1) * 0x9E3779B97F4A7C15) + more;
        return QuickHash.Spread(hash);
    }

    /// <summary>A vector of which the first bytes are set and the others are not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> First(int count) => Vector256.GreaterThan(
        Vector256.Create((sbyte)count),
        Vector256.Create(
            (sbyte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31)).AsByte();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<byte> CopyOf(LogRecord record, LogField field, byte[] scratch, out int length)
    {
        ReadOnlySpan<byte> text = record.Text(field);
        length = text.Length;
        return Copy(text, scratch);
    }
}
