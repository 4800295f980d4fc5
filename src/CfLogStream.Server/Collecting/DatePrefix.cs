using System.Globalization;

namespace CfLogStream.Server.Collecting;

/// <summary>The beginning of keys, with <c>{DATE}</c> for a day or without.</summary>
internal sealed class DatePrefix
{
    /// <summary>What stands for the day, as in Logpush's destinations.</summary>
    public const string Placeholder = "{DATE}";

    private readonly string _prefix;
    private readonly string _format;

    /// <param name="prefix">The beginning of keys.</param>
    /// <param name="format">How a day is written there, for instance <c>yyyyMMdd</c>.</param>
    public DatePrefix(string prefix, string format)
    {
        _prefix = prefix;
        _format = format;
    }

    /// <summary>Returns the prefixes of every day of a span, the day before it and the day after it, oldest first.</summary>
    /// <remarks>The days around it, because neither the time zone of <c>{DATE}</c> is documented nor whether it is the day of the records or
    /// of their delivery. Two days may share a prefix when the format leaves out the day.</remarks>
    public IReadOnlyList<string> Of(DateTimeOffset from, DateTimeOffset to)
    {
        if (!_prefix.Contains(Placeholder, StringComparison.Ordinal))
        {
            return [_prefix];
        }

        var prefixes = new List<string>();
        DateTime last = to.UtcDateTime.Date.AddDays(1);
        for (DateTime day = from.UtcDateTime.Date.AddDays(-1); day <= last; day = day.AddDays(1))
        {
            string prefix = _prefix.Replace(Placeholder, day.ToString(_format, CultureInfo.InvariantCulture), StringComparison.Ordinal);
            if (prefixes.Count == 0 || prefixes[^1] != prefix)
            {
                prefixes.Add(prefix);
            }
        }

        return prefixes;
    }
}
