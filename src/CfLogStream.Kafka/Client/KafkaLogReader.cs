using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using LogMessage = CfLogStream.Kafka.Log.LogMessage;

namespace CfLogStream.Kafka.Client;

/// <summary>Reads the log's partitions that the group gives to this process, each into its session.</summary>
/// <remarks>An offset that the log has no more is never jumped over silently: the session is told the range. On the log every jump in the offsets is a
/// loss, for it has neither compaction nor transactions.</remarks>
public sealed class KafkaLogReader
{
    private readonly GroupReader<LogMessage> _reader;

    /// <param name="readHeader">Reads a message's headers; <see cref="SliceKind.None"/> when they are missing or wrong.</param>
    public KafkaLogReader(
        KafkaOptions options,
        KafkaReaderOptions readerOptions,
        ILogHandler handler,
        Func<Headers?, SliceHeader> readHeader,
        KafkaReaderMetrics metrics,
        TimeProvider time,
        ILogger logger)
    {
        var settings = new GroupSettings<LogMessage>(
            "cflogstream-log-reader",
            options.Group,
            [options.Topic],
            IsLog: true,
            HolesAreLosses: true,
            StartAtNewest: false,
            async (id, ct) => new Session(await handler.OpenAsync(id.Partition.Value, ct).ConfigureAwait(false)),
            result => new LogMessage(
                result.Partition.Value,
                result.Offset.Value,
                readHeader(result.Message.Headers),
                result.Message.Value.Bytes,
                result.Message.Value.Length));
        _reader = new GroupReader<LogMessage>(options, readerOptions, settings, metrics, time, logger);
    }

    /// <summary>Reads until it is cancelled; then drains all sessions within the limit and leaves the group.</summary>
    /// <exception cref="TopicMissingException">The log's topic does not exist.</exception>
    /// <exception cref="LogRecreatedException">The log ends before the offset from which a session reads.</exception>
    public Task RunAsync(CancellationToken ct) => _reader.RunAsync(ct);

    private sealed class Session(IPartitionSession session) : IGroupSession<LogMessage>
    {
        public long? StartOffset => session.StartOffset;

        public long? CommitOffset => session.CommitOffset;

        public bool TryTake(LogMessage message) => session.TryTake(message);

        public void LoseOffsets(long fromOffset, long toOffset) => session.LoseOffsets(fromOffset, toOffset);

        public Task DrainAsync(CancellationToken ct) => session.DrainAsync(ct);

        public Task AbandonAsync() => session.AbandonAsync();
    }
}
