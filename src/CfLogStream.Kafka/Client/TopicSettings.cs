namespace CfLogStream.Kafka.Client;

/// <summary>How the log's topic is created.</summary>
/// <param name="Partitions">How many partitions it has, for good.</param>
/// <param name="Replication">How many copies of each are kept.</param>
/// <param name="RetentionMs">How long messages are kept, in milliseconds; −1 for ever.</param>
/// <param name="RetentionBytes">How many bytes of each partition are kept; −1 for all.</param>
/// <param name="MessageBytes">The largest message, before compression.</param>
public sealed record TopicSettings(int Partitions, int Replication, long RetentionMs, long RetentionBytes, int MessageBytes);
