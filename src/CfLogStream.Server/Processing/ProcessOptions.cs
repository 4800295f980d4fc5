using CfLogStream.ClickHouse;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Server.Processing;

/// <summary>What the pipelines of a log share. What decides rows is in the first block; the rest decides only when they are written.</summary>
public sealed record ProcessOptions
{
    /// <summary>The topic, the key of <c>progress</c>.</summary>
    public required string Log { get; init; }

    /// <summary>The generation of the settings; a greater one than that in <c>progress</c> writes open windows anew.</summary>
    /// <value>1.</value>
    public uint Generation { get; init; } = 1;

    public CorrelationOptions Correlation { get; init; } = new();

    public ReaderOptions Reader { get; init; } = new();

    public required ClassificationTables Classification { get; init; }

    /// <summary>How long a batch is remembered behind the watermark.</summary>
    /// <value>24 hours.</value>
    public TimeSpan BatchMemory { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Rows of dead letters that one message may make; more are only counted.</summary>
    /// <value>100.</value>
    public int DeadLettersPerMessage { get; init; } = 100;

    /// <summary>The database of the tables.</summary>
    public string Database { get; init; } = ClickHouseDefaults.Database;

    /// <summary>Bytes of messages that wait per partition; one message always may.</summary>
    /// <value>32 MiB.</value>
    public long QueueBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Progress is written after so many records at the latest.</summary>
    /// <value>1,000,000.</value>
    public long CutRecords { get; init; } = 1_000_000;

    /// <summary>Rows of open windows and progress are written so often.</summary>
    /// <value>5 seconds.</value>
    public TimeSpan CutInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Blocks of a partition that are inserted at the same time.</summary>
    /// <value>8: about one per table, since a table's block waits for those of other partitions.</value>
    public int Inserters { get; init; } = 8;

    /// <summary>Encoded blocks of a partition that may wait for ClickHouse.</summary>
    /// <value>4.</value>
    public int WaitingBlocks { get; init; } = 4;

    /// <summary>The last so many messages are judged by the circuit breaker.</summary>
    /// <value>1,000.</value>
    public int BreakerMessages { get; init; } = 1_000;

    /// <summary>The share of messages that are no slices at which the circuit breaker stops a partition.</summary>
    /// <value>0.9; above 1 it never does.</value>
    public double BreakerShare { get; init; } = 0.9;
}
