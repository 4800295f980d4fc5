using System.Buffers.Binary;

namespace CfLogStream.Core;

/// <summary>A hash of texts for tables in memory: quick, and different in every process, so that nobody can choose texts that collide. It
/// reaches no row (<see cref="StableHash"/> does).</summary>
/// <remarks>Eight bytes a step, folded by a 64 × 64 bit multiplication with a secret (the scheme of wyhash).</remarks>
public static class SeededHash
{
    private static readonly ulong s_seed = (ulong)Random.Shared.NextInt64() ^ ((ulong)Random.Shared.NextInt64() << 1);
    private static readonly ulong s_secret = ((ulong)Random.Shared.NextInt64() << 1) | 1;

    /// <summary>Hashes bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> text)
    {
        ulong secret = s_secret;
        ulong hash = s_seed ^ (uint)text.Length;
        ReadOnlySpan<byte> rest = text;
        while (rest.Length > 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(rest), secret);
            rest = rest[8..];
        }

        ulong last = 0;
        if (text.Length >= 8)
        {
            // The last eight bytes again where a whole step is not left.
            last = BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]);
        }
        else if (rest.Length >= 4)
        {
            last = ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(rest) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(rest[^4..]);
        }
        else if (!rest.IsEmpty)
        {
            last = ((ulong)rest[0] << 16) | ((ulong)rest[rest.Length >> 1] << 8) | rest[^1];
        }

        return Fold(hash ^ last, secret);
    }

    private static ulong Fold(ulong value, ulong secret)
    {
        ulong high = Math.BigMul(value, secret, out ulong low);
        return high ^ low;
    }
}
