namespace CfLogStream.Kafka.Slices;

/// <summary>Where a batch came from and when it came.</summary>
/// <param name="Name">The source: a file, an endpoint's token name, or <c>topic/partition</c>.</param>
/// <param name="ReceivedNs">When it was received, in nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Batch">The hash of its content, by which it is known when it is sent again; 0 for a source whose positions only grow and
/// tell what was sent again (a topic's partition).</param>
public readonly record struct BatchSource(string Name, long ReceivedNs, ulong Batch);
