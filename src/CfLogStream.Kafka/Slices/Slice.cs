namespace CfLogStream.Kafka.Slices;

/// <summary>A part of a batch on its way to the log: one message.</summary>
/// <param name="Partition">The partition of the log it belongs to.</param>
/// <param name="Header">What its headers say.</param>
/// <param name="Value">Its bytes (Avro); valid until the slicer that made it takes the next batch.</param>
public readonly record struct Slice(int Partition, SliceHeader Header, ReadOnlyMemory<byte> Value);
