using System.Buffers;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Replaces secrets in paths, queries, referers and header values by <c>***</c> before anything is stored.</summary>
/// <remarks>
/// Names, separators and everything that is no secret stay byte for byte, so that attack strings are stored as they came. Masked are
/// <list type="bullet">
/// <item>values of parameters by their name (<c>token</c>, <c>api_key</c>, <c>X-Amz-…</c>; <see cref="SecretNames"/>), also inside URLs
/// that are themselves values, encoded however often;</item>
/// <item>path segments behind <c>reset</c>, <c>verify</c>, <c>invite</c> and the like, as long as they are no words;</item>
/// <item>the secret half of <c>bot123:…</c>, the last part of Slack's <c>/services/T…/B…/…</c>, passwords before a host's <c>@</c>;</item>
/// <item>by their look JSON Web Tokens, the tokens of known issuers, and high-entropy tokens from 20 bytes on that are no plain ids.</item>
/// </list>
/// Masking what is masked changes nothing. One pass; nothing is allocated.
/// </remarks>
public static class SecretMask
{
    private const int DecodedBytes = 256;

    private static readonly SearchValues<byte> s_pairBytes = SearchValues.Create("&;?#=%"u8);
    private static readonly SearchValues<byte> s_schemeBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-."u8);

    /// <summary>What stands for a secret.</summary>
    public static ReadOnlySpan<byte> Mark => "***"u8;

    /// <summary>The room that masking a text of some length needs at most.</summary>
    public static int MaxLength(int length) => (2 * length) + 2;

    /// <summary>Masks a path, a path with query, or a whole URL such as a referer; returns the length written.</summary>
    /// <remarks>The destination needs <see cref="MaxLength"/> bytes and must not overlap the source.</remarks>
    public static int MaskUri(ReadOnlySpan<byte> uri, Span<byte> destination)
    {
        CheckRoom(uri, destination);
        var cursor = new MaskCursor(uri, destination);
        int path = MaskAuthority(ref cursor);
        int query = uri[path..].IndexOfAny((byte)'?', (byte)'#');
        query = query < 0 ? uri.Length : path + query;
        MaskSegments(ref cursor, path, query);
        MaskPairs(ref cursor, query, uri.Length, matrix: false);
        return cursor.Finish();
    }

    /// <summary>Masks a query, with or without its question mark; returns the length written.</summary>
    /// <remarks>The destination needs <see cref="MaxLength"/> bytes and must not overlap the source.</remarks>
    public static int MaskQuery(ReadOnlySpan<byte> query, Span<byte> destination)
    {
        CheckRoom(query, destination);
        var cursor = new MaskCursor(query, destination);
        MaskPairs(ref cursor, 0, query.Length, matrix: false);
        return cursor.Finish();
    }

    /// <summary>True when the value of a header may be stored; of others only their presence is, as <see cref="Mark"/>.</summary>
    public static bool KeepHeaderValue(ReadOnlySpan<byte> name) => SecretNames.IsHarmlessHeader(name);

    private static void CheckRoom(ReadOnlySpan<byte> source, Span<byte> destination) =>
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, MaxLength(source.Length), nameof(destination));

    // Returns where the path begins; hides user:password@ and token@.
    private static int MaskAuthority(ref MaskCursor cursor)
    {
        ReadOnlySpan<byte> uri = cursor.Source;
        int colon = uri.IndexOf((byte)':');
        if (colon < 1 || !uri[colon..].StartsWith("://"u8) || uri[..colon].ContainsAnyExcept(s_schemeBytes))
        {
            return 0;
        }

        int start = colon + 3;
        int end = uri[start..].IndexOfAny((byte)'/', (byte)'?', (byte)'#');
        end = end < 0 ? uri.Length : start + end;
        int at = uri[start..end].LastIndexOf((byte)'@');
        if (at > 0)
        {
            int password = uri.Slice(start, at).IndexOf((byte)':');
            cursor.Mask(password < 0 ? start : start + password + 1, start + at);
        }

        return end;
    }

    private static void MaskSegments(ref MaskCursor cursor, int at, int end)
    {
        bool armed = false;
        int slack = 0;
        while (at < end)
        {
            int length = cursor.Source[at..end].IndexOf((byte)'/');
            int segmentEnd = length < 0 ? end : at + length;
            int semicolon = cursor.Source[at..segmentEnd].IndexOf((byte)';');
            int nameEnd = semicolon < 0 ? segmentEnd : at + semicolon;
            if (nameEnd > at)
            {
                MaskSegment(ref cursor, at, nameEnd, ref armed, ref slack);
            }

            if (semicolon >= 0)
            {
                MaskPairs(ref cursor, nameEnd, segmentEnd, matrix: true);
            }

            at = segmentEnd + 1;
        }
    }

    private static void MaskSegment(ref MaskCursor cursor, int start, int end, ref bool armed, ref int slack)
    {
        ReadOnlySpan<byte> segment = cursor.Source[start..end];
        bool done = segment.SequenceEqual(Mark);
        if (slack == 3 || (armed && (done || IsCode(segment))))
        {
            // Codes may have two parts, as Django's /reset/MQ/5x3-abc/.
            cursor.Mask(start, end);
            slack = 0;
            return;
        }

        slack = segment.SequenceEqual("services"u8) ? 1 : slack > 0 && IsSlackId(segment) ? slack + 1 : 0;
        armed = SecretNames.IsSegment(segment);
        if (!armed)
        {
            MaskPairs(ref cursor, start, end, matrix: false);
        }
    }

    // Reads name, '=', name, '=' …: what is no secret's name is looked at as a value, and what follows it may be a pair again.
    private static void MaskPairs(ref MaskCursor cursor, int at, int end, bool matrix)
    {
        ReadOnlySpan<byte> text = cursor.Source[..end];
        int start = at;
        while (at < end)
        {
            int skip = text[at..].IndexOfAny(s_pairBytes);
            if (skip < 0)
            {
                break;
            }

            int here = at + skip;
            at = here;
            byte value = EncodedByte.Read(text, ref at, out int depth);
            if (value is (byte)'&' or (byte)';' or (byte)'?' or (byte)'#')
            {
                MaskTokens(ref cursor, start, here);
                start = at;
            }
            else if (value == '=')
            {
                if (SecretNames.IsParameter(text[start..here]))
                {
                    int valueEnd = ValueEnd(text, at, depth, matrix);
                    cursor.Mask(at, valueEnd);
                    at = valueEnd;
                }
                else
                {
                    MaskTokens(ref cursor, start, here);
                }

                start = at;
            }
        }

        MaskTokens(ref cursor, start, end);
    }

    // A value ends at a separator that is encoded no deeper than its '='.
    private static int ValueEnd(ReadOnlySpan<byte> text, int at, int depth, bool matrix)
    {
        while (at < text.Length)
        {
            int skip = text[at..].IndexOfAny(s_pairBytes);
            if (skip < 0)
            {
                break;
            }

            int here = at + skip;
            at = here;
            byte value = EncodedByte.Read(text, ref at, out int deep);
            if (deep <= depth && (value is (byte)'&' or (byte)'#' || (value == ';' && (matrix || depth > 0))))
            {
                return here;
            }
        }

        return text.Length;
    }

    // Looks at each run of token bytes.
    private static void MaskTokens(ref MaskCursor cursor, int at, int end)
    {
        ReadOnlySpan<byte> text = cursor.Source[..end];
        if (end - at < SecretShape.MinLength && !text[at..].ContainsAny((byte)':', (byte)'%'))
        {
            // Too short for a token, and no bot's.
            return;
        }

        while (at < end)
        {
            int start = at;
            bool encoded = false;
            int runEnd = RunEnd(text, start, ref encoded);
            if (runEnd == start)
            {
                EncodedByte.Read(text, ref at, out _);
                continue;
            }

            at = runEnd;
            ReadOnlySpan<byte> run = text[start..runEnd];
            if (run.StartsWith("eyJ"u8) && JwtEnd(text, start) is int jwtEnd and > 0)
            {
                cursor.Mask(start, jwtEnd);
                at = jwtEnd;
            }
            else if (run.StartsWith("bot"u8) && run.Length > 3 && NumericShape.DigitRun(run, 3) == run.Length && runEnd < end)
            {
                int secret = runEnd;
                if (EncodedByte.Read(text, ref secret, out _) == ':')
                {
                    at = RunEnd(text, secret, ref encoded);
                    cursor.Mask(secret, at);
                }
            }
            else if (run.Length >= SecretShape.MinLength)
            {
                int keep = encoded ? FindEncoded(run) : SecretShape.Find(run);
                if (keep >= 0)
                {
                    cursor.Mask(start + keep, runEnd);
                }
            }
        }
    }

    private static int RunEnd(ReadOnlySpan<byte> text, int at, ref bool encoded)
    {
        const ByteClass Run = ByteClass.Digit | ByteClass.HexLetter | ByteClass.Lower | ByteClass.Upper | ByteClass.Dash;
        ReadOnlySpan<ByteClass> table = ByteClasses.Table;
        while (at < text.Length)
        {
            if ((table[text[at]] & Run) != 0)
            {
                at++;
                continue;
            }

            int next = at;
            if (text[at] != '%' || (table[EncodedByte.Read(text, ref next, out _)] & Run) == 0)
            {
                break;
            }

            encoded = true;
            at = next;
        }

        return at;
    }

    // Header, payload, signature: from eyJ on as long as token bytes and dots go; 0 when there is no second part.
    private static int JwtEnd(ReadOnlySpan<byte> text, int start)
    {
        bool encoded = false;
        int at = RunEnd(text, start, ref encoded);
        bool parts = false;
        while (at + 1 < text.Length && text[at] == '.')
        {
            int next = RunEnd(text, at + 1, ref encoded);
            parts |= next > at + 1;
            at = next;
        }

        return parts && at - start >= SecretShape.MinLength ? at : 0;
    }

    private static int FindEncoded(ReadOnlySpan<byte> run)
    {
        Span<byte> buffer = stackalloc byte[DecodedBytes];
        int length = 0;
        for (int at = 0; at < run.Length && length < buffer.Length;)
        {
            buffer[length++] = EncodedByte.Read(run, ref at, out _);
        }

        return SecretShape.Find(buffer[..length]) >= 0 ? 0 : -1;
    }

    private static bool IsCode(ReadOnlySpan<byte> segment)
    {
        if (!segment.Contains((byte)'%'))
        {
            return SecretShape.IsCode(segment);
        }

        Span<byte> buffer = stackalloc byte[DecodedBytes];
        return SecretShape.IsCode(buffer[..PercentCode.Decode(segment, buffer, out _)]);
    }

    // T012AB3CD, B012AB3CD.
    private static bool IsSlackId(ReadOnlySpan<byte> segment) =>
        segment.Length is >= 8 and <= 16 && (ByteClasses.Of(segment) & ~ByteClass.HexLetter) == (ByteClass.Digit | ByteClass.Upper);
}
