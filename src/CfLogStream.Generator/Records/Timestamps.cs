namespace CfLogStream.Generator.Records;

/// <summary>Writes milliseconds since 1970 in the forms that Logpush offers.</summary>
internal static class Timestamps
{
    private const long MsPerDay = 86_400_000;

    /// <summary>Appends a JSON value: a number or a quoted text.</summary>
    public static void Write(RecordBuffer buffer, long ms, TimestampFormat format)
    {
        switch (format)
        {
            case TimestampFormat.UnixNano:
                buffer.Number(ms * 1_000_000);
                break;
            case TimestampFormat.Unix:
                buffer.Number(ms / 1000);
                break;
            default:
                buffer.Raw((byte)'"');
                WriteText(buffer, ms, format);
                buffer.Raw((byte)'"');
                break;
        }
    }

    /// <summary>Appends <c>2026-08-06T12:00:00Z</c>, with a fraction when the format has one.</summary>
    public static void WriteText(RecordBuffer buffer, long ms, TimestampFormat format)
    {
        Date(ms, out int year, out int month, out int day);
        long inDay = ms % MsPerDay;
        buffer.Digits(year, 4);
        buffer.Raw((byte)'-');
        buffer.Digits(month, 2);
        buffer.Raw((byte)'-');
        buffer.Digits(day, 2);
        buffer.Raw((byte)'T');
        buffer.Digits(inDay / 3_600_000, 2);
        buffer.Raw((byte)':');
        buffer.Digits(inDay / 60_000 % 60, 2);
        buffer.Raw((byte)':');
        buffer.Digits(inDay / 1000 % 60, 2);
        if (format is TimestampFormat.Rfc3339Ms or TimestampFormat.Rfc3339Ns)
        {
            buffer.Raw((byte)'.');
            buffer.Digits(inDay % 1000, 3);
            if (format == TimestampFormat.Rfc3339Ns)
            {
                buffer.Raw("000000"u8);
            }
        }

        buffer.Raw((byte)'Z');
    }

    /// <summary>Returns <c>20260806T120000Z</c>.</summary>
    public static string Compact(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'",
            System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Returns <c>20260806</c>.</summary>
    public static string Day(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);

    // Days to civil date by the 400-year cycle; times are after 1970.
    private static void Date(long ms, out int year, out int month, out int day)
    {
        long days = (ms / MsPerDay) + 719_468;
        long era = days / 146_097;
        int ofEra = (int)(days - (era * 146_097));
        int yearOfEra = (ofEra - (ofEra / 1460) + (ofEra / 36_524) - (ofEra / 146_096)) / 365;
        int ofYear = ofEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        int shifted = ((5 * ofYear) + 2) / 153;
        day = ofYear - (((153 * shifted) + 2) / 5) + 1;
        month = shifted < 10 ? shifted + 3 : shifted - 9;
        year = (int)(yearOfEra + (era * 400)) + (month <= 2 ? 1 : 0);
    }
}
