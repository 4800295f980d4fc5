namespace CfLogStream.Core.Correlation;

/// <summary>Where a record stands in the log and in time: decided once, at its own offset.</summary>
internal struct RecordPlace
{
    public long Offset;

    /// <summary>
    /// The time that joins and memories are measured by: the event time, or the newest one seen when that lies in the future.
    /// </summary>
    public long JoinNs;

    /// <summary>0 for what came in time; otherwise 1 + offset / 4096.</summary>
    public ulong Chunk;

    /// <summary>Start of the event's minute in seconds since 1970-01-01 UTC.</summary>
    public uint Minute;

    /// <summary>The minute was over before the watermark.</summary>
    public bool Late;

    /// <summary>Too far in the future to move the watermark.</summary>
    public bool Future;
}
