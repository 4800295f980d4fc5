namespace CfLogStream.Kafka.Log;

/// <summary>What processes one partition of the log for as long as this process owns it.</summary>
/// <remarks>All methods are called by the log's reading thread, one at a time; none of them blocks.</remarks>
public interface IPartitionSession
{
    /// <summary>The offset to begin at; <see cref="long.MinValue"/> for the oldest message there is.</summary>
    long StartOffset { get; }

    /// <summary>Takes over the next message of the partition; false when it is full: the partition is then paused and the same message is offered
    /// again later.</summary>
    bool TryTake(LogMessage message);

    /// <summary>Says that offsets were lost: the log had them no more.</summary>
    /// <param name="fromOffset">The first lost offset.</param>
    /// <param name="toOffset">The offset after the last lost one.</param>
    void LoseOffsets(long fromOffset, long toOffset);

    /// <summary>The offset after the last message of which everything is acknowledged and in <c>progress</c>; null when there is none yet. What is
    /// committed to the broker, as advice.</summary>
    long? CommitOffset { get; }

    /// <summary>Ends the session in good order: finishes what was taken, writes progress. Then nothing is written any more.</summary>
    Task DrainAsync(CancellationToken ct);

    /// <summary>Ends the session at once: another process may own the partition already. Nothing is committed.</summary>
    Task AbandonAsync();
}
