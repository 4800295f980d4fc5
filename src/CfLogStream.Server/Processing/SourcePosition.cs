using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Processing;

/// <summary>The greatest position seen of a source whose positions only grow.</summary>
/// <param name="Kind">Slices of one batch come kind by kind, so each kind has a position of its own.</param>
public readonly record struct SourcePosition(string Source, SliceKind Kind, long Position);
