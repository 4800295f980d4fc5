using Confluent.Kafka;

namespace CfLogStream.Kafka.Client;

/// <summary>Asks the log what it has: offsets, and when messages were appended. Joins no group. Not safe for several threads; every call blocks.</summary>
public sealed class LogInspector : IDisposable
{
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(10);

    private readonly KafkaOptions _options;
    private readonly IConsumer<Ignore, Ignore> _consumer;

    public LogInspector(KafkaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        ConsumerConfig config = KafkaClients.Consumer(options, options.Group + "-inspect", TimeSpan.FromHours(1));
        config.EnableAutoCommit = false;
        _consumer = new ConsumerBuilder<Ignore, Ignore>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    /// <summary>Returns how many partitions the log has.</summary>
    /// <exception cref="TopicMissingException">There is no such topic.</exception>
    public int CountPartitions()
    {
        using IAdminClient admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        TopicMetadata? topic = admin.GetMetadata(s_answer).Topics.Find(found => found.Topic == _options.Topic && found.Partitions.Count > 0);
        return topic?.Partitions.Count ?? throw new TopicMissingException(_options.Topic, _options.BootstrapServers, isLog: true);
    }

    /// <summary>Returns the oldest offset there is and the one after the newest.</summary>
    public (long Low, long High) Ends(int partition)
    {
        WatermarkOffsets ends = _consumer.QueryWatermarkOffsets(new TopicPartition(_options.Topic, partition), s_answer);
        return (ends.Low.Value, ends.High.Value);
    }

    /// <summary>Returns when a message was appended, as its producer said; null when there is none any more.</summary>
    /// <exception cref="KafkaException">No broker gave it in time.</exception>
    public DateTimeOffset? TimeOf(int partition, long offset)
    {
        _consumer.Assign(new TopicPartitionOffset(_options.Topic, partition, offset));
        try
        {
            ConsumeResult<Ignore, Ignore> message = _consumer.Consume(s_answer)
                ?? throw new KafkaException(new Error(
                    ErrorCode.Local_TimedOut, $"No broker gave the message at {_options.Topic}/{partition}@{offset} within 10 seconds."));
            return DateTimeOffset.FromUnixTimeMilliseconds(message.Message.Timestamp.UnixTimestampMs);
        }
        catch (ConsumeException problem) when (problem.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
        {
            return null;
        }
        finally
        {
            _consumer.Unassign();
        }
    }

    /// <summary>Returns the offset of the first message that was appended at a time or later; the one after the newest when there is none.</summary>
    public long FirstSince(int partition, DateTimeOffset time)
    {
        var place = new TopicPartition(_options.Topic, partition);
        long found = _consumer.OffsetsForTimes([new TopicPartitionTimestamp(place, new Timestamp(time))], s_answer)[0].Offset.Value;
        if (found >= 0)
        {
            return found;
        }

        // No such message, or a broker without an index of times: then search, as messages stand nearly in order of time.
        (long low, long high) = Ends(partition);
        long end = high;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (middle < end && TimeOf(partition, middle) is { } appended && appended < time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }
}
