using System.Buffers;
using Confluent.Kafka;
using LogMessage = CfLogStream.Kafka.Log.LogMessage;

namespace CfLogStream.Kafka.Client;

/// <summary>Looks at the log beside those who work through it: joins no group, commits nothing, begins at the end or some messages before.</summary>
public sealed class LogTail : IDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(10);

    private readonly KafkaOptions _options;
    private readonly IConsumer<Ignore, byte[]> _consumer;

    public LogTail(KafkaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        ConsumerConfig config = KafkaClients.Consumer(options, options.Group + "-tap", TimeSpan.FromHours(1));
        config.EnableAutoCommit = false;

        // Nothing is lost by skipping here: whoever looks does not count.
        config.AutoOffsetReset = AutoOffsetReset.Latest;
        _consumer = new ConsumerBuilder<Ignore, byte[]>(config).Build();
    }

    /// <summary>Starts at the end of every partition.</summary>
    /// <param name="back">How many messages before it.</param>
    /// <exception cref="TopicMissingException">There is no such topic.</exception>
    public void Start(int back)
    {
        using IAdminClient admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        TopicMetadata? topic = admin.GetMetadata(_options.Topic, s_answer).Topics.FirstOrDefault(found => found.Topic == _options.Topic);
        if (topic is null || topic.Error.IsError || topic.Partitions.Count == 0)
        {
            throw new TopicMissingException(_options.Topic, _options.BootstrapServers, isLog: true);
        }

        _consumer.Assign(topic.Partitions.Select(partition =>
        {
            var place = new TopicPartition(_options.Topic, partition.PartitionId);
            WatermarkOffsets ends = _consumer.QueryWatermarkOffsets(place, s_answer);
            return new TopicPartitionOffset(place, new Offset(Math.Max(ends.Low.Value, ends.High.Value - back)));
        }));
    }

    /// <summary>Waits a moment for the next message; null when there was none. Who gets it disposes it.</summary>
    public LogMessage? Read()
    {
        ConsumeResult<Ignore, byte[]>? result = _consumer.Consume(s_poll);
        if (result?.Message?.Value is not { } value)
        {
            return null;
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent(value.Length);
        value.CopyTo(bytes, 0);
        return new LogMessage(result.Partition.Value, result.Offset.Value, SliceMessages.HeaderOf(result.Message.Headers), bytes, value.Length);
    }

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }
}
