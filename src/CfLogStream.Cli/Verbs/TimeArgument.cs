using System.Globalization;

namespace CfLogStream.Cli.Verbs;

/// <summary>Reads times of the command line: a moment in UTC, or so long ago.</summary>
internal static class TimeArgument
{
    /// <summary>Reads <c>2026-08-06T12:00Z</c>, or <c>90m</c>, <c>6h</c>, <c>7d</c> before now.</summary>
    public static DateTime Read(string option, string text, TimeProvider time)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        if (text.Length is > 1 and < 8 && text[^1] is 'm' or 'h' or 'd'
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            TimeSpan ago = text[^1] switch
            {
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                _ => TimeSpan.FromDays(count),
            };
            return ago < now - DateTime.UnixEpoch ? now - ago : DateTime.UnixEpoch;
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset moment)
            && moment >= DateTimeOffset.UnixEpoch && moment.Year < 2106
            ? moment.UtcDateTime
            : throw CommandException.Usage(
                $"The value of '{option}' is '{text}'; expected a time such as '2026-08-06T12:00Z', or a time ago such as '90m', '6h' or '7d'.");
    }
}
