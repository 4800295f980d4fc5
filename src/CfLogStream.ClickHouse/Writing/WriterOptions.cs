namespace CfLogStream.ClickHouse.Writing;

/// <summary>How inserts are retried.</summary>
public sealed record WriterOptions
{
    /// <summary>The delay before the first retry; later ones double.</summary>
    /// <value>200 ms.</value>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest delay between retries.</summary>
    /// <value>30 seconds.</value>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Single rows of a block that may be refused one after the other before any row of it was taken.</summary>
    /// <value>100.</value>
    /// <remarks>Beyond it the fault lies not with the rows: the block waits and alerts instead of going to the dead letters row by
    /// row.</remarks>
    public int MaxRejectedInARow { get; init; } = 100;

    /// <summary>The zstd level of insert bodies, where they are compressed.</summary>
    /// <value>1.</value>
    public int ZstdLevel { get; init; } = 1;
}
