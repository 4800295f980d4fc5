using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace CfLogStream.Kafka.Client;

/// <summary>Counts what readers of the log do; shared by all readers of a process.</summary>
public sealed class KafkaReaderMetrics : IDisposable
{
    /// <summary>The name of this assembly's meter.</summary>
    public const string MeterName = "CfLogStream.Kafka";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _messages;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _lostOffsets;
    private readonly Counter<long> _rebalances;
    private readonly Counter<long> _commitFailures;
    private readonly Counter<long> _pauses;
    private readonly ConcurrentDictionary<(string Topic, int Partition), (long Messages, double Seconds)> _lag = new();
    private long _messagesTotal;
    private long _bytesTotal;
    private long _gapsTotal;
    private long _lostOffsetsTotal;
    private long _rebalancesTotal;
    private long _commitFailuresTotal;
    private long _pausesTotal;

    public KafkaReaderMetrics()
    {
        _messages = _meter.CreateCounter<long>("cflogstream.kafka.messages", "{message}", "Messages taken over from a topic.");
        _bytes = _meter.CreateCounter<long>("cflogstream.kafka.bytes", "By", "Bytes of these messages, decompressed.");
        _gaps = _meter.CreateCounter<long>("cflogstream.kafka.gaps", "{gap}", "Ranges of offsets that a topic had no more.");
        _lostOffsets = _meter.CreateCounter<long>("cflogstream.kafka.lost_offsets", "{offset}", "Offsets in these ranges.");
        _rebalances = _meter.CreateCounter<long>("cflogstream.kafka.rebalances", "{rebalance}", "Changes of this process's partitions.");
        _commitFailures = _meter.CreateCounter<long>("cflogstream.kafka.commit_failures", "{commit}", "Commits that the broker refused or missed.");
        _pauses = _meter.CreateCounter<long>("cflogstream.kafka.pauses", "{pause}", "Partitions paused because their session was full.");
        _meter.CreateObservableGauge(
            "cflogstream.kafka.lag",
            () => _lag.Select(lag => new Measurement<long>(lag.Value.Messages, Tags(lag.Key))),
            "{message}",
            "Messages between what was taken over and the newest one.");
        _meter.CreateObservableGauge(
            "cflogstream.kafka.lag.duration",
            () => _lag.Select(lag => new Measurement<double>(lag.Value.Seconds, Tags(lag.Key))),
            "s",
            "How long ago the last message that was read was appended; 0 when there is no newer one.");
    }

    public long Messages => Volatile.Read(ref _messagesTotal);

    public long Bytes => Volatile.Read(ref _bytesTotal);

    public long Gaps => Volatile.Read(ref _gapsTotal);

    public long LostOffsets => Volatile.Read(ref _lostOffsetsTotal);

    public long Rebalances => Volatile.Read(ref _rebalancesTotal);

    public long CommitFailures => Volatile.Read(ref _commitFailuresTotal);

    public long Pauses => Volatile.Read(ref _pausesTotal);

    /// <summary>Messages between what was taken over of a partition and its newest one; null when this process does not read it.</summary>
    public long? Lag(string topic, int partition) => _lag.TryGetValue((topic, partition), out (long Messages, double Seconds) lag) ? lag.Messages : null;

    public void Dispose() => _meter.Dispose();

    internal void Taken(long messages, long bytes)
    {
        Interlocked.Add(ref _messagesTotal, messages);
        Interlocked.Add(ref _bytesTotal, bytes);
        _messages.Add(messages);
        _bytes.Add(bytes);
    }

    internal void Gap(long offsets)
    {
        Interlocked.Increment(ref _gapsTotal);
        Interlocked.Add(ref _lostOffsetsTotal, offsets);
        _gaps.Add(1);
        _lostOffsets.Add(offsets);
    }

    internal void Rebalanced()
    {
        Interlocked.Increment(ref _rebalancesTotal);
        _rebalances.Add(1);
    }

    internal void CommitFailed()
    {
        Interlocked.Increment(ref _commitFailuresTotal);
        _commitFailures.Add(1);
    }

    internal void Paused()
    {
        Interlocked.Increment(ref _pausesTotal);
        _pauses.Add(1);
    }

    internal void SetLag(string topic, int partition, long messages, double seconds) => _lag[(topic, partition)] = (messages, seconds);

    internal void ClearLag(string topic, int partition) => _lag.TryRemove((topic, partition), out _);

    private static KeyValuePair<string, object?>[] Tags((string Topic, int Partition) place) =>
        [new("topic", place.Topic), new("partition", place.Partition)];
}
