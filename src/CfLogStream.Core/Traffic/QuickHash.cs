using System.Buffers.Binary;
using System.Numerics;

namespace CfLogStream.Core.Traffic;

/// <summary>
/// A quick hash that chooses slots of in-memory caches; it reaches no row and decides nothing (<see cref="StableHash"/> does).
/// </summary>
internal static class QuickHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    /// <summary>Hashes bytes; the upper bits are the better ones.</summary>
    public static ulong Of(ReadOnlySpan<byte> text)
    {
        ulong hash = (ulong)text.Length * Multiplier;
        ReadOnlySpan<byte> rest = text;
        while (rest.Length >= 8)
        {
            hash = (BitOperations.RotateLeft(hash, 23) ^ BinaryPrimitives.ReadUInt64LittleEndian(rest)) * Multiplier;
            rest = rest[8..];
        }

        if (!rest.IsEmpty && text.Length >= 8)
        {
            // The last eight bytes again: overlapping what was hashed costs less than a loop over the rest.
            hash = (BitOperations.RotateLeft(hash, 23) ^ BinaryPrimitives.ReadUInt64LittleEndian(text[^8..])) * Multiplier;
        }
        else
        {
            foreach (byte b in rest)
            {
                hash = (BitOperations.RotateLeft(hash, 7) ^ b) * Multiplier;
            }
        }

        return (hash ^ (hash >> 29)) * Multiplier;
    }
}
