namespace CfLogStream.ClickHouse.Writing;

/// <summary>How blocks of a table are gathered into one insert.</summary>
public sealed record GatherOptions
{
    /// <summary>How long the first block waits for others.</summary>
    /// <value>200 ms.</value>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The most bytes of an insert, before compression; a larger block is an insert of its own.</summary>
    /// <value>32 MiB.</value>
    public long MaxBytes { get; init; } = 32 * 1024 * 1024;
}
