namespace CfLogStream.Server.Configuration;

/// <summary>How the process role works through the log. None of it changes the final rows.</summary>
public sealed record ProcessSection
{
    /// <summary>How often the rows of open windows and the progress are written.</summary>
    /// <value>5 seconds.</value>
    /// <remarks>Shorter shows traffic sooner and makes more inserts.</remarks>
    public TimeSpan Cut { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most records between two such writes.</summary>
    /// <value>500,000.</value>
    public int CutRecords { get; init; } = 500_000;

    /// <summary>Messages of the log that may wait in memory, per partition.</summary>
    /// <value>16 MiB.</value>
    public int QueueBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Rejected lines of one message of the log of which the bytes are kept; others are only counted.</summary>
    /// <value>100.</value>
    public int DeadLettersPerMessage { get; init; } = 100;

    /// <summary>The share of messages that are no slices, in percent of the last thousand, at which a partition is stopped.</summary>
    /// <value>90.</value>
    /// <remarks>So many mean that something else writes to the topic, or that an older program reads a newer log.</remarks>
    public int PoisonPercent { get; init; } = 90;

    /// <summary>How long a partition may take to finish what it has, when it is handed over or the program is stopped.</summary>
    /// <value>20 seconds.</value>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(20);
}
