namespace CfLogStream.ClickHouse.Rows;

/// <summary>A row of <c>batches</c>: a slice of a batch that was seen on a partition of the log.</summary>
public sealed record BatchRow
{
    public required string Log { get; init; }

    public required uint Partition { get; init; }

    public required string Source { get; init; }

    /// <summary>The hash of the batch's content.</summary>
    public required ulong Batch { get; init; }

    public required byte Kind { get; init; }

    public required uint Part { get; init; }

    /// <summary>The offset of the message that brought it.</summary>
    public required long Position { get; init; }

    /// <summary>The watermark then.</summary>
    public required long TimeNs { get; init; }

    /// <summary>When the row was written, in milliseconds since 1970-01-01 UTC.</summary>
    public required long UpdatedMs { get; init; }
}
