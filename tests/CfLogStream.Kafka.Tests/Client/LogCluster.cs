using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Slices;
using CfLogStream.Kafka.Testing;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace CfLogStream.Kafka.Tests.Client;

/// <summary>A test broker with a log, and members that read it.</summary>
internal sealed class LogCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly List<Member> _members = [];

    internal LogCluster(int partitions = 3, int brokers = 1)
    {
        Kafka = new MockKafka(brokers);
        Options = new KafkaOptions
        {
            BootstrapServers = Kafka.BootstrapServers,
            Partitions = partitions,
            Replication = 1,
            // librdkafka's broker ends every rebalance of a running group only after the session time-out less a second.
            SessionTimeout = TimeSpan.FromSeconds(2),
            Properties = new Dictionary<string, string> { ["reconnect.backoff.max.ms"] = "200", ["heartbeat.interval.ms"] = "300" },
        };
        Kafka.CreateTopic(Options.Topic, partitions);
    }

    internal MockKafka Kafka { get; }

    internal KafkaOptions Options { get; set; }

    internal KafkaReaderOptions ReaderOptions { get; set; } = new() { CommitInterval = TimeSpan.FromMilliseconds(200) };

    internal static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal static Slice Slice(int partition, int number, int bytes = 0)
    {
        byte[] text = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
        byte[] value = text;
        if (bytes > 0)
        {
            value = new byte[bytes];
            new Random(number).NextBytes(value);
        }

        return new Slice(partition, new SliceHeader(SliceKind.HttpRequests, 7, (ulong)number, number, 1), value);
    }

    internal static Headers WriteHeader(SliceHeader header)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, header.Batch);
        return new Headers { { "kind", [(byte)header.Kind] }, { "batch", bytes } };
    }

    internal static SliceHeader ReadHeader(Headers? headers)
    {
        if (headers is null || !headers.TryGetLastBytes("batch", out byte[] batch))
        {
            return default;
        }

        ulong number = BinaryPrimitives.ReadUInt64LittleEndian(batch);
        return new SliceHeader((SliceKind)headers.GetLastBytes("kind")[0], 7, number, (int)number, 1);
    }

    /// <summary>Waits for a condition; what is seen is looked at every 20 ms.</summary>
    internal static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(s_limit);
        while (!condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Not within {s_limit}: {what}");
            }
        }
    }

    internal Task<KafkaLogWriter> OpenWriterAsync()
        => KafkaLogWriter.OpenAsync(Options, WriteHeader, TimeProvider.System, NullLogger.Instance, Ct);

    /// <summary>Appends slices numbered from <paramref name="first"/>, round robin over the partitions.</summary>
    internal async Task AppendAsync(int count, int first = 0, int bytes = 0)
    {
        using KafkaLogWriter writer = await OpenWriterAsync();
        await writer.AppendAsync([.. Enumerable.Range(first, count).Select(i => Slice(i % writer.Partitions, i, bytes))], Ct);
    }

    internal Member Join(RecordingHandler handler)
    {
        var member = new Member(this, handler);
        _members.Add(member);
        return member;
    }

    internal async Task<long?> CommittedAsync(int partition)
    {
        using var admin = new TopicAdmin(Options);
        return (await admin.LagAsync(Options.Topic, Options.Group, Ct))[partition].Committed;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Member member in _members)
        {
            await member.DisposeAsync();
        }

        Kafka.Dispose();
    }

    /// <summary>A process of the group.</summary>
    internal sealed class Member : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();

        internal Member(LogCluster cluster, RecordingHandler handler)
        {
            Handler = handler;
            Running = new KafkaLogReader(
                cluster.Options, cluster.ReaderOptions, handler, ReadHeader, Metrics, TimeProvider.System, NullLogger.Instance).RunAsync(_stop.Token);
        }

        internal RecordingHandler Handler { get; }

        internal KafkaReaderMetrics Metrics { get; } = new();

        internal Task Running { get; }

        internal async Task LeaveAsync()
        {
            await _stop.CancelAsync();
            await Running.WaitAsync(TimeSpan.FromSeconds(40));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Running.WaitAsync(TimeSpan.FromSeconds(40)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Metrics.Dispose();
            _stop.Dispose();
        }
    }
}
