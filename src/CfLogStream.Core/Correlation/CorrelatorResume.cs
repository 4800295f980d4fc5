namespace CfLogStream.Core.Correlation;

/// <summary>
/// From where a restarted correlator reads, and what was closed and must not be written again: what <c>progress</c> keeps.
/// </summary>
/// <remarks>Take it with <see cref="Correlator.Snapshot"/> and store it once the rows written before are acknowledged.</remarks>
public sealed record CorrelatorResume
{
    /// <summary>The offset to read from; everything that still matters came later.</summary>
    public required long ReadFrom { get; init; }

    /// <summary>
    /// The newest event time before <see cref="ReadFrom"/>, in nanoseconds; <see cref="long.MinValue"/> when there was none.
    /// </summary>
    public required long NewestTimeNs { get; init; }

    /// <summary>
    /// From here on the rebuilt state equals the lost one; before it, too many waiting records push out nobody unless they are twice
    /// too many.
    /// </summary>
    public required long ExactFrom { get; init; }

    /// <summary>The offset after the last one processed.</summary>
    public required long NextOffset { get; init; }

    /// <summary>Minutes of chunk 0 that start before this are closed; seconds since 1970-01-01 UTC.</summary>
    public required uint ClosedMinutesBefore { get; init; }

    /// <summary>Hours of chunk 0 that start before this are closed; seconds since 1970-01-01 UTC.</summary>
    public required uint ClosedHoursBefore { get; init; }

    /// <summary>Late chunks below this are closed.</summary>
    public required ulong ClosedChunksBefore { get; init; }

    /// <summary>Windows that start before this stay as an earlier generation wrote them, but for the late chunks from <see cref="KeptChunksBefore"/>
    /// on; seconds since 1970-01-01 UTC, the beginning of an hour.</summary>
    /// <value>0: nothing is kept.</value>
    public uint KeptBefore { get; init; }

    /// <summary>Late chunks below this are kept in the windows before <see cref="KeptBefore"/>.</summary>
    /// <value>0: none.</value>
    public ulong KeptChunksBefore { get; init; }
}
