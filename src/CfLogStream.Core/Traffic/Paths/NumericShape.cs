namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Recognises numbers, dates, times, addresses and lists of ids that fill a whole text.</summary>
internal static class NumericShape
{
    /// <summary>Returns the placeholder for a whole segment that is a number, a date, a time, an IP address or a list; else
    /// empty.</summary>
    public static ReadOnlySpan<byte> Placeholder(ReadOnlySpan<byte> text, ByteClass seen)
    {
        if (IsInteger(text, seen))
        {
            return Placeholders.Id;
        }

        ReadOnlySpan<byte> calendar = Calendar(text, seen);
        if (!calendar.IsEmpty)
        {
            return calendar;
        }

        if ((seen & ByteClass.Odd) != 0)
        {
            return (seen & ByteClass.Digit) != 0 && text.Contains((byte)',') ? List(text) : default;
        }

        if ((seen & ByteClass.Stop) == 0)
        {
            return default;
        }

        if (IsDecimal(text))
        {
            return Placeholders.Num;
        }

        if (IsAddress(text))
        {
            return Placeholders.Ip;
        }

        return IsVersionNumber(text) ? Placeholders.Num : default;
    }

    /// <summary>True for digits with at most a sign before them.</summary>
    public static bool IsInteger(ReadOnlySpan<byte> text, ByteClass seen)
    {
        if (seen == ByteClass.Digit)
        {
            return true;
        }

        return seen == (ByteClass.Digit | ByteClass.Dash) && text[0] == '-' && DigitRun(text, 1) == text.Length;
    }

    /// <summary>Returns the placeholder for a date (<c>2025-03</c>, <c>2025-03-09</c>), a date with time, or a time of day; else
    /// empty.</summary>
    public static ReadOnlySpan<byte> Calendar(ReadOnlySpan<byte> text, ByteClass seen)
    {
        const int YearMonth = 7;
        const int YearMonthDay = 10;
        if ((seen & ByteClass.Digit) == 0 || text.Length < 5 || DigitRun(text, 0) == 0)
        {
            return default;
        }

        if (text.Length >= YearMonth && text[4] == '-' && IsYear(text) && IsNumber(text.Slice(5, 2), 1, 12))
        {
            if (text.Length == YearMonth)
            {
                return Placeholders.Date;
            }

            if (text.Length >= YearMonthDay && text[7] == '-' && IsNumber(text.Slice(8, 2), 1, 31))
            {
                return text.Length == YearMonthDay ? Placeholders.Date
                    : text[10] is (byte)'T' or (byte)'t' or (byte)' ' or (byte)'_' && IsClock(text[11..]) ? Placeholders.Time : default;
            }

            return default;
        }

        // ISO 8601 basic form, as in 20250309T124410Z.
        if (text.Length >= 13 && text[8] == 'T' && IsYear(text) && IsNumber(text.Slice(4, 2), 1, 12) && IsNumber(text.Slice(6, 2), 1, 31)
            && IsClock(text[9..]))
        {
            return Placeholders.Time;
        }

        int hours = DigitRun(text, 0);
        return hours <= 2 && text.Length >= hours + 3 && text[hours] == ':' && IsClock(text) && IsNumber(text.Slice(hours + 1, 2), 0, 59)
            ? Placeholders.Time
            : default;
    }

    /// <summary>Returns where the run of digits that starts at <paramref name="at"/> ends.</summary>
    public static int DigitRun(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] - '0' is >= 0 and <= 9)
        {
            at++;
        }

        return at;
    }

    // Hours, minutes, seconds, fraction and offset, only as strict as needed to tell them from names.
    private static bool IsClock(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] - '0' is < 0 or > 9)
        {
            return false;
        }

        foreach (byte value in text)
        {
            if (value - '0' is < 0 or > 9 && !":.,+-Zz"u8.Contains(value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsYear(ReadOnlySpan<byte> text) => IsNumber(text[..4], 1900, 2199);

    private static bool IsNumber(ReadOnlySpan<byte> text, int least, int most)
    {
        int number = 0;
        foreach (byte value in text)
        {
            int digit = value - '0';
            if ((uint)digit > 9)
            {
                return false;
            }

            number = (number * 10) + digit;
        }

        return number >= least && number <= most;
    }

    private static bool IsDecimal(ReadOnlySpan<byte> text)
    {
        int start = text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        int whole = DigitRun(text, start);
        return whole > start && whole + 1 < text.Length && text[whole] == '.' && DigitRun(text, whole + 1) == text.Length;
    }

    // 1.2.3 or 1.2.3-beta.4; two parts are a decimal, four small ones an address.
    private static bool IsVersionNumber(ReadOnlySpan<byte> text)
    {
        int at = 0;
        int parts = 0;
        while (true)
        {
            int end = DigitRun(text, at);
            if (end == at)
            {
                return false;
            }

            parts++;
            if (end == text.Length)
            {
                return parts >= 3;
            }

            if (text[end] != '.')
            {
                return parts >= 3 && text[end] is (byte)'-' or (byte)'+' && end + 1 < text.Length;
            }

            at = end + 1;
        }
    }

    private static ReadOnlySpan<byte> List(ReadOnlySpan<byte> text)
    {
        bool decimals = false;
        while (true)
        {
            int comma = text.IndexOf((byte)',');
            ReadOnlySpan<byte> item = comma < 0 ? text : text[..comma];
            if (item.IsEmpty)
            {
                return default;
            }

            ByteClass seen = ByteClasses.Of(item);
            if (!IsInteger(item, seen))
            {
                if ((seen & ~(ByteClass.Digit | ByteClass.Dash | ByteClass.Stop | ByteClass.Mark)) == 0 && IsDecimal(item))
                {
                    decimals = true;
                }
                else if (!TokenShape.IsUuid(item) && !TokenShape.IsUlid(item, seen) && !TokenShape.IsHexId(item, seen))
                {
                    return default;
                }
            }

            if (comma < 0)
            {
                return decimals ? Placeholders.Num : Placeholders.Id;
            }

            text = text[(comma + 1)..];
        }
    }

    private static bool IsAddress(ReadOnlySpan<byte> text)
    {
        int colon = text.IndexOf((byte)':');
        if (colon < 0)
        {
            return IsIpv4(text);
        }

        if (IsIpv4(text[..colon]))
        {
            return colon + 1 < text.Length && DigitRun(text, colon + 1) == text.Length;
        }

        return IsIpv6(text);
    }

    private static bool IsIpv4(ReadOnlySpan<byte> text)
    {
        int at = 0;
        for (int part = 0; part < 4; part++)
        {
            int end = DigitRun(text, at);
            if (end - at is < 1 or > 3 || !IsNumber(text[at..end], 0, 255))
            {
                return false;
            }

            if (part == 3)
            {
                return end == text.Length;
            }

            if (end == text.Length || text[end] != '.')
            {
                return false;
            }

            at = end + 1;
        }

        return false;
    }

    private static bool IsIpv6(ReadOnlySpan<byte> text)
    {
        int groups = 0;
        bool gap = false;
        int at = 0;
        if (text.StartsWith("::"u8))
        {
            gap = true;
            at = 2;
        }

        while (at < text.Length)
        {
            int colon = text[at..].IndexOf((byte)':');
            ReadOnlySpan<byte> group = colon < 0 ? text[at..] : text.Slice(at, colon);
            if (colon < 0 && IsIpv4(group))
            {
                groups += 2;
                break;
            }

            if (group.Length is < 1 or > 4 || !TokenShape.IsHex(group))
            {
                return false;
            }

            groups++;
            if (colon < 0)
            {
                break;
            }

            at += colon + 1;
            if (at == text.Length)
            {
                return false;
            }

            if (text[at] == ':')
            {
                if (gap)
                {
                    return false;
                }

                gap = true;
                at++;
            }
        }

        return gap ? groups <= 7 : groups == 8;
    }
}
