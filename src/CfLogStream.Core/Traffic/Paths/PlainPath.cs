using System.Numerics;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Templates the paths that most requests have: words, versions and common ids between single slashes.</summary>
/// <remarks>
/// Gives what <see cref="PathTemplater.Write"/> gives, worked out from <see cref="PathMasks"/> instead of byte by byte. Known here are
/// words of fewer than <see cref="TokenShape.MinRandomLength"/> letters, hyphens, underscores and dots, <c>v1</c>, integers, hexadecimal
/// ids, UUIDs and files named by an integer. A path with anything else is left to the templater, and so is every path with a word after
/// which a secret may stand.
/// </remarks>
internal static class PlainPath
{
    /// <summary>The room that a template needs at most: a placeholder may be longer than what it stands for.</summary>
    public const int MaxTemplateBytes = 2 * PathMasks.MaxLength;

    private const int LongestVersion = 5;
    private const int LongestExtension = 5;
    private const int ShortestHexId = 8;
    private const int UuidLength = 36;

    // Of a UUID the places of its hyphens.
    private const ulong UuidDashes = (1UL << 8) | (1UL << 13) | (1UL << 18) | (1UL << 23);

    /// <summary>Returns the template of a plain path: the path itself when nothing in it varies, else written to the room given.</summary>
    /// <returns>False when the path is not so plain; then nothing is said about it.</returns>
    public static bool TryTemplate(ReadOnlySpan<byte> path, Span<byte> room, out ReadOnlySpan<byte> template)
    {
        template = default;
        if (path.Length is 0 or > PathMasks.MaxLength || path[0] != (byte)'/')
        {
            return false;
        }

        PathMasks masks = PathMasks.Of(path);
        if (masks.Others != 0)
        {
            return false;
        }

        // What was read but not yet written stands from pending to end.
        int written = 0;
        int pending = 0;
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
            ulong segment = PathMasks.Bits(start, length);
            int id = (segment & masks.Digits) == 0 ? WordId(path.Slice(start, length), segment & masks.Dashes) : IdLength(path, in masks, start, length);
            if (id < 0)
            {
                return false;
            }

            if (id > 0)
            {
                ReadOnlySpan<byte> before = path[pending..start];
                before.CopyTo(room[written..]);
                written += before.Length;
                Placeholders.Id.CopyTo(room[written..]);
                written += Placeholders.Id.Length;
                pending = start + id;
            }
        }

        if (pending == 0)
        {
            // Nothing varies; a slash alone stays.
            template = path[..Math.Max(end, 1)];
            return true;
        }

        ReadOnlySpan<byte> last = path[pending..end];
        last.CopyTo(room[written..]);
        template = room[..(written + last.Length)];
        return true;
    }

    // 0 for a word that stays, -1 for any other.
    private static int WordId(ReadOnlySpan<byte> word, ulong dashes)
    {
        bool isSecret = dashes == 0 ? SecretNames.IsSegmentWord(word) : SecretNames.IsSegment(word);
        return isSecret || word.Length >= TokenShape.MinRandomLength ? -1 : 0;
    }

    // The length of the id in front of a segment with digits, 0 when all of it stays, -1 when it is for the templater to judge.
    private static int IdLength(ReadOnlySpan<byte> path, in PathMasks masks, int start, int length)
    {
        ulong segment = PathMasks.Bits(start, length);
        ulong digits = segment & masks.Digits;
        if (digits == segment)
        {
            return length;
        }

        ulong letters = segment & ~(digits | masks.HexLetters);
        if ((segment & masks.Dots) != 0)
        {
            int count = BitOperations.PopCount(digits);
            int extension = length - count - 1;
            return digits == PathMasks.Bits(start, count) && (segment & masks.Dots) == 1UL << (start + count)
                && (segment & masks.Dashes) == 0 && extension is > 0 and <= LongestExtension
                ? count
                : -1;
        }

        if (letters == 0)
        {
            return length >= ShortestHexId ? length : -1;
        }

        if (length <= LongestVersion && (path[start] | 0x20) == 'v' && (segment & ~digits) == 1UL << start)
        {
            return 0;
        }

        return length == UuidLength && letters == UuidDashes << start && TokenShape.IsUuid(path.Slice(start, length)) ? length : -1;
    }
}
