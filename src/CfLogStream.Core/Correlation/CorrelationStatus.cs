namespace CfLogStream.Core.Correlation;

/// <summary>What a correlator holds and has counted, at one moment; for metrics.</summary>
public readonly record struct CorrelationStatus
{
    /// <summary>The watermark in nanoseconds since 1970-01-01 UTC; <see cref="long.MinValue"/> before the first record.</summary>
    public long WatermarkNs { get; init; }

    /// <summary>Start of the oldest open minute in seconds since 1970-01-01 UTC; null when none is open.</summary>
    public uint? OldestOpenMinute { get; init; }

    public int OpenMinutes { get; init; }

    public int OpenHours { get; init; }

    /// <summary>Chunks of late records that are not closed.</summary>
    public int OpenChunks { get; init; }

    /// <summary>Aggregate rows of open windows.</summary>
    public int OpenRows { get; init; }

    /// <summary>Rays that wait for their join.</summary>
    public int WaitingJoins { get; init; }

    /// <summary>Records held for those joins; bounded by <see cref="CorrelationOptions.MaxWaiting"/>.</summary>
    public int WaitingRecords { get; init; }

    /// <summary>Requests kept until their window closes.</summary>
    public int KeptRequests { get; init; }

    /// <summary>Rays remembered, so that their duplicates are known.</summary>
    public int RememberedRays { get; init; }

    /// <summary>Bytes of all tables and slabs, used or not.</summary>
    public long BytesHeld { get; init; }

    /// <summary>Records taken, rejected and audit ones included.</summary>
    public long Received { get; init; }

    public long Duplicates { get; init; }

    public long Late { get; init; }

    public long Future { get; init; }

    /// <summary>Joins resolved early because too many records waited.</summary>
    public long Forced { get; init; }

    /// <summary>The offset after the last one processed.</summary>
    public long NextOffset { get; init; }
}
