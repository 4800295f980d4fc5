using Microsoft.Extensions.Logging;

namespace CfLogStream.Kafka.Client;

/// <summary>Reads the partitions of users' topics that the group gives to this process, each into its session.</summary>
/// <remarks>A partition is read from what its group committed, which is what the sessions say the log has everything of. Trimmed offsets are told as
/// lost; other jumps are not, for a user's topic may be compacted or written in transactions.</remarks>
public sealed class TopicSource
{
    private readonly GroupReader<RawMessage> _reader;

    public TopicSource(
        KafkaOptions options,
        SourceOptions sourceOptions,
        KafkaReaderOptions readerOptions,
        ITopicHandler handler,
        KafkaReaderMetrics metrics,
        TimeProvider time,
        ILogger logger)
    {
        if (sourceOptions.Topics.Count == 0)
        {
            throw new ArgumentException("A Kafka source needs at least one topic.", nameof(sourceOptions));
        }

        if (sourceOptions.Topics.Contains(options.Topic))
        {
            throw new ArgumentException($"The topic '{options.Topic}' is the log and cannot be taken in as a source.", nameof(sourceOptions));
        }

        var settings = new GroupSettings<RawMessage>(
            "cflogstream-topic-source",
            sourceOptions.Group,
            sourceOptions.Topics,
            IsLog: false,
            HolesAreLosses: false,
            sourceOptions.StartAtNewest,
            async (id, ct) => new Session(await handler.OpenAsync(id.Topic, id.Partition.Value, ct).ConfigureAwait(false)),
            result => new RawMessage(
                result.Topic,
                result.Partition.Value,
                result.Offset.Value,
                Math.Max(0, result.Message.Timestamp.UnixTimestampMs),
                result.Message.Value.Bytes,
                result.Message.Value.Length));
        _reader = new GroupReader<RawMessage>(options, readerOptions, settings, metrics, time, logger);
    }

    /// <summary>Reads until it is cancelled; then drains all sessions within the limit and leaves the group.</summary>
    /// <exception cref="TopicMissingException">A topic does not exist.</exception>
    /// <exception cref="LogRecreatedException">A topic ends before the committed offset.</exception>
    public Task RunAsync(CancellationToken ct) => _reader.RunAsync(ct);

    private sealed class Session(ITopicSession session) : IGroupSession<RawMessage>
    {
        // What the group committed.
        public long? StartOffset => null;

        public long? CommitOffset => session.CommitOffset;

        public bool TryTake(RawMessage message) => session.TryTake(message);

        public void LoseOffsets(long fromOffset, long toOffset) => session.LoseOffsets(fromOffset, toOffset);

        public Task DrainAsync(CancellationToken ct) => session.DrainAsync(ct);

        public Task AbandonAsync() => session.AbandonAsync();
    }
}
