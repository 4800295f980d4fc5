namespace CfLogStream.Generator;

/// <summary>Defaults of <see cref="GeneratorOptions"/>.</summary>
public static class GeneratorDefaults
{
    public const string Scenario = "quiet";
    public const ulong Seed = 1;
    public const long Records = 100_000;
    public const string Folder = "cflogstream-logs";
    public const int BatchRecords = 100_000;

    /// <summary>The time of the first record.</summary>
    public static readonly DateTimeOffset Start = new(2026, 8, 6, 12, 0, 0, TimeSpan.Zero);
}
