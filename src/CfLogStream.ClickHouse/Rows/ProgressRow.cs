namespace CfLogStream.ClickHouse.Rows;

/// <summary>A row of <c>progress</c>: how far a partition of a log is written.</summary>
public sealed record ProgressRow
{
    public required string Log { get; init; }

    public required uint Partition { get; init; }

    public required uint Generation { get; init; }

    public required ulong ReadFrom { get; init; }

    public required long NewestTimeNs { get; init; }

    public required ulong ExactFrom { get; init; }

    public required ulong NextOffset { get; init; }

    public required uint ClosedMinutesBefore { get; init; }

    public required uint ClosedHoursBefore { get; init; }

    public required ulong ClosedChunksBefore { get; init; }

    /// <summary>Windows that start before this keep what came late in chunks below <see cref="KeptChunksBefore"/>.</summary>
    public required uint KeptBefore { get; init; }

    public required ulong KeptChunksBefore { get; init; }

    /// <summary>1 while the rows from <see cref="ReadFrom"/> on are still to be deleted, 0 otherwise.</summary>
    public required byte ResetPending { get; init; }

    public required ulong NextMessage { get; init; }

    /// <summary>First offsets that the log no longer had, and the ones after the last.</summary>
    public required IReadOnlyList<(ulong From, ulong To)> Gaps { get; init; }

    /// <summary>The greatest positions of sources whose positions only grow, as they were at <see cref="ReadFrom"/>.</summary>
    public required IReadOnlyList<(string Source, byte Kind, long Position)> Positions { get; init; }

    /// <summary>When the row was written, in milliseconds since 1970-01-01 UTC.</summary>
    public required long UpdatedMs { get; init; }

    public required ulong Version { get; init; }
}
