using System.Globalization;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>The lines of one upload.</summary>
/// <param name="At">The end of the time that it covers.</param>
internal sealed record LogBatch(DateTime At, bool IsEvents, IReadOnlyList<string> Lines)
{
    /// <summary>Reads dataset and time from the path: <c>http_requests/20260806/20260806T120000Z_20260806T120030Z_1f3a9c04.log.gz</c>.</summary>
    public static LogBatch Read(string path, string text)
    {
        string until = Path.GetFileName(path).Split('_')[1];
        return new LogBatch(
            DateTime.ParseExact(until, "yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal),
            path.Contains("firewall_events", StringComparison.Ordinal),
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
