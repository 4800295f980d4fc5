using System.Buffers.Binary;

namespace CfLogStream.Core.Traffic;

/// <summary>
/// A quick hash that chooses slots of in-memory caches; it reaches no row and decides nothing (<see cref="StableHash"/> does).
/// </summary>
/// <remarks>
/// Sixteen bytes are one 128-bit product whose halves are folded (as in wyhash); the products do not wait for each other, so a user
/// agent of 110 bytes costs about as much as one dependent chain over 30. Whoever aims at it can make two texts share a slot, which
/// costs the time of a miss and changes no answer: every cache compares the whole text.
/// </remarks>
internal static class QuickHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private const ulong First = 0xA0761D6478BD642F;
    private const ulong Second = 0xE7037ED1A0B428DB;

    /// <summary>Hashes bytes; the upper bits are the better ones.</summary>
    public static ulong Of(ReadOnlySpan<byte> text)
    {
        int length = text.Length;
        ulong hash = (ulong)length * Multiplier;
        if (length < 16)
        {
            return Spread(hash + OfShort(text));
        }

        ulong key = First;
        ReadOnlySpan<byte> rest = text;
        while (rest.Length > 16)
        {
            hash += Fold(Read(rest) ^ key, Read(rest[8..]) ^ Second);
            key += Multiplier;
            rest = rest[16..];
        }

        // The last sixteen bytes, some of them again: overlapping costs less than a loop over the rest.
        return Spread(hash + Fold(Read(text[^16..]) ^ key, Read(text[^8..]) ^ Second));
    }

    private static ulong OfShort(ReadOnlySpan<byte> text)
    {
        ulong first;
        ulong last = 0;
        if (text.Length >= 8)
        {
            first = Read(text);
            last = Read(text[^8..]);
        }
        else if (text.Length >= 4)
        {
            first = BinaryPrimitives.ReadUInt32LittleEndian(text);
            last = BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]);
        }
        else
        {
            first = text.IsEmpty ? 0UL : (uint)(text[0] | (text[text.Length / 2] << 8) | (text[^1] << 16));
        }

        return Fold(first ^ First, last ^ Second);
    }

    private static ulong Read(ReadOnlySpan<byte> text) => BinaryPrimitives.ReadUInt64LittleEndian(text);

    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }

    private static ulong Spread(ulong hash) => (hash ^ (hash >> 32)) * Multiplier;
}
