using System.Buffers;

namespace CfLogStream.Core.Logpush;

/// <summary>Steps through the values inside an array or object that the reader has already found well-formed.</summary>
internal static class JsonValue
{
    private static readonly SearchValues<byte> s_scalarEnds = SearchValues.Create(" \t\r\n,:]}"u8);

    /// <summary>Reads the next value before <paramref name="end"/> as text and moves behind it; false when there is none.</summary>
    public static bool TryReadNext(LogRecord record, scoped ref int next, int end, out ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> json = record.Raw(0, end);
        int i = next;
        while (i < end && json[i] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or (byte)':')
        {
            i++;
        }

        if (i >= end)
        {
            next = end;
            text = default;
            return false;
        }

        if (json[i] == (byte)'"')
        {
            int quote = JsonText.IndexOfClosingQuote(json, i + 1, out bool escaped);
            if (quote < 0)
            {
                next = end;
                text = default;
                return false;
            }

            next = quote + 1;
            text = escaped ? record.Decoded(record.Decode(i + 1, quote - i - 1)) : json.Slice(i + 1, quote - i - 1);
            return true;
        }

        next = SkipValue(json, i);
        text = json[i..next];
        if (text.SequenceEqual("null"u8))
        {
            text = default;
        }

        return true;
    }

    /// <summary>Returns the index behind the value that begins at <paramref name="i"/>.</summary>
    public static int SkipValue(ReadOnlySpan<byte> json, int i) => json[i] switch
    {
        (byte)'"' => JsonText.IndexOfClosingQuote(json, i + 1, out _) + 1,
        (byte)'[' or (byte)'{' => SkipNested(json, i),
        _ => SkipScalar(json, i),
    };

    private static int SkipScalar(ReadOnlySpan<byte> json, int i)
    {
        int length = json[i..].IndexOfAny(s_scalarEnds);
        return length < 0 ? json.Length : i + length;
    }

    private static int SkipNested(ReadOnlySpan<byte> json, int i)
    {
        int depth = 0;
        while (i < json.Length)
        {
            switch (json[i])
            {
                case (byte)'"':
                    int quote = JsonText.IndexOfClosingQuote(json, i + 1, out _);
                    if (quote < 0)
                    {
                        return json.Length;
                    }

                    i = quote + 1;
                    continue;
                case (byte)'[' or (byte)'{':
                    depth++;
                    break;
                case (byte)']' or (byte)'}':
                    depth--;
                    if (depth == 0)
                    {
                        return i + 1;
                    }

                    break;
            }

            i++;
        }

        return json.Length;
    }
}
