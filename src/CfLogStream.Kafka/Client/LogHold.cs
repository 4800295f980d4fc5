using Confluent.Kafka;

namespace CfLogStream.Kafka.Client;

/// <summary>Holds all partitions of the log as the only member of its group, so that nobody else works on it meanwhile.</summary>
/// <remarks>The group itself says who is there: a member that does not get every partition shares them with somebody. A member that was killed is
/// waited for until its session ends. Partitions are held only while <see cref="Poll"/> is called; nothing is read or committed.</remarks>
public sealed class LogHold : IDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);

    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly HashSet<int> _owned = [];
    private bool _hasJoined;

    private LogHold(KafkaOptions options)
    {
        ConsumerConfig config = KafkaClients.Consumer(options, options.Group, TimeSpan.FromHours(1));
        config.EnableAutoCommit = false;
        _consumer = new ConsumerBuilder<Ignore, Ignore>(config)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .SetPartitionsAssignedHandler((consumer, given) =>
            {
                _hasJoined = true;
                _owned.UnionWith(given.Select(partition => partition.Partition.Value));

                // From the end, so that nothing comes.
                return given.Select(partition => new TopicPartitionOffset(partition, Offset.End));
            })
            .SetPartitionsRevokedHandler((_, taken) => _owned.ExceptWith(taken.Select(position => position.Partition.Value)))
            .SetPartitionsLostHandler((_, lost) => _owned.ExceptWith(lost.Select(position => position.Partition.Value)))
            .Build();
    }

    /// <summary>How many partitions are held.</summary>
    public int Owned => _owned.Count;

    /// <summary>Joins the group and waits for its answer.</summary>
    /// <param name="partitions">The partitions of the log.</param>
    /// <returns>Null when other members have some of the partitions.</returns>
    public static LogHold? TryTake(KafkaOptions options, int partitions, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var hold = new LogHold(options);
        try
        {
            hold._consumer.Subscribe(options.Topic);
            long start = time.GetTimestamp();
            while (!hold._hasJoined && time.GetElapsedTime(start) < options.SessionTimeout + TimeSpan.FromSeconds(15))
            {
                ct.ThrowIfCancellationRequested();
                hold.Poll();
            }

            if (hold._owned.Count == partitions)
            {
                return hold;
            }
        }
        catch
        {
            hold.Dispose();
            throw;
        }

        hold.Dispose();
        return null;
    }

    /// <summary>Says that the partitions are still held; returns whether they are. At least every few minutes.</summary>
    public bool Poll()
    {
        int before = _owned.Count;
        try
        {
            _consumer.Consume(s_poll);
        }
        catch (ConsumeException)
        {
            // What cannot be read does not matter here.
        }

        return _owned.Count == before;
    }

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }
}
