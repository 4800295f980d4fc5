namespace CfLogStream.Kafka.Client;

/// <summary>What creating a topic came to.</summary>
/// <param name="Created">False when it was there already.</param>
/// <param name="Differences">Where a topic that was there differs from what was asked for, one sentence each.</param>
public sealed record TopicCreation(bool Created, IReadOnlyList<string> Differences);
