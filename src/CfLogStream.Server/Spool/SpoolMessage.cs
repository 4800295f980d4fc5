using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Spool;

/// <summary>A slice on its way into a segment.</summary>
/// <param name="Value">The appender's bytes; valid until its append has completed.</param>
/// <param name="ValueHash">Their checksum, computed on the appender's thread.</param>
internal readonly record struct SpoolMessage(SliceHeader Header, ReadOnlyMemory<byte> Value, ulong ValueHash);
