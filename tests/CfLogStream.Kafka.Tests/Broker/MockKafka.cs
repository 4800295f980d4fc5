using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace CfLogStream.Kafka.Testing;

/// <summary>librdkafka's own broker: a cluster on 127.0.0.1 that speaks Kafka's protocol to any client, with faults on demand.</summary>
/// <remarks>It keeps only the newest 5 MB of each partition, as stored, and answers a fetch with one batch of messages a partition.</remarks>
public sealed class MockKafka : IDisposable
{
    public const int ApiProduce = 0;
    public const int ApiFetch = 1;
    public const int ApiListOffsets = 2;
    public const int ApiMetadata = 3;
    public const int ApiOffsetCommit = 8;
    public const int ApiOffsetFetch = 9;
    public const int ApiFindCoordinator = 10;
    public const int ApiJoinGroup = 11;
    public const int ApiHeartbeat = 12;
    public const int ApiSyncGroup = 14;
    public const int ApiInitProducerId = 22;

    private const int Producer = 0;
    private const int ErrorBytes = 512;

    private readonly nint _client;
    private nint _cluster;

    public MockKafka(int brokers = 1)
    {
        Brokers = brokers;
        nint error = Marshal.AllocHGlobal(ErrorBytes);
        try
        {
            _client = MockLibrary.Get<NewClient>("rd_kafka_new")(Producer, 0, error, ErrorBytes);
            if (_client == 0)
            {
                throw new InvalidOperationException(Marshal.PtrToStringUTF8(error));
            }
        }
        finally
        {
            Marshal.FreeHGlobal(error);
        }

        _cluster = MockLibrary.Get<NewCluster>("rd_kafka_mock_cluster_new")(_client, brokers);
        BootstrapServers = Marshal.PtrToStringUTF8(MockLibrary.Get<Bootstraps>("rd_kafka_mock_cluster_bootstraps")(_cluster))!;
        GroupInitialRebalanceDelay(100);
    }

    private delegate nint NewClient(int type, nint configuration, nint error, nuint errorBytes);

    private delegate void DestroyClient(nint client);

    private delegate nint NewCluster(nint client, int brokers);

    private delegate void DestroyCluster(nint cluster);

    private delegate nint Bootstraps(nint cluster);

    private delegate int TopicCreate(nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partitions, int replication);

    private delegate int TopicDelete(nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic);

    private delegate int OneBroker(nint cluster, int broker);

    private delegate int BrokerValue(nint cluster, int broker, int value);

    private delegate void PushRequestErrors(nint cluster, short apiKey, nuint count, [In] int[] errors);

    private delegate void ClearRequestErrors(nint cluster, short apiKey);

    private delegate int PartitionLeader(nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partition, int broker);

    private delegate int PartitionDelete(nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partition, long before);

    private delegate int Coordinator(
        nint cluster,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string type,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string key,
        int broker);

    private delegate void RebalanceDelay(nint cluster, int delayMs);

    private delegate void Tracking(nint cluster);

    private delegate nint GetRequests(nint cluster, out nuint count);

    private delegate void DestroyRequests(nint requests, nuint count);

    private delegate short RequestKey(nint request);

    public int Brokers { get; }

    /// <summary>The brokers' addresses, for any client on this machine.</summary>
    public string BootstrapServers { get; }

    public void CreateTopic(string name, int partitions, int replication = 1)
        => Check(MockLibrary.Get<TopicCreate>("rd_kafka_mock_topic_create")(_cluster, name, partitions, replication), name);

    public void DeleteTopic(string name) => Check(MockLibrary.Get<TopicDelete>("rd_kafka_mock_topic_delete")(_cluster, name), name);

    /// <summary>Closes a broker's connections and accepts no more; <paramref name="broker"/> counts from 1.</summary>
    public void SetBrokerDown(int broker) => Check(MockLibrary.Get<OneBroker>("rd_kafka_mock_broker_set_down")(_cluster, broker), "down");

    public void SetBrokerUp(int broker) => Check(MockLibrary.Get<OneBroker>("rd_kafka_mock_broker_set_up")(_cluster, broker), "up");

    public void SetAllDown() => Each(SetBrokerDown);

    public void SetAllUp() => Each(SetBrokerUp);

    /// <summary>Delays a broker's answers.</summary>
    public void SetRtt(int broker, int milliseconds)
        => Check(MockLibrary.Get<BrokerValue>("rd_kafka_mock_broker_set_rtt")(_cluster, broker, milliseconds), "rtt");

    /// <summary>The next requests of a kind are answered with these errors, one each.</summary>
    public void PushErrors(int apiKey, params ErrorCode[] errors)
        => MockLibrary.Get<PushRequestErrors>("rd_kafka_mock_push_request_errors_array")(
            _cluster, (short)apiKey, (nuint)errors.Length, Array.ConvertAll(errors, error => (int)error));

    public void ClearErrors(int apiKey) => MockLibrary.Get<ClearRequestErrors>("rd_kafka_mock_clear_request_errors")(_cluster, (short)apiKey);

    /// <summary>Moves a partition's leadership; −1 leaves it without a leader.</summary>
    public void SetLeader(string topic, int partition, int broker)
        => Check(MockLibrary.Get<PartitionLeader>("rd_kafka_mock_partition_set_leader")(_cluster, topic, partition, broker), topic);

    public void SetCoordinator(string group, int broker)
        => Check(MockLibrary.Get<Coordinator>("rd_kafka_mock_coordinator_set")(_cluster, "group", group, broker), group);

    /// <summary>Trims a partition: the oldest offset is then <paramref name="before"/>.</summary>
    public void DeleteRecords(string topic, int partition, long before)
        => Check(MockLibrary.Get<PartitionDelete>("rd_kafka_mock_partition_delete_records")(_cluster, topic, partition, before), topic);

    public void GroupInitialRebalanceDelay(int milliseconds)
        => MockLibrary.Get<RebalanceDelay>("rd_kafka_mock_group_initial_rebalance_delay_ms")(_cluster, milliseconds);

    /// <summary>Begins to remember which requests come.</summary>
    public void TrackRequests() => MockLibrary.Get<Tracking>("rd_kafka_mock_start_request_tracking")(_cluster);

    /// <summary>How many requests of a kind came since <see cref="TrackRequests"/>.</summary>
    public int CountRequests(int apiKey)
    {
        nint requests = MockLibrary.Get<GetRequests>("rd_kafka_mock_get_requests")(_cluster, out nuint count);
        RequestKey key = MockLibrary.Get<RequestKey>("rd_kafka_mock_request_api_key");
        int matching = 0;
        for (int i = 0; i < (int)count; i++)
        {
            matching += key(Marshal.ReadIntPtr(requests, i * nint.Size)) == apiKey ? 1 : 0;
        }

        MockLibrary.Get<DestroyRequests>("rd_kafka_mock_request_destroy_array")(requests, count);
        return matching;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _cluster, 0) is var cluster and not 0)
        {
            MockLibrary.Get<DestroyCluster>("rd_kafka_mock_cluster_destroy")(cluster);
            MockLibrary.Get<DestroyClient>("rd_kafka_destroy")(_client);
        }
    }

    private static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"The test broker refused '{what}': {(ErrorCode)error}.");
        }
    }

    private void Each(Action<int> action)
    {
        for (int broker = 1; broker <= Brokers; broker++)
        {
            action(broker);
        }
    }
}
