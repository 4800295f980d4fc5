namespace CfLogStream.Generator;

/// <summary>Defaults of <see cref="GeneratorOptions"/>.</summary>
public static class GeneratorDefaults
{
    public const string Scenario = "quiet";
    public const ulong Seed = 1;
    public const long Records = 100_000;
    public const string Folder = "cflogstream-logs";
    public const int BatchRecords = 100_000;

    /// <summary>Records per second that the world's numbers of callers are made for: 100,000 in an hour.</summary>
    public const double Rate = 100_000 / 3600.0;

    /// <summary>The time of the first record.</summary>
    public static readonly DateTimeOffset Start = new(2026, 8, 6, 12, 0, 0, TimeSpan.Zero);
}
