using System.Text;

namespace CfLogStream.Core.Logpush;

/// <summary>The strings of JSON: finding their end and decoding their escapes.</summary>
internal static class JsonText
{
    /// <summary>Returns the index of the closing quote of a string whose content starts at <paramref name="start"/>; -1 when there is
    /// none.</summary>
    /// <param name="escaped">Whether the content has escapes.</param>
    public static int IndexOfClosingQuote(ReadOnlySpan<byte> json, int start, out bool escaped)
    {
        escaped = false;
        int i = start;
        while (true)
        {
            int step = json[i..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
            {
                return -1;
            }

            i += step;
            if (json[i] == (byte)'"')
            {
                return i;
            }

            escaped = true;
            i += 2;
            if (i > json.Length)
            {
                return -1;
            }
        }
    }

    /// <summary>Decodes JSON escapes; the result is never longer. A lone surrogate becomes U+FFFD, an unknown escape its
    /// character.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> content, Span<byte> destination)
    {
        int written = 0;
        int i = 0;
        while (i < content.Length)
        {
            int run = content[i..].IndexOf((byte)'\\');
            if (run < 0)
            {
                run = content.Length - i;
            }

            content.Slice(i, run).CopyTo(destination[written..]);
            written += run;
            i += run;
            if (i + 1 >= content.Length)
            {
                break;
            }

            byte escape = content[i + 1];
            i += 2;
            if (escape == (byte)'u')
            {
                written += DecodeUnicode(content, ref i).EncodeToUtf8(destination[written..]);
                continue;
            }

            destination[written++] = escape switch
            {
                (byte)'b' => 8,
                (byte)'f' => 12,
                (byte)'n' => 10,
                (byte)'r' => 13,
                (byte)'t' => 9,
                _ => escape,
            };
        }

        return written;
    }

    private static Rune DecodeUnicode(ReadOnlySpan<byte> content, ref int i)
    {
        if (!TryReadHex4(content, i, out int high))
        {
            return Rune.ReplacementChar;
        }

        i += 4;
        if (char.IsHighSurrogate((char)high)
            && i + 1 < content.Length && content[i] == (byte)'\\' && content[i + 1] == (byte)'u'
            && TryReadHex4(content, i + 2, out int low) && char.IsLowSurrogate((char)low))
        {
            i += 6;
            return new Rune((char)high, (char)low);
        }

        return Rune.TryCreate(high, out Rune rune) ? rune : Rune.ReplacementChar;
    }

    private static bool TryReadHex4(ReadOnlySpan<byte> content, int start, out int value)
    {
        value = 0;
        if (content.Length - start < 4)
        {
            return false;
        }

        foreach (byte digit in content.Slice(start, 4))
        {
            int nibble = HexDigit(digit);
            if (nibble < 0)
            {
                return false;
            }

            value = (value << 4) | nibble;
        }

        return true;
    }

    private static int HexDigit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
