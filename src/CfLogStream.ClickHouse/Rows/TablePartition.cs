namespace CfLogStream.ClickHouse.Rows;

/// <summary>Numbers that differ wherever the tables' PARTITION BY differs; only compared with each other.</summary>
internal static class TablePartition
{
    private const long SecondsPerDay = 24 * 60 * 60;
    private const long NanosecondsPerDay = SecondsPerDay * 1_000_000_000;

    /// <summary>Tables without PARTITION BY have one.</summary>
    public const long None = 0;

    public static long DayOfSeconds(uint seconds) => seconds / SecondsPerDay;

    public static long DayOfNanoseconds(long nanoseconds) => nanoseconds / NanosecondsPerDay;

    public static long MonthOfNanoseconds(long nanoseconds) => MonthOfSeconds((uint)(nanoseconds / 1_000_000_000));

    public static long MonthOfSeconds(uint seconds)
    {
        DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return (time.Year * 12) + time.Month;
    }
}
