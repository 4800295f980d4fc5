namespace CfLogStream.Kafka.Slices;

/// <summary>What a slice says of a record beside its fields.</summary>
/// <param name="Position">Its place in the source it came from: grows from record to record.</param>
/// <param name="IsCopy">Whether it only speaks of a second ray, and is itself in another partition.</param>
public readonly record struct SliceRecord(long Position, bool IsCopy);
