namespace CfLogStream.Kafka.Client;

/// <summary>A topic as it is.</summary>
/// <param name="Settings">Its settings by the broker's names; empty when they cannot be read.</param>
public sealed record KafkaTopic(string Name, IReadOnlyList<KafkaTopicPartition> Partitions, IReadOnlyDictionary<string, string> Settings);

/// <summary>A partition of a topic.</summary>
/// <param name="Leader">The broker that leads it; −1 for none.</param>
/// <param name="Low">The oldest offset there is.</param>
/// <param name="High">The offset after the newest message.</param>
public sealed record KafkaTopicPartition(int Partition, int Leader, int Replicas, int InSync, long Low, long High);
