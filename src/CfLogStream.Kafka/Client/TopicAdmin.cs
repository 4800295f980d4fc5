using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Kafka.Client;

/// <summary>Creates and describes topics and tells how far a group is behind.</summary>
public sealed partial class TopicAdmin : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly KafkaOptions _options;
    private readonly IAdminClient _admin;

    public TopicAdmin(KafkaOptions options)
    {
        _options = options;
        _admin = new AdminClientBuilder(KafkaClients.Admin(options)).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    /// <summary>Creates a topic, or says how one that is there differs.</summary>
    public async Task<TopicCreation> CreateAsync(string topic, TopicSettings settings, CancellationToken ct)
    {
        Dictionary<string, string> configs = Configs(settings);
        if (await FindAsync(topic, ct).ConfigureAwait(false) is null)
        {
            var specification = new TopicSpecification
            {
                Name = topic,
                NumPartitions = settings.Partitions,
                ReplicationFactor = (short)settings.Replication,
                Configs = configs,
            };
            try
            {
                await _admin.CreateTopicsAsync([specification], new CreateTopicsOptions { RequestTimeout = s_limit, OperationTimeout = s_limit })
                    .WaitAsync(ct).ConfigureAwait(false);
                return new TopicCreation(true, []);
            }
            catch (CreateTopicsException e) when (e.Results.TrueForAll(result => result.Error.Code == ErrorCode.TopicAlreadyExists))
            {
                // Another process was first.
            }
        }

        KafkaTopic found = await DescribeAsync(topic, ct).ConfigureAwait(false);
        return new TopicCreation(false, Differences(found, settings, configs));
    }

    /// <summary>Returns how many partitions a topic has; needs no right but to see it.</summary>
    /// <exception cref="TopicMissingException">It does not exist.</exception>
    public async Task<int> CountPartitionsAsync(string topic, CancellationToken ct) =>
        (await FindAsync(topic, ct).ConfigureAwait(false) ?? throw Missing(topic)).Partitions.Count;

    /// <summary>Describes a topic.</summary>
    /// <exception cref="TopicMissingException">It does not exist.</exception>
    public async Task<KafkaTopic> DescribeAsync(string topic, CancellationToken ct)
    {
        TopicMetadata description = await FindAsync(topic, ct).ConfigureAwait(false) ?? throw Missing(topic);
        int[] partitions = [.. description.Partitions.Select(partition => partition.PartitionId).Order()];
        Dictionary<int, long> low = await OffsetsAsync(topic, partitions, OffsetSpec.Earliest(), ct).ConfigureAwait(false);
        Dictionary<int, long> high = await OffsetsAsync(topic, partitions, OffsetSpec.Latest(), ct).ConfigureAwait(false);
        return new KafkaTopic(
            topic,
            [
                .. description.Partitions.OrderBy(partition => partition.PartitionId).Select(partition => new KafkaTopicPartition(
                    partition.PartitionId,
                    partition.Leader,
                    partition.Replicas.Length,
                    partition.InSyncReplicas.Length,
                    low[partition.PartitionId],
                    high[partition.PartitionId])),
            ],
            await SettingsAsync(topic, ct).ConfigureAwait(false));
    }

    /// <summary>How far a group is behind in each partition of a topic.</summary>
    /// <exception cref="TopicMissingException">It does not exist.</exception>
    public async Task<IReadOnlyList<PartitionLag>> LagAsync(string topic, string group, CancellationToken ct)
    {
        TopicMetadata description = await FindAsync(topic, ct).ConfigureAwait(false) ?? throw Missing(topic);
        int[] partitions = [.. description.Partitions.Select(partition => partition.PartitionId).Order()];
        Dictionary<int, long> low = await OffsetsAsync(topic, partitions, OffsetSpec.Earliest(), ct).ConfigureAwait(false);
        Dictionary<int, long> high = await OffsetsAsync(topic, partitions, OffsetSpec.Latest(), ct).ConfigureAwait(false);
        var wanted = new ConsumerGroupTopicPartitions(group, [.. partitions.Select(partition => new TopicPartition(topic, partition))]);
        List<ListConsumerGroupOffsetsResult> results = await _admin
            .ListConsumerGroupOffsetsAsync([wanted], new ListConsumerGroupOffsetsOptions { RequestTimeout = s_limit })
            .WaitAsync(ct).ConfigureAwait(false);
        Dictionary<int, long> committed = results[0].Partitions.ToDictionary(found => found.Partition.Value, found => found.Offset.Value);
        return
        [
            .. partitions.Select(partition => new PartitionLag(
                topic,
                partition,
                low[partition],
                high[partition],
                committed.TryGetValue(partition, out long offset) && offset >= 0 ? offset : null)),
        ];
    }

    public void Dispose() => _admin.Dispose();

    /// <summary>Waits until the cluster answers and tells how many partitions a topic has.</summary>
    /// <exception cref="TopicMissingException">It does not exist.</exception>
    internal async Task<int> WaitForTopicAsync(string topic, bool isLog, TimeProvider time, ILogger logger, CancellationToken ct)
    {
        var gate = new LogGate(time);
        while (true)
        {
            try
            {
                TopicMetadata? description = await FindAsync(topic, ct).ConfigureAwait(false);
                return description?.Partitions.Count ?? throw new TopicMissingException(topic, _options.BootstrapServers, isLog);
            }
            catch (KafkaException e) when (!e.Error.IsFatal)
            {
                if (gate.TryPass(out _))
                {
                    Log.Waiting(logger, _options.BootstrapServers, e.Error.Code, e.Error.Reason);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), time, ct).ConfigureAwait(false);
        }
    }

    private static Dictionary<string, string> Configs(TopicSettings settings) => new()
    {
        ["cleanup.policy"] = "delete",
        ["compression.type"] = "producer",
        ["max.message.bytes"] = settings.MessageBytes.ToString(CultureInfo.InvariantCulture),
        ["retention.ms"] = settings.RetentionMs.ToString(CultureInfo.InvariantCulture),
        ["retention.bytes"] = settings.RetentionBytes.ToString(CultureInfo.InvariantCulture),
    };

    private static List<string> Differences(KafkaTopic found, TopicSettings settings, Dictionary<string, string> configs)
    {
        var differences = new List<string>();
        if (found.Partitions.Count != settings.Partitions)
        {
            differences.Add($"The topic '{found.Name}' has {found.Partitions.Count} partitions, not {settings.Partitions}.");
        }

        int replication = found.Partitions.Count == 0 ? 0 : found.Partitions.Min(partition => partition.Replicas);
        if (replication != settings.Replication)
        {
            differences.Add($"The topic '{found.Name}' has {replication} replicas, not {settings.Replication}.");
        }

        if (found.Settings.Count == 0)
        {
            differences.Add($"The settings of the topic '{found.Name}' cannot be read.");
        }

        foreach ((string name, string value) in configs)
        {
            if (found.Settings.TryGetValue(name, out string? actual) && actual != value)
            {
                differences.Add($"The topic '{found.Name}' has '{name}' {actual}, not {value}.");
            }
        }

        return differences;
    }

    private TopicMissingException Missing(string topic) => new(topic, _options.BootstrapServers, topic == _options.Topic);

    // All topics: a request for one by name creates it where the brokers allow that.
    private Task<TopicMetadata?> FindAsync(string topic, CancellationToken ct) => Task.Run(
        () => _admin.GetMetadata(s_limit).Topics.Find(found => found.Topic == topic && found.Partitions.Count > 0), ct);

    private async Task<Dictionary<int, long>> OffsetsAsync(string topic, int[] partitions, OffsetSpec at, CancellationToken ct)
    {
        IEnumerable<TopicPartitionOffsetSpec> wanted = partitions.Select(
            partition => new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition), OffsetSpec = at });
        ListOffsetsResult result = await _admin.ListOffsetsAsync(wanted, new ListOffsetsOptions { RequestTimeout = s_limit })
            .WaitAsync(ct).ConfigureAwait(false);
        return result.ResultInfos.ToDictionary(
            info => info.TopicPartitionOffsetError.Partition.Value, info => info.TopicPartitionOffsetError.Offset.Value);
    }

    private async Task<IReadOnlyDictionary<string, string>> SettingsAsync(string topic, CancellationToken ct)
    {
        try
        {
            List<DescribeConfigsResult> results = await _admin.DescribeConfigsAsync(
                [new ConfigResource { Type = ResourceType.Topic, Name = topic }], new DescribeConfigsOptions { RequestTimeout = s_limit })
                .WaitAsync(ct).ConfigureAwait(false);
            return results[0].Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Value);
        }
        catch (KafkaException)
        {
            // Who may read a topic may not always read its settings, and not every broker tells them.
            return new Dictionary<string, string>();
        }
    }
}
