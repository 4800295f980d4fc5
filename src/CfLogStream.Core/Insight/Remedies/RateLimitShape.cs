namespace CfLogStream.Core.Insight.Remedies;

/// <summary>The values that a rate limiting rule takes.</summary>
internal static class RateLimitShape
{
    /// <summary>Periods in seconds.</summary>
    public static IReadOnlyList<int> Periods { get; } = [10, 60, 120, 300, 600, 3600];

    /// <summary>Mitigation timeouts in seconds; 0 stops only what is over the limit.</summary>
    public static IReadOnlyList<int> Timeouts { get; } = [0, 10, 60, 120, 300, 600, 3600, 86400];
}
