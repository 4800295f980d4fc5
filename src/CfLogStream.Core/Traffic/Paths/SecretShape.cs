namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Tells secrets from ids and words by their look.</summary>
internal static class SecretShape
{
    /// <summary>No run of token bytes shorter than this is taken for a secret by its look.</summary>
    public const int MinLength = 16;

    private const int MinRandomLength = 20;
    private const int KnownTokenScore = 3;
    private const int CodeScore = 4;
    private const int WordlikeCodeScore = 6;
    private const ByteClass Letters = ByteClass.HexLetter | ByteClass.Lower | ByteClass.Upper;

    /// <summary>Returns how many bytes in front of the secret stay, or -1 when a run of token bytes is no secret.</summary>
    /// <remarks>Plain ids stay: integers, UUIDs, ULIDs, hexadecimal of up to 40 or of 64 digits, Twilio's account ids, each also behind
    /// a word.</remarks>
    public static int Find(ReadOnlySpan<byte> run)
    {
        if (run.Length < MinLength)
        {
            return -1;
        }

        ByteClass seen = ByteClasses.Of(run);
        if (SecretNames.IsKnownToken(run) && TokenShape.Score(run, seen) >= KnownTokenScore)
        {
            return 0;
        }

        if (run.Length < MinRandomLength || IsPlainId(run, seen))
        {
            return -1;
        }

        int keep = (seen & ByteClass.Dash) != 0 ? AtomShape.PrefixLength(run, seen) : 0;
        if (keep > 0)
        {
            ReadOnlySpan<byte> rest = run[keep..];
            return IsPlainId(rest, ByteClasses.Of(rest)) ? -1 : keep;
        }

        bool hexadecimal = (seen & ~(ByteClass.Digit | Letters)) == 0 && TokenShape.IsHex(run);
        return (hexadecimal || TokenShape.IsRandom(run, seen)) && !IsChain(run, seen) ? 0 : -1;
    }

    /// <summary>True for a segment behind a word like <c>reset</c> that is no word itself; the segment is decoded.</summary>
    public static bool IsCode(ReadOnlySpan<byte> segment)
    {
        ByteClass seen = ByteClasses.Of(segment);
        if ((seen & (ByteClass.Mark | ByteClass.Odd)) != 0 && segment.ContainsAnyExcept(TokenShape.CodeBytes))
        {
            return false;
        }

        if ((seen & ByteClass.Odd) != 0 || seen == ByteClass.Digit)
        {
            return true;
        }

        if (AtomShape.IsVersion(segment))
        {
            return false;
        }

        int digits = 0;
        foreach (byte value in segment)
        {
            digits += value - '0' is >= 0 and <= 9 ? 1 : 0;
        }

        int score = TokenShape.Score(segment, seen);
        if (digits > 0)
        {
            return digits >= 3 || (score > 0 && segment.Length >= 4);
        }

        return (seen & (ByteClass.Lower | ByteClass.Upper)) switch
        {
            ByteClass.Upper => segment.Length >= 5,
            ByteClass.Lower => score >= WordlikeCodeScore,
            ByteClass.None => false,
            _ => score >= CodeScore,
        };
    }

    private static bool IsPlainId(ReadOnlySpan<byte> text, ByteClass seen)
    {
        if (AtomShape.IsTwilioAccount(text))
        {
            return true;
        }

        return AtomShape.IsWholeId(text, seen)
            && (text.Length <= 40 || text.Length == 64 || (seen & Letters) == 0);
    }

    // Trace parents, names of pods: numbers, hexadecimal and words joined by dashes.
    private static bool IsChain(ReadOnlySpan<byte> run, ByteClass seen)
    {
        if ((seen & ByteClass.Dash) == 0)
        {
            return false;
        }

        while (!run.IsEmpty)
        {
            int end = run.IndexOfAny((byte)'-', (byte)'_');
            ReadOnlySpan<byte> piece = end < 0 ? run : run[..end];
            ByteClass kinds = ByteClasses.Of(piece);
            bool word = (kinds & ByteClass.Digit) == 0 && TokenShape.Score(piece, kinds) <= 0;
            if (!word && !(piece.Length <= 32 && TokenShape.IsHex(piece)))
            {
                return false;
            }

            run = end < 0 ? default : run[(end + 1)..];
        }

        return true;
    }
}
