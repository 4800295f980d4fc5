using System.Numerics;
using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Finds the ids in the paths that most requests have: words, versions and common ids between single slashes.</summary>
/// <remarks>
/// Two paths with the same bytes but for their ids, and ids in the same places, have the same template: so the template need not be
/// written to find what is known of it. The ids are those for which <see cref="PathTemplater.Write"/> writes <c>{id}</c>, worked out from
/// <see cref="PathMasks"/> instead of byte by byte. Known here are words of fewer than <see cref="TokenShape.MinRandomLength"/> letters,
/// hyphens, underscores and dots, <c>v1</c>, integers, hexadecimal ids, UUIDs and files named by an integer. A path with anything else is
/// left to the templater, and so is every path with a word after which a secret may stand.
/// </remarks>
internal static class PlainPath
{
    private const int LongestVersion = 5;
    private const int LongestExtension = 5;
    private const int ShortestHexId = 8;
    private const int UuidLength = 36;
    private const int LongestPlainHex = 40;

    // Of a UUID the places of its hyphens.
    private const ulong UuidDashes = (1UL << 8) | (1UL << 13) | (1UL << 18) | (1UL << 23);

    private static ReadOnlySpan<byte> SlackWord => "services"u8;

    /// <summary>Finds the ids of a path of at most <see cref="PathMasks.MaxLength"/> bytes.</summary>
    /// <param name="ids">The bytes of the ids, as bits.</param>
    /// <param name="isHarmless">Whether <see cref="SecretMask.MaskUri"/> is known to leave the path as it is.</param>
    /// <returns>False when the path is not so plain; then nothing is said about it.</returns>
    public static bool TryFindIds(ReadOnlySpan<byte> path, in PathMasks masks, out ulong ids, out bool isHarmless)
    {
        ids = 0;
        isHarmless = true;
        ulong whole = path.Length == PathMasks.MaxLength ? ulong.MaxValue : PathMasks.Range(0, path.Length);
        ulong plain = masks.Slashes | masks.Digits | masks.Dots | masks.Dashes | masks.Letters;
        if (plain != whole || (masks.Slashes & 1) == 0)
        {
            return false;
        }

        int end = 0;
        for (int count = 0; end + 1 < path.Length; count++)
        {
            int start = end + 1;
            ulong slashes = masks.Slashes >> start;
            int length = slashes == 0 ? path.Length - start : BitOperations.TrailingZeroCount(slashes);
            if (length == 0 || count == PathTemplater.MaxSegments)
            {
                return false;
            }

            end = start + length;
            ulong segment = PathMasks.Range(start, length);
            ulong digits = segment & masks.Digits;
            if (digits == 0)
            {
                if (length >= TokenShape.MinRandomLength || IsBeforeSecret(path.Slice(start, length), segment & masks.Dashes))
                {
                    return false;
                }

                // Behind 'services' Slack has its secrets.
                isHarmless &= length != SlackWord.Length || !path.Slice(start, SlackWord.Length).SequenceEqual(SlackWord);
            }
            else if (digits == segment)
            {
                ids |= segment;
            }
            else if (!TryFindId(path, in masks, start, length, ref ids))
            {
                return false;
            }
            else
            {
                // Long hexadecimal texts are secrets when they are very long, or begin like an issuer's.
                isHarmless &= length < SecretShape.MinLength || (length <= LongestPlainHex && (path[start] | 0x20) != 'e');
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBeforeSecret(ReadOnlySpan<byte> word, ulong dashes) =>
        dashes == 0 ? SecretNames.IsSegmentWord(word) : SecretNames.IsSegment(word);

    // Of a segment with digits and something else.
    private static bool TryFindId(ReadOnlySpan<byte> path, in PathMasks masks, int start, int length, ref ulong ids)
    {
        ulong segment = PathMasks.Range(start, length);
        ulong digits = segment & masks.Digits;
        if ((segment & masks.Dots) != 0)
        {
            int count = BitOperations.PopCount(digits);
            int extension = length - count - 1;
            ids |= digits;
            return digits == PathMasks.Range(start, count) && (segment & masks.Dots) == 1UL << (start + count)
                && (segment & masks.Dashes) == 0 && extension is > 0 and <= LongestExtension;
        }

        ulong others = segment & ~(digits | masks.HexLetters);
        if (others == 0)
        {
            ids |= segment;
            return length >= ShortestHexId;
        }

        if (length <= LongestVersion && (path[start] | 0x20) == 'v' && (segment & ~digits) == 1UL << start)
        {
            return true;
        }

        ids |= segment;
        return length == UuidLength && others == UuidDashes << start && TokenShape.IsUuid(path.Slice(start, length));
    }
}
