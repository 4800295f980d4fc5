using System.Globalization;

namespace CfLogStream.Server.Collecting;

/// <summary>What the names of objects say.</summary>
internal static class ObjectNames
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const int TimeLength = 16;

    /// <summary>Whether an object holds no records by its name: what Logpush stores to try a destination, and markers of folders.</summary>
    public static bool IsIgnored(in ObjectEntry entry)
    {
        ReadOnlySpan<char> name = LastOf(entry.Key);
        return name.IsEmpty
            || entry.Length == 0
            || name.StartsWith("ownership-challenge", StringComparison.OrdinalIgnoreCase)
            || name.Equals("test.txt.gz", StringComparison.OrdinalIgnoreCase)
            || name.Equals("test.txt", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>When an object's records begin, by its name as Logpush gives it (<c>20261120T101500Z_20261120T101530Z_….log.gz</c>); when it
    /// was stored where the name does not tell.</summary>
    public static long TimeNs(in ObjectEntry entry)
    {
        ReadOnlySpan<char> name = LastOf(entry.Key);
        return name.Length > TimeLength
            && name[TimeLength] == '_'
            && DateTime.TryParseExact(
                name[..TimeLength],
                TimeFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out DateTime time)
            && time.Year is >= 1970 and < 2262
            ? (time.Ticks - DateTime.UnixEpoch.Ticks) * 100
            : entry.ModifiedNs;
    }

    private static ReadOnlySpan<char> LastOf(string key) => key.AsSpan(key.LastIndexOf('/') + 1);
}
