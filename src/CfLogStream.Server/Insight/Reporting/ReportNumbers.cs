using System.Globalization;

namespace CfLogStream.Server.Insight.Reporting;

/// <summary>Counts, shares and times as people read them; the same in every output.</summary>
public static class ReportNumbers
{
    /// <summary>A count with separators.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun, in the plural where it is one.</summary>
    public static string Count(long count, string noun) => count == 1 ? $"1 {noun}" : $"{Count(count)} {noun}s";

    /// <summary>A share of 0 to 1 in per cent; what is not quite nothing or all never reads as nothing or all.</summary>
    public static string Percent(double share) => share switch
    {
        double.NaN => "unknown",
        > 0 and < 0.001 => "<0.1 %",
        < 1 and > 0.999 => ">99.9 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %"),
    };

    /// <summary>A probability in whole per cent, never 0 or 100.</summary>
    public static string Probability(double probability) => probability switch
    {
        double.NaN => "unknown",
        < 0.01 => "<1 %",
        > 0.99 => ">99 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{probability * 100:0} %"),
    };

    /// <summary>Two shares as a range in per cent.</summary>
    public static string Range(double low, double high) =>
        string.Create(CultureInfo.InvariantCulture, $"{low * 100:0.#} to {high * 100:0.#} %");

    /// <summary>A weight with its sign.</summary>
    public static string Signed(double value) =>
        double.IsFinite(value) ? value.ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture) : "unknown";

    /// <summary>A time, UTC, to the second.</summary>
    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A time, UTC, to the minute.</summary>
    public static string Minute(DateTime time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A length of time in its one or two greatest units.</summary>
    public static string Duration(TimeSpan time)
    {
        time = time.Duration();
        return time switch
        {
            { TotalSeconds: < 1 } => "less than a second",
            { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
            { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
            { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} days"),
        };
    }
}
