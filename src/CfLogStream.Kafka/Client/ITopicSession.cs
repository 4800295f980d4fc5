namespace CfLogStream.Kafka.Client;

/// <summary>What takes in one partition of a user's topic for as long as this process reads it.</summary>
/// <remarks>All methods are called by the source's reading thread, one at a time; none of them blocks.</remarks>
public interface ITopicSession
{
    /// <summary>Takes over the next message, and disposes it when it is done with; false when the session is full: the partition is then paused and the
    /// same message is offered again later.</summary>
    bool TryTake(RawMessage message);

    /// <summary>Says that offsets were lost: the topic had them no more.</summary>
    /// <param name="fromOffset">The first lost offset.</param>
    /// <param name="toOffset">The offset after the last lost one.</param>
    void LoseOffsets(long fromOffset, long toOffset);

    /// <summary>The offset after the last message of which the log has everything; null when there is none yet. It is committed every few seconds and
    /// when the partition is given up.</summary>
    long? CommitOffset { get; }

    /// <summary>Finishes what was taken; then nothing is in flight any more and <see cref="CommitOffset"/> is final.</summary>
    Task DrainAsync(CancellationToken ct);

    /// <summary>Ends the session at once: another process may read the partition already. Nothing is committed.</summary>
    Task AbandonAsync();
}
