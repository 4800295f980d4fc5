using System.Buffers;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Tells opaque tokens from words by their shape alone.</summary>
/// <remarks>
/// <see cref="Score"/> is the log-likelihood, in about bits, that neighbouring bytes were drawn at random rather than written as words:
/// letter pairs that English and API names use count −1, others +4; a digit before a lower-case letter +3; a camel hump after one or two
/// letters +3; and so on. The pair table holds the pairs that at least 12 of 7,800 distinct words of the .NET reference documentation
/// contain: 357 of 676 pairs, which cover 98 % of the pairs in those words. A token is random when it is long enough and its score high
/// enough; letters of one case without a digit are never called random, because they may be a word of any language.
/// Cost: one table lookup per pair. Nothing is allocated.
/// </remarks>
internal static class TokenShape
{
    /// <summary>The shortest token that is judged by its score alone.</summary>
    public const int MinRandomLength = 16;

    private const int RandomScore = 3;
    private const int RandomScoreWithoutDigits = 8;

    private static readonly SearchValues<byte> s_tokenBytes =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_+/=~"u8);

    private static readonly SearchValues<byte> s_notCrockford = SearchValues.Create("ILOUilou"u8);

    // Bit b of entry a: the pair (a, b) is common, a and b counted from 'a'.
    private static readonly uint[] s_followers = BuildFollowers();

    /// <summary>The bytes of codes and signed tokens.</summary>
    public static SearchValues<byte> CodeBytes { get; } =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_+/=~.:"u8);

    /// <summary>True for 8-4-4-4-12 hexadecimal digits.</summary>
    public static bool IsUuid(ReadOnlySpan<byte> text)
    {
        if (text.Length != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        {
            return false;
        }

        return IsHex(text[..8]) && IsHex(text[9..13]) && IsHex(text[14..18]) && IsHex(text[19..23]) && IsHex(text[24..]);
    }

    /// <summary>True for 26 characters of Crockford's base 32 in one case with a digit, the first at most 7.</summary>
    public static bool IsUlid(ReadOnlySpan<byte> text, ByteClass seen)
    {
        if (text.Length != 26 || text[0] is < (byte)'0' or > (byte)'7'
            || (seen & ~(ByteClass.Digit | ByteClass.HexLetter | ByteClass.Lower | ByteClass.Upper)) != 0
            || (seen & (ByteClass.Lower | ByteClass.Upper)) == (ByteClass.Lower | ByteClass.Upper))
        {
            return false;
        }

        return !text.ContainsAny(s_notCrockford);
    }

    /// <summary>True when every byte is a hexadecimal digit.</summary>
    public static bool IsHex(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<ByteClass> table = ByteClasses.Table;
        foreach (byte value in text)
        {
            if ((table[value] & (ByteClass.Digit | ByteClass.HexLetter)) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True for hexadecimal ids: the lengths of common digests, or at least 8 digits with both a number and a letter.</summary>
    public static bool IsHexId(ReadOnlySpan<byte> text, ByteClass seen)
    {
        if (text.Length < 8 || (seen & (ByteClass.Dash | ByteClass.Stop | ByteClass.Mark | ByteClass.Odd)) != 0 || !IsHex(text))
        {
            return false;
        }

        return (seen & (ByteClass.Digit | ByteClass.HexLetter)) == (ByteClass.Digit | ByteClass.HexLetter)
            || text.Length is 24 or 32 or 40 or 64 or 96 or 128;
    }

    /// <summary>True for a JSON Web Token: <c>eyJ…</c> and at least one more part after a dot.</summary>
    public static bool IsJwt(ReadOnlySpan<byte> text)
    {
        if (text.Length < 16 || !text.StartsWith("eyJ"u8))
        {
            return false;
        }

        int dot = text.IndexOf((byte)'.');
        if (dot < 10)
        {
            return false;
        }

        ReadOnlySpan<ByteClass> table = ByteClasses.Table;
        foreach (byte value in text)
        {
            if ((table[value] & (ByteClass.Mark | ByteClass.Odd)) != 0 && value != '=')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True for a token of at least <see cref="MinRandomLength"/> bytes of base 32 to base 64 that is no chain of words.</summary>
    public static bool IsRandom(ReadOnlySpan<byte> text, ByteClass seen)
    {
        const ByteClass Letters = ByteClass.Lower | ByteClass.Upper;
        if (text.Length < MinRandomLength || (seen & Letters) == 0 || (seen & ByteClass.Stop) != 0)
        {
            return false;
        }

        bool digits = (seen & ByteClass.Digit) != 0;
        if (!digits && (seen & Letters) != Letters)
        {
            return false;
        }

        if ((seen & (ByteClass.Mark | ByteClass.Odd)) != 0 && text.IndexOfAnyExcept(s_tokenBytes) >= 0)
        {
            return false;
        }

        return Score(text, seen) >= (digits ? RandomScore : RandomScoreWithoutDigits);
    }

    /// <summary>Weighs every pair of neighbouring bytes: high for random text, below zero for words.</summary>
    public static int Score(ReadOnlySpan<byte> text, ByteClass seen)
    {
        ReadOnlySpan<ByteClass> table = ByteClasses.Table;
        uint[] followers = s_followers;

        // Text in capitals only is read like text in small letters only.
        bool foldCase = (seen & ByteClass.Lower) == 0;
        int score = 0;
        int run = 0;
        byte previous = 0;
        ByteClass before = ByteClass.Dash;
        foreach (byte value in text)
        {
            ByteClass kind = table[value] & ~ByteClass.HexLetter;
            if (foldCase && kind == ByteClass.Upper)
            {
                kind = ByteClass.Lower;
            }

            switch (kind)
            {
                case ByteClass.Lower:
                    if (before is ByteClass.Lower or ByteClass.Upper)
                    {
                        score += IsCommonPair(followers, previous, value) ? -1 : 4;
                    }
                    else if (before == ByteClass.Digit)
                    {
                        score += 3;
                    }

                    run++;
                    break;
                case ByteClass.Upper:
                    if (before == ByteClass.Lower)
                    {
                        score += run <= 2 ? 3 : 1;
                        run = 0;
                    }
                    else if (before == ByteClass.Upper)
                    {
                        score += IsCommonPair(followers, previous, value) ? 1 : 3;
                    }
                    else if (before == ByteClass.Digit)
                    {
                        score++;
                    }

                    run++;
                    break;
                case ByteClass.Digit:
                    score += before == ByteClass.Lower ? 2 : before == ByteClass.Upper ? 1 : 0;
                    run = 0;
                    break;
                case ByteClass.Dash:
                    score -= 2;
                    run = 0;
                    break;
                default:
                    score++;
                    run = 0;
                    break;
            }

            previous = value;
            before = kind;
        }

        return score;
    }

    private static bool IsCommonPair(uint[] followers, byte first, byte second) =>
        ((followers[(first | 0x20) - 'a'] >> ((second | 0x20) - 'a')) & 1) != 0;

    private static uint[] BuildFollowers()
    {
        ReadOnlySpan<string> common =
        [
            "bcdfgiklmnprstuvwxy", "acdeijlorstuy", "acehiklmoprstuvy", "acdefhilmnopqrstuv", "abcdefghiklmnopqrstuvwxyz", "aefilmortuy",
            "aeghilnorstu", "aeilmnorstuy", "abcdefglmnoprstvxz", "aeu", "aeis", "abdefhilopstuvy", "abeilmopsu",
            "abcdefghiklmnopqrstuvy", "abcdfgiklmnoprstuvwx", "abcdehilmnoprstu", "adrsu", "abcdefgiklmnoprstuvwy", "acdefhiklmnopqrstuvwy",
            "abcdefhilmnopqrstuwy", "abcdefgilmnoprst", "abceilmnopqrst", "aehinors", "aceipt", "aceilmnpst", "aei",
        ];
        var followers = new uint[26];
        for (int i = 0; i < followers.Length; i++)
        {
            foreach (char letter in common[i])
            {
                followers[i] |= 1u << (letter - 'a');
            }
        }

        return followers;
    }
}
