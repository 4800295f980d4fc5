namespace CfLogStream.Kafka.Slices;

/// <summary>What the headers of a message say about the slice in it.</summary>
/// <param name="Kind">What its records are.</param>
/// <param name="Schema">The CRC-64-AVRO fingerprint of the schema it was written with.</param>
/// <param name="Batch">The <see cref="Core.StableHash"/> of the content of the batch it is a part of; 0 when it is part of a
/// stream.</param>
/// <param name="Part">Which of the slices of its batch, kind and partition it is, from 0.</param>
/// <param name="Count">The number of records, copies included.</param>
public readonly record struct SliceHeader(SliceKind Kind, ulong Schema, ulong Batch, int Part, int Count);
