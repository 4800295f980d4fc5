using System.Text.Json;
using CfLogStream.Benchmarks.Peers;
using CfLogStream.Kafka.Testing;
using Confluent.Kafka;

namespace CfLogStream.Benchmarks.Log;

/// <summary>librdkafka's own broker in this process, which is apart from the measured ones, with the user's topics and the log.</summary>
/// <remarks>It keeps only 5 MiB of a partition, as stored; so there are many partitions, and nothing may be missing at their begin.</remarks>
internal sealed class LogBroker : IDisposable
{
    public const string Requests = "logpush-http";
    public const string Events = "logpush-firewall";
    public const string Log = "cflogstream.log";
    public const int EventPartitions = 4;

    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_statistics = TimeSpan.FromMilliseconds(200);

    private readonly MockKafka _kafka = new();
    private readonly int _partitions;
    private readonly IProducer<Null, byte[]> _producer;

    public LogBroker(int partitions)
    {
        _partitions = partitions;
        _kafka.CreateTopic(Requests, partitions);
        _kafka.CreateTopic(Events, EventPartitions);
        _kafka.CreateTopic(Log, partitions);
        _producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = BootstrapServers,
            CompressionType = CompressionType.Zstd,
            LingerMs = 5,
            MessageMaxBytes = 10_000_000,
        }).Build();
    }

    public string BootstrapServers => _kafka.BootstrapServers;

    /// <summary>Produces the uploads in the order of their times as messages of whole lines, partitions in turn; returns how many messages.</summary>
    public int Produce(PeerInput input, int messageBytes)
    {
        int messages = 0;
        foreach (string file in input.Files.OrderBy(Path.GetFileName, StringComparer.Ordinal))
        {
            bool isRequests = file.StartsWith(input.Datasets.First() + '/', StringComparison.Ordinal);
            byte[] lines = File.ReadAllBytes(file);
            int begin = 0;
            while (begin < lines.Length)
            {
                int end = Math.Min(begin + messageBytes, lines.Length);
                end = begin + lines.AsSpan(begin, end - begin).LastIndexOf((byte)'\n') + 1;
                Send(isRequests ? Requests : Events, messages++ % (isRequests ? _partitions : EventPartitions), lines[begin..end]);
                begin = end;
            }
        }

        _producer.Flush();
        return messages;
    }

    /// <summary>Produces records of a later hour for every partition of the log, so that all windows before it end; returns how many.</summary>
    public int ProduceClosing()
    {
        int records = 64 * _partitions;
        Send(Requests, 0, ClosingRecords.Make(records));
        _producer.Flush();
        return records;
    }

    /// <summary>Reads topics from their begin to their end; returns the bytes that the broker sent for it, so as it stores them.</summary>
    /// <exception cref="InvalidOperationException">The broker has dropped messages already.</exception>
    public long StoredBytes(params string[] topics)
    {
        long received = 0;
        using IConsumer<Ignore, Ignore> consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
        {
            BootstrapServers = BootstrapServers,
            GroupId = "size",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Error,
            StatisticsIntervalMs = (int)s_statistics.TotalMilliseconds,
        }).SetStatisticsHandler((_, json) => received = ReceivedBytes(json)).Build();
        TopicPartition[] all =
        [
            .. topics.SelectMany(topic => Enumerable.Range(0, topic == Events ? EventPartitions : _partitions)
                .Select(partition => new TopicPartition(topic, partition))),
        ];
        foreach (TopicPartition partition in all)
        {
            WatermarkOffsets offsets = consumer.QueryWatermarkOffsets(partition, s_answer);
            if (offsets.Low.Value != 0)
            {
                throw new InvalidOperationException($"The broker has dropped messages of {partition}: take more partitions or fewer bytes.");
            }
        }

        consumer.Assign(all.Select(partition => new TopicPartitionOffset(partition, 0)));
        int ends = 0;
        while (ends < all.Length)
        {
            ends += consumer.Consume(s_answer) is { } result
                ? result.IsPartitionEOF ? 1 : 0
                : throw new InvalidOperationException($"The broker does not send {string.Join(", ", topics)} to the end.");
        }

        // Until the next statistics have come.
        long until = Environment.TickCount64 + (2 * (long)s_statistics.TotalMilliseconds);
        while (Environment.TickCount64 < until)
        {
            consumer.Consume(s_statistics / 4);
        }

        return received;
    }

    public void Dispose()
    {
        _producer.Dispose();
        _kafka.Dispose();
    }

    private static long ReceivedBytes(string json)
    {
        using var statistics = JsonDocument.Parse(json);
        return statistics.RootElement.GetProperty("brokers").EnumerateObject().Sum(broker => broker.Value.GetProperty("rxbytes").GetInt64());
    }

    private void Send(string topic, int partition, byte[] lines)
    {
        while (true)
        {
            try
            {
                _producer.Produce(new TopicPartition(topic, new Partition(partition)), new Message<Null, byte[]> { Value = lines });
                return;
            }
            catch (ProduceException<Null, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                _producer.Poll(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
