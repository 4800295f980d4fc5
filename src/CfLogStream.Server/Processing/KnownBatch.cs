using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Processing;

/// <summary>A slice of a batch that was seen: a row of <c>batches</c>.</summary>
/// <param name="Message">The offset of the message that brought it first.</param>
/// <param name="SeenNs">The watermark then.</param>
public readonly record struct KnownBatch(string Source, ulong Batch, SliceKind Kind, int Part, long Message, long SeenNs);
