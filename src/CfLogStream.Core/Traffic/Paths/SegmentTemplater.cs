using System.Buffers;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Turns one decoded segment into its part of the template.</summary>
/// <remarks>
/// The rules are tried in a fixed order and the first that holds decides: kept versions, JWT, bot tokens, numbers (integer, date, time,
/// decimal, address, list), e-mail, <c>@name</c>, then per dot part the atoms (UUID, ULID, hexadecimal, <c>0x…</c>, prefixed, account and
/// random ids, words with a number). What holds odd characters or is too long becomes <c>{text}</c>. One placeholder <c>{id}</c> stands for
/// every opaque id: with kinds apart, one position would split over 3f2a9c1b, 12345678 and deadbeef.
/// What the rules write, they leave alone when it comes again.
/// </remarks>
internal static class SegmentTemplater
{
    /// <summary>The longest that one segment's output gets.</summary>
    public const int MaxOutput = 64;

    /// <summary>Decoded segments over this are judged by their first bytes and never kept, not even in part.</summary>
    public const int MaxInput = 256;

    private const ByteClass Alphanumeric = ByteClass.Digit | ByteClass.HexLetter | ByteClass.Lower | ByteClass.Upper;
    private const ByteClass Letters = ByteClass.HexLetter | ByteClass.Lower | ByteClass.Upper;

    private static readonly SearchValues<byte> s_notInMailbox = SearchValues.Create("/<>()[]\"\\, "u8);
    private static readonly SearchValues<byte> s_notInMailDomain = SearchValues.Create("/:@_"u8);

    /// <summary>Writes the template of a decoded segment of at most <see cref="MaxInput"/> bytes.</summary>
    public static int Write(ReadOnlySpan<byte> segment, ByteClass seen, Span<byte> destination)
    {
        // Most segments are a short word.
        if ((seen & ~(Letters | ByteClass.Dash)) == 0 && segment.Length < TokenShape.MinRandomLength)
        {
            return Put(segment, destination);
        }

        if ((seen & ByteClass.Odd) != 0 && segment.Contains((byte)'{'))
        {
            return WriteParts(segment, destination);
        }

        if (segment[0] is (byte)'v' or (byte)'V' && AtomShape.IsVersion(segment))
        {
            return segment.Length <= MaxOutput ? Put(segment, destination) : Put(Placeholders.Text, destination);
        }

        if (TokenShape.IsJwt(segment) || IsBotToken(segment))
        {
            return Put(Placeholders.Id, destination);
        }

        ReadOnlySpan<byte> placeholder = NumericShape.Placeholder(segment, seen);
        if (!placeholder.IsEmpty)
        {
            return Put(placeholder, destination);
        }

        if ((seen & ByteClass.Mark) != 0 && segment.Contains((byte)'@'))
        {
            if (IsEmail(segment))
            {
                return Put(Placeholders.Email, destination);
            }

            if (segment[0] == '@' && segment.Length > 1)
            {
                return Put(Placeholders.AtName, destination);
            }
        }

        if ((seen & ByteClass.Stop) == 0)
        {
            int keep = AtomShape.Keep(segment, seen, out ReadOnlySpan<byte> atom);
            if (!atom.IsEmpty)
            {
                int kept = Put(segment[..keep], destination);
                return kept + Put(atom, destination[kept..]);
            }
        }

        return WriteParts(segment, destination);
    }

    /// <summary>Writes the template of a segment whose first <see cref="MaxInput"/> decoded bytes are given: <c>{id}</c> or
    /// <c>{text}</c>.</summary>
    public static int WriteLong(ReadOnlySpan<byte> start, Span<byte> destination)
    {
        ByteClass seen = ByteClasses.Of(start);
        bool token = seen == ByteClass.Digit || TokenShape.IsJwt(start) || TokenShape.IsRandom(start, seen) || TokenShape.IsHex(start);
        return Put(token ? Placeholders.Id : Placeholders.Text, destination);
    }

    // Files, package names, urns and custom verbs: atoms between dots and colons. Also the one place where a template's own placeholders
    // are accepted, so that templating a template changes nothing.
    private static int WriteParts(ReadOnlySpan<byte> segment, Span<byte> destination)
    {
        ReadOnlySpan<byte> call = default;
        int open = segment[^1] == ')' ? segment.IndexOf((byte)'(') : -1;
        if (open > 0)
        {
            call = open + 2 == segment.Length ? segment[open..] : Placeholders.Call;
            segment = segment[..open];
        }

        destination = destination[..MaxOutput];
        int written = 0;
        int start = 0;
        while (true)
        {
            int length = segment[start..].IndexOfAny((byte)'.', (byte)':');
            bool last = length < 0;
            ReadOnlySpan<byte> part = last ? segment[start..] : segment.Slice(start, length);
            ByteClass seen = ByteClasses.Of(part);
            ReadOnlySpan<byte> placeholder = default;
            int keep = part.Length;
            if ((seen & ByteClass.Odd) != 0)
            {
                if (!IsTemplatePart(part))
                {
                    return Put(Placeholders.Text, destination);
                }
            }
            else if (!(last && start > 0 && segment[start - 1] == '.' && IsExtension(part, seen))
                && !(start > 0 && part.Length < 3 && seen == ByteClass.Digit))
            {
                keep = AtomShape.Keep(part, seen, out placeholder);
            }

            int end = written + keep + placeholder.Length + (last ? call.Length : 1);
            if (end > MaxOutput)
            {
                return Put(Placeholders.Text, destination);
            }

            written += Put(part[..keep], destination[written..]);
            written += Put(placeholder, destination[written..]);
            if (last)
            {
                return written + Put(call, destination[written..]);
            }

            destination[written++] = segment[start + length];
            start += length + 1;
        }
    }

    private static bool IsExtension(ReadOnlySpan<byte> part, ByteClass seen) =>
        part.Length is >= 1 and <= 5 && (seen & ~Alphanumeric) == 0 && (seen & Letters) != 0;

    private static bool IsTemplatePart(ReadOnlySpan<byte> part)
    {
        if (Placeholders.IsPlaceholder(part))
        {
            return true;
        }

        if (!part.EndsWith(Placeholders.Id))
        {
            return false;
        }

        ByteClass word = ByteClasses.Of(part[..^Placeholders.Id.Length]);
        return (word & ~(Alphanumeric | ByteClass.Dash)) == 0;
    }

    // Telegram's bot123456789:AAHdqTcv…
    private static bool IsBotToken(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("bot"u8))
        {
            return false;
        }

        int colon = NumericShape.DigitRun(segment, 3);
        return colon > 3 && segment.Length - colon > 8 && segment[colon] == ':'
            && (ByteClasses.Of(segment[(colon + 1)..]) & ~(Alphanumeric | ByteClass.Dash)) == 0;
    }

    private static bool IsEmail(ReadOnlySpan<byte> segment)
    {
        int at = segment.LastIndexOf((byte)'@');
        if (at < 1 || segment[..at].ContainsAny(s_notInMailbox))
        {
            return false;
        }

        ReadOnlySpan<byte> domain = segment[(at + 1)..];
        int dot = domain.LastIndexOf((byte)'.');
        if (dot < 1 || domain.Length - dot < 3)
        {
            return false;
        }

        // hero@2x.jpg is a file.
        ReadOnlySpan<byte> top = domain[(dot + 1)..];
        return (ByteClasses.Of(top) & ~Letters) == 0 && !AssetExtensions.Contains(top) && !domain.ContainsAny(s_notInMailDomain)
            && (ByteClasses.Of(domain) & (ByteClass.Odd | ByteClass.Mark)) == 0;
    }

    private static int Put(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        text.CopyTo(destination);
        return text.Length;
    }
}
