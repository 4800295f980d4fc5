namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Percent-encoding (RFC 3986 §2.1), undone once; what is no valid <c>%XX</c> stays as it is.</summary>
internal static class PercentCode
{
    /// <summary>Decodes as much as the destination holds.</summary>
    /// <returns>The bytes written; <paramref name="whole"/> says whether all of the text is in them.</returns>
    public static int Decode(ReadOnlySpan<byte> text, Span<byte> destination, out bool whole)
    {
        int written = 0;
        int read = 0;
        while (read < text.Length && written < destination.Length)
        {
            byte value = text[read];
            if (value == '%' && TryRead(text, read, out byte decoded))
            {
                value = decoded;
                read += 2;
            }

            destination[written++] = value;
            read++;
        }

        whole = read == text.Length;
        return written;
    }

    /// <summary>Reads the <c>%XX</c> at <paramref name="at"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, int at, out byte value)
    {
        value = 0;
        return at < text.Length && text[at] == '%' && TryReadDigits(text, at + 1, out value);
    }

    /// <summary>Reads the two hexadecimal digits at <paramref name="at"/>.</summary>
    public static bool TryReadDigits(ReadOnlySpan<byte> text, int at, out byte value)
    {
        value = 0;
        if (at + 1 >= text.Length)
        {
            return false;
        }

        int both = (HexValue(text[at]) << 4) | HexValue(text[at + 1]);
        value = (byte)both;
        return both >= 0;
    }

    private static int HexValue(byte value)
    {
        int digit = value - '0';
        if ((uint)digit <= 9)
        {
            return digit;
        }

        int letter = (value | 0x20) - 'a';
        return (uint)letter <= 5 ? letter + 10 : -1;
    }
}
