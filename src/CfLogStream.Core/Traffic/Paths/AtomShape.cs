namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Recognises ids without dots and colons, whole or behind a word that is kept.</summary>
internal static class AtomShape
{
    private const int MaxWord = 48;
    private const int MaxPrefix = 26;
    private const int MinPrefixedId = 8;
    private const int PrefixedScore = 1;
    private const int PrefixedScoreWithoutDigits = 6;
    private const int AccountScore = 3;
    private const ByteClass Alphanumeric = ByteClass.Digit | ByteClass.HexLetter | ByteClass.Lower | ByteClass.Upper;

    /// <summary>Returns how many bytes stay in front of the placeholder; when the placeholder is empty the text is a literal and all
    /// stay.</summary>
    public static int Keep(ReadOnlySpan<byte> text, ByteClass seen, out ReadOnlySpan<byte> placeholder)
    {
        placeholder = default;
        if ((seen & ByteClass.Digit) == 0 && text.Length < TokenShape.MinRandomLength)
        {
            return text.Length;
        }

        if (text[0] is (byte)'v' or (byte)'V' && IsVersion(text))
        {
            return text.Length;
        }

        if (IsWholeId(text, seen))
        {
            placeholder = Placeholders.Id;
            return 0;
        }

        placeholder = NumericShape.Calendar(text, seen);
        if (!placeholder.IsEmpty)
        {
            return 0;
        }

        if (text.Length > 2 && text[0] == '0' && text[1] is (byte)'x' or (byte)'X' && TokenShape.IsHex(text[2..]))
        {
            placeholder = Placeholders.Id;
            return 2;
        }

        int keep = (seen & ByteClass.Dash) != 0 ? PrefixLength(text, seen) : 0;
        if (keep == 0 && !IsAccount(text, seen) && !TokenShape.IsRandom(text, seen))
        {
            keep = WordLength(text, seen);
            if (keep == 0)
            {
                return text.Length;
            }
        }

        placeholder = Placeholders.Id;
        return keep;
    }

    /// <summary>True for integers, UUIDs, ULIDs and hexadecimal ids: ids that are no secret by their form.</summary>
    public static bool IsWholeId(ReadOnlySpan<byte> text, ByteClass seen) =>
        NumericShape.IsInteger(text, seen) || TokenShape.IsUuid(text) || TokenShape.IsUlid(text, seen) || TokenShape.IsHexId(text, seen);

    /// <summary>True for <c>v1</c>, <c>V2</c>, <c>v1beta1</c>, <c>v1.2</c>.</summary>
    public static bool IsVersion(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] is not ((byte)'v' or (byte)'V'))
        {
            return false;
        }

        int at = NumericShape.DigitRun(text, 1);
        if (at is < 2 or > 5)
        {
            return false;
        }

        while (at < text.Length)
        {
            int word = text[at..] switch
            {
                [(byte)'.', ..] => 1,
                [(byte)'a', (byte)'l', (byte)'p', (byte)'h', (byte)'a', ..] => 5,
                [(byte)'b', (byte)'e', (byte)'t', (byte)'a', ..] => 4,
                [(byte)'r', (byte)'c', ..] => 2,
                [(byte)'p', ..] => 1,
                _ => 0,
            };
            if (word == 0)
            {
                return false;
            }

            int end = NumericShape.DigitRun(text, at + word);
            if (end - at - word > 4 || (word == 1 && end == at + 1))
            {
                return false;
            }

            at = end;
        }

        return true;
    }

    /// <summary>Returns the length of the <c>cus_</c>, <c>sk_test_</c> or <c>order-</c> in front of an id, or 0; the longest prefix
    /// wins.</summary>
    public static int PrefixLength(ReadOnlySpan<byte> text, ByteClass seen)
    {
        if ((seen & ByteClass.Digit) == 0 && (seen & (ByteClass.Lower | ByteClass.Upper)) != (ByteClass.Lower | ByteClass.Upper))
        {
            return 0;
        }

        int keep = 0;
        bool letters = true;
        bool small = true;
        for (int i = 0; i < Math.Min(text.Length, MaxWord); i++)
        {
            ByteClass kind = ByteClasses.Table[text[i]] & ~ByteClass.HexLetter;
            if (kind == ByteClass.Dash)
            {
                bool underscore = text[i] == '_';
                if (i == 0 || !letters)
                {
                    break;
                }

                ReadOnlySpan<byte> rest = text[(i + 1)..];
                if (rest.Length >= MinPrefixedId && IsPrefixed(rest, underscore && small && i < MaxPrefix))
                {
                    keep = i + 1;
                }
            }
            else if (kind == ByteClass.Digit)
            {
                letters = false;
            }
            else if (kind == ByteClass.Upper)
            {
                small = false;
            }
            else if (kind != ByteClass.Lower)
            {
                break;
            }
        }

        return keep;
    }

    /// <summary>True for two capitals before 32 hexadecimal digits.</summary>
    public static bool IsTwilioAccount(ReadOnlySpan<byte> text) =>
        text.Length == 34 && (ByteClasses.Of(text[..2]) & ~ByteClass.HexLetter) == ByteClass.Upper && TokenShape.IsHex(text[2..]);

    private static bool IsPrefixed(ReadOnlySpan<byte> rest, bool lenient)
    {
        ByteClass seen = ByteClasses.Of(rest);
        if (TokenShape.IsUuid(rest) || TokenShape.IsUlid(rest, seen) || TokenShape.IsHexId(rest, seen))
        {
            return true;
        }

        if (!lenient)
        {
            return false;
        }

        if (TokenShape.IsRandom(rest, seen))
        {
            return true;
        }

        const ByteClass Letters = ByteClass.Lower | ByteClass.Upper;
        if ((seen & ~Alphanumeric) != 0 || (seen & Letters) == 0)
        {
            return false;
        }

        bool digits = (seen & ByteClass.Digit) != 0;
        return (digits || (seen & Letters) == Letters)
            && TokenShape.Score(rest, seen) >= (digits ? PrefixedScore : PrefixedScoreWithoutDigits);
    }

    // Account ids in capitals (Slack's T012AB3CD), and Twilio's.
    private static bool IsAccount(ReadOnlySpan<byte> text, ByteClass seen)
    {
        const ByteClass Needed = ByteClass.Digit | ByteClass.Upper;
        if ((seen & ~Alphanumeric) != 0 || (seen & Needed) != Needed || text.Length < 8)
        {
            return false;
        }

        if (IsTwilioAccount(text))
        {
            return true;
        }

        if ((seen & ByteClass.Lower) != 0)
        {
            return false;
        }

        int digits = 0;
        bool letterAfterDigit = false;
        foreach (byte value in text)
        {
            if (value <= '9')
            {
                digits++;
            }
            else
            {
                letterAfterDigit |= digits > 0;
            }
        }

        return digits >= 2 && letterAfterDigit && TokenShape.Score(text, seen) >= AccountScore;
    }

    // A word that ends in at least three digits: order-12345, sku12345, ABC-123.
    private static int WordLength(ReadOnlySpan<byte> text, ByteClass seen)
    {
        if ((seen & ~(Alphanumeric | ByteClass.Dash)) != 0 || (ByteClasses.Table[text[0]] & (ByteClass.Lower | ByteClass.Upper)) == 0)
        {
            return 0;
        }

        int end = text.Length;
        while (end > 0 && text[end - 1] - '0' is >= 0 and <= 9)
        {
            end--;
        }

        // 120x120 is a size.
        bool size = end >= 2 && text[end - 1] == 'x' && text[end - 2] - '0' is >= 0 and <= 9;
        return text.Length - end >= 3 && end <= MaxWord && !size ? end : 0;
    }
}
