using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Traffic;

/// <summary>
/// A quick hash that chooses slots of in-memory caches; it reaches no row and decides nothing (<see cref="StableHash"/> does).
/// </summary>
/// <remarks>
/// Looks at every byte, in pieces that overlap in the middle instead of in a loop over a rest, so that texts of about the same length
/// take the same way. Whoever aims at it can make two texts share a slot, which costs the time of a miss and changes no answer: every
/// cache compares the whole text.
/// </remarks>
internal static class QuickHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private const ulong First = 0xA0761D6478BD642F;
    private const ulong Second = 0xE7037ED1A0B428DB;
    private const uint LaneMultiplier = 0x9E3779B1;
    private const uint LaneStep = 0x85EBCA77;
    private const int Wide = 32;

    /// <summary>Hashes bytes; the upper bits are the better ones.</summary>
    public static ulong Of(ReadOnlySpan<byte> text) => Spread(text.Length switch
    {
        > Wide => OfLong(text),
        > 16 => Fold(Read(text), Read(text[8..])) + Fold(Read(text[^16..]) ^ Multiplier, Read(text[^8..])),
        >= 8 => Fold(Read(text), Read(text[^8..])),
        >= 4 => Fold(BinaryPrimitives.ReadUInt32LittleEndian(text), BinaryPrimitives.ReadUInt32LittleEndian(text[^4..])),
        > 0 => Fold((uint)(text[0] | (text[text.Length / 2] << 8) | (text[^1] << 16)), 0),
        _ => 0,
    } + (ulong)text.Length);

    /// <summary>Joins two numbers into a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left ^ First, right ^ Second, out ulong low);
        return high ^ low;
    }

    /// <summary>Brings what the lower bits tell into the upper ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Spread(ulong hash) => (hash ^ (hash >> 32)) * Multiplier;

    private static ulong OfLong(ReadOnlySpan<byte> text)
    {
        Vector256<uint> hash = Vector256<uint>.Zero;
        ReadOnlySpan<byte> rest = text;
        if (text.Length > 4 * Wide)
        {
            for (; rest.Length > 2 * Wide; rest = rest[Wide..])
            {
                hash = Mix(hash, rest);
            }

            rest = text[^(2 * Wide)..];
        }
        else if (text.Length > 2 * Wide)
        {
            hash = Mix(Mix(hash, text), text[Wide..]);
            rest = text[^(2 * Wide)..];
        }

        hash = Mix(Mix(hash, rest), rest[^Wide..]);
        Vector128<ulong> half = (hash.GetLower() ^ (hash.GetUpper() * Vector128.Create(LaneMultiplier))).AsUInt64();
        return Fold(half.GetElement(0), half.GetElement(1));
    }

    private static Vector256<uint> Mix(Vector256<uint> hash, ReadOnlySpan<byte> piece) =>
        ((hash ^ Vector256.Create(piece).AsUInt32()) + Vector256.Create(LaneStep)) * Vector256.Create(LaneMultiplier);

    private static ulong Read(ReadOnlySpan<byte> text) => BinaryPrimitives.ReadUInt64LittleEndian(text);
}
