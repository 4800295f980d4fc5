namespace CfLogStream.Core.Logpush;

/// <summary>Reads the timestamps of Logpush, in every form they come in, to nanoseconds since 1970-01-01 UTC.</summary>
/// <remarks>
/// Forms: an integer; a decimal of seconds, ms or µs; <c>2024-11-07T03:40:38Z</c> with any number of fraction digits (those past the
/// ninth are cut off), <c>T</c>, <c>t</c> or one space between date and time, and <c>Z</c>, <c>z</c>, <c>+hh:mm</c>, <c>+hhmm</c>,
/// <c>+hh</c> or nothing (UTC) behind it. Strings and numbers are read alike, so <c>"1653485132"</c> is <c>1653485132</c>.
/// An integer's unit follows from its magnitude: below 10^11 seconds, below 10^14 milliseconds, below 10^17 microseconds, else nanoseconds.
/// Within the accepted range the four never overlap. Integers are never read through a double: it cannot hold unixnano.
/// Usable is what lies in [<see cref="MinNs"/>, <see cref="MaxNs"/>): zero values (0, 0001-01-01) are no times, and the tables'
/// DateTime ends in 2106. There are no leap seconds in the data; a second of 60 is refused.
/// </remarks>
public static class Timestamp
{
    /// <summary>2000-01-01T00:00:00Z: the earliest usable time.</summary>
    public const long MinNs = 946_684_800 * NsPerSecond;

    /// <summary>2100-01-01T00:00:00Z: the first time too late to be usable.</summary>
    public const long MaxNs = 4_102_444_800 * NsPerSecond;

    private const long NsPerSecond = 1_000_000_000;

    /// <summary>Reads a timestamp's text; false when it has none of the forms or lies outside the usable range.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long ns)
    {
        bool parsed = text.Length > 4 && text[4] == (byte)'-' ? TryParseDate(text, out ns) : TryParseNumber(text, out ns);
        if (parsed && ns is >= MinNs and < MaxNs)
        {
            return true;
        }

        ns = 0;
        return false;
    }

    private static bool TryParseNumber(ReadOnlySpan<byte> text, out long ns)
    {
        ns = 0;
        int point = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = point < 0 ? text : text[..point];
        if (whole.Length is 0 or > 19)
        {
            return false;
        }

        if (!Digits.TryParse(whole, out ulong value))
        {
            return false;
        }

        if (value > long.MaxValue)
        {
            return false;
        }

        long unit = value switch
        {
            < 100_000_000_000 => NsPerSecond,
            < 100_000_000_000_000 => 1_000_000,
            < 100_000_000_000_000_000 => 1_000,
            _ => 1,
        };
        if ((long)value > long.MaxValue / unit - 1)
        {
            return false;
        }

        ns = (long)value * unit;
        if (point < 0)
        {
            return true;
        }

        bool hasFraction = TryParseFraction(text[(point + 1)..], out long fraction, out int digits) && digits == text.Length - point - 1;
        ns += fraction / (NsPerSecond / unit);
        return hasFraction;
    }

    private static bool TryParseDate(ReadOnlySpan<byte> text, out long ns)
    {
        ns = 0;
        if (text.Length < 19 || text[7] != (byte)'-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ')
            || text[13] != (byte)':' || text[16] != (byte)':'
            || !TryTwoDigits(text, 0, out int century) || !TryTwoDigits(text, 2, out int yearOfCentury)
            || !TryTwoDigits(text, 5, out int month) || !TryTwoDigits(text, 8, out int day)
            || !TryTwoDigits(text, 11, out int hour) || !TryTwoDigits(text, 14, out int minute) || !TryTwoDigits(text, 17, out int second))
        {
            return false;
        }

        int year = (century * 100) + yearOfCentury;
        if (year is < 1990 or > 2110 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[19..];
        long fraction = 0;
        if (!rest.IsEmpty && rest[0] == (byte)'.')
        {
            if (!TryParseFraction(rest[1..], out fraction, out int digits))
            {
                return false;
            }

            rest = rest[(digits + 1)..];
        }

        if (!TryParseOffset(rest, out int offsetMinutes))
        {
            return false;
        }

        long seconds = (DaysSinceEpoch(year, month, day) * 86_400) + (hour * 3600) + (minute * 60) + second - (offsetMinutes * 60L);
        ns = (seconds * NsPerSecond) + fraction;
        return true;
    }

    /// <summary>Reads leading digits as a fraction of a second in nanoseconds; false when there is none.</summary>
    private static bool TryParseFraction(ReadOnlySpan<byte> text, out long ns, out int digits)
    {
        ns = 0;
        digits = 0;
        long scale = NsPerSecond / 10;
        while (digits < text.Length && IsDigit(text[digits]))
        {
            ns += scale * (text[digits] - '0');
            scale /= 10;
            digits++;
        }

        return digits > 0;
    }

    private static bool TryParseOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.IsEmpty || text is [(byte)'Z' or (byte)'z'])
        {
            return true;
        }

        if (text[0] is not ((byte)'+' or (byte)'-') || text.Length is not (3 or 5 or 6) || !TryTwoDigits(text, 1, out int hours))
        {
            return false;
        }

        int minutesAt = text.Length == 6 ? 4 : 3;
        int rest = 0;
        if ((text.Length == 6 && text[3] != (byte)':') || (text.Length > 3 && !TryTwoDigits(text, minutesAt, out rest))
            || hours > 23 || rest > 59)
        {
            return false;
        }

        minutes = (hours * 60) + rest;
        minutes = text[0] == (byte)'-' ? -minutes : minutes;
        return true;
    }

    /// <summary>Days from 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.</summary>
    private static long DaysSinceEpoch(int year, int month, int day)
    {
        int marchYear = month <= 2 ? year - 1 : year;
        int era = marchYear / 400;
        int yearOfEra = marchYear - (era * 400);
        int dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        int dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097L) + dayOfEra - 719_468;
    }

    private static bool TryTwoDigits(ReadOnlySpan<byte> text, int start, out int value)
    {
        uint tens = (uint)(text[start] - '0');
        uint ones = (uint)(text[start + 1] - '0');
        value = (int)((tens * 10) + ones);
        return tens <= 9 && ones <= 9;
    }

    private static bool IsDigit(byte value) => (uint)(value - '0') <= 9;
}
