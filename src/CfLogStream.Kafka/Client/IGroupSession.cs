namespace CfLogStream.Kafka.Client;

/// <summary>What takes a partition's messages from a <see cref="GroupReader{TMessage}"/>: a session of the log or of a user's topic.</summary>
internal interface IGroupSession<in TMessage>
{
    /// <summary>The offset to begin at; <see cref="long.MinValue"/> for the oldest; null for what the group committed.</summary>
    long? StartOffset { get; }

    long? CommitOffset { get; }

    bool TryTake(TMessage message);

    void LoseOffsets(long fromOffset, long toOffset);

    Task DrainAsync(CancellationToken ct);

    Task AbandonAsync();
}
