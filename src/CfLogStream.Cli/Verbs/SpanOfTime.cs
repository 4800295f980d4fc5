using System.Globalization;

namespace CfLogStream.Cli.Verbs;

/// <summary>Reads a time, or how long before the newest data.</summary>
internal static class SpanOfTime
{
    /// <summary>Returns the time in UTC; null when none was given.</summary>
    /// <param name="end">What durations count back from.</param>
    public static DateTime? Read(string option, string text, DateTime end)
    {
        string trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            return null;
        }

        TimeSpan? unit = trimmed[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        if (unit is { } one && int.TryParse(trimmed.AsSpan(0, trimmed.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count <= TimeSpan.FromDays(3650) / one)
        {
            return end - (one * count);
        }

        return DateTimeOffset.TryParse(
            trimmed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time.UtcDateTime
            : throw CommandException.Usage(
                $"The value of '{option}' is '{text}'; expected a time such as '2026-08-06T12:00:00Z', or how long before the newest data, such as '2h'.");
    }
}
