using System.Globalization;
using System.Text.RegularExpressions;

namespace CfLogStream.Cli.Verbs;

/// <summary>Reads times as people write them: <c>2026-11-29 14:03 Europe/Berlin</c>, <c>14:03</c>, <c>2h</c>, a Unix time.</summary>
internal sealed partial class MomentReader
{
    private static readonly string[] s_dateForms = ["yyyy-MM-dd"];
    private static readonly string[] s_timeForms = [@"h\:mm", @"hh\:mm", @"h\:mm\:ss", @"hh\:mm\:ss", @"hh\:mm\:ss\.FFFFFFF", @"h\:mm\:ss\.FFFFFFF"];

    private readonly TimeZoneInfo _zone;
    private readonly DateTime _now;

    /// <param name="zone">The zone of times that name none.</param>
    /// <param name="now">UTC; what <c>2h</c> and <c>14:03</c> count from.</param>
    public MomentReader(TimeZoneInfo zone, DateTime now)
    {
        _zone = zone;
        _now = now;
    }

    /// <summary>The zone that the time read last named; else the one given.</summary>
    public TimeZoneInfo? NamedZone { get; private set; }

    /// <summary>Reads a moment, UTC.</summary>
    public DateTime Read(string option, string text)
    {
        string trimmed = text.Trim();
        if (trimmed == "now")
        {
            return _now;
        }

        if (TryDuration(trimmed, out TimeSpan ago))
        {
            return _now - ago;
        }

        if (trimmed.Length is 10 or 13 or 16 or 19 && long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out long unix))
        {
            // Seconds, milliseconds, microseconds or nanoseconds, as Logpush writes them.
            decimal ticks = (decimal)unix * TimeSpan.TicksPerSecond / (decimal)Math.Pow(10, trimmed.Length - 10);
            return DateTime.UnixEpoch.AddTicks((long)ticks);
        }

        Match match = Parts().Match(trimmed);
        string date = match.Groups["date"].Value;
        string time = match.Groups["time"].Value.Replace(',', '.');
        if (!match.Success || date.Length + time.Length == 0)
        {
            throw Bad(option, text, "it is no time");
        }

        TimeZoneInfo zone = _zone;
        if (match.Groups["zone"].Value is { Length: > 0 } name)
        {
            zone = Zone(option, name);
            NamedZone = zone;
        }

        DateTime day = TimeZoneInfo.ConvertTimeFromUtc(_now, zone).Date;
        if (date.Length > 0 && !DateTime.TryParseExact(date, s_dateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
        {
            throw Bad(option, text, $"there is no day '{date}'");
        }

        TimeSpan ofDay = default;
        if (time.Length > 0
            && (!TimeSpan.TryParseExact(time, s_timeForms, CultureInfo.InvariantCulture, out ofDay) || ofDay >= TimeSpan.FromDays(1)))
        {
            throw Bad(option, text, $"there is no time of day '{time}'");
        }

        DateTime utc = ToUtc(option, text, day + ofDay, zone);

        // A time without a day is the last one that has been.
        return date.Length == 0 && utc > _now ? ToUtc(option, text, day.AddDays(-1) + ofDay, zone) : utc;
    }

    /// <summary>Whether a text is a length of time and no moment.</summary>
    public static bool IsDuration(string text) => TryDuration(text.Trim(), out _);

    /// <summary>Reads a length of time such as <c>90s</c>, <c>5m</c>, <c>2h</c>, <c>7d</c>.</summary>
    public static TimeSpan ReadDuration(string option, string text) => TryDuration(text.Trim(), out TimeSpan length) && length > TimeSpan.Zero
        ? length
        : throw CommandException.Usage(
            $"The value of '{option}' is '{text}'; expected a number and a unit: s, m, h, d or w, for instance '5m'.");

    /// <summary>Finds a time zone: UTC, an offset, or a name of the IANA database.</summary>
    public static TimeZoneInfo Zone(string option, string name)
    {
        if (name is "Z" or "z" || name.Equals("UTC", StringComparison.OrdinalIgnoreCase) || name.Equals("GMT", StringComparison.OrdinalIgnoreCase))
        {
            return TimeZoneInfo.Utc;
        }

        Match offset = Offset().Match(name);
        if (offset.Success)
        {
            int hours = int.Parse(offset.Groups["hours"].Value, CultureInfo.InvariantCulture);
            int minutes = offset.Groups["minutes"].Value is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : 0;
            var length = new TimeSpan(hours, minutes, 0);
            if (hours <= 14 && minutes < 60 && length <= TimeSpan.FromHours(14))
            {
                return TimeZoneInfo.CreateCustomTimeZone(name, offset.Groups["sign"].Value == "-" ? -length : length, name, name);
            }
        }
        else if (name.Contains('/', StringComparison.Ordinal) || char.IsAsciiLetter(name[0]))
        {
            if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone))
            {
                return zone;
            }

            if (TimeZoneInfo.GetSystemTimeZones().Count <= 1)
            {
                throw CommandException.Usage(
                    $"The value of '{option}' names the time zone '{name}', but this machine has no time zone data: install the package 'tzdata', "
                    + "or give an offset such as '+01:00'.");
            }
        }

        throw CommandException.Usage(
            $"The value of '{option}' names the time zone '{name}', which is not known; expected 'UTC', an offset such as '+01:00', or a name such as "
            + "'Europe/Berlin'. Abbreviations such as 'PST' mean several zones.");
    }

    private static DateTime ToUtc(string option, string text, DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            throw Bad(option, text, $"clocks in {zone.Id} were put forward then, so there was no such time");
        }

        if (zone.IsAmbiguousTime(local))
        {
            string[] offsets = [.. zone.GetAmbiguousTimeOffsets(local).OrderDescending().Select(Shown)];
            throw Bad(option, text, $"clocks in {zone.Id} were put back then, so it was twice: give the offset, {string.Join(" or ", offsets)}");
        }

        return TimeZoneInfo.ConvertTimeToUtc(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), zone);
    }

    private static string Shown(TimeSpan offset) => (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);

    private static bool TryDuration(string text, out TimeSpan length)
    {
        Match match = Duration().Match(text);
        length = default;
        if (!match.Success || !double.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            || number > 100_000)
        {
            return false;
        }

        length = match.Groups["unit"].Value switch
        {
            "s" => TimeSpan.FromSeconds(number),
            "m" or "min" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            "d" => TimeSpan.FromDays(number),
            _ => TimeSpan.FromDays(7 * number),
        };
        return length <= TimeSpan.FromDays(3660);
    }

    private static CommandException Bad(string option, string text, string why) => CommandException.Usage(
        $"The value of '{option}' is '{text}': {why}; expected for instance '2026-11-29 14:03 Europe/Berlin', '2026-11-29T14:03:05Z', '14:03', or '2h' for two hours ago.");

    [GeneratedRegex(@"^(?<date>\d{4}-\d{1,2}-\d{1,2})?(?:(?<=\d)[Tt ]+(?=\d))?(?:(?<time>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,7})?)?)(?:(?<=[.,]\d{7})\d{1,2})?)?\s*(?<zone>[A-Za-z+\-][A-Za-z0-9_+\-/:]*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();

    [GeneratedRegex(@"^(?:UTC|GMT)?(?<sign>[+-])(?<hours>\d{1,2}):?(?<minutes>\d{2})?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Offset();

    [GeneratedRegex(@"^(?<number>\d{1,6}(?:\.\d{1,3})?)\s*(?<unit>s|m|min|h|d|w)$", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
