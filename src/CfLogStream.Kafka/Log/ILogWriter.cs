using CfLogStream.Kafka.Slices;

namespace CfLogStream.Kafka.Log;

/// <summary>Appends slices to the log.</summary>
public interface ILogWriter
{
    /// <summary>The partitions of the log; slices name one of them.</summary>
    int Partitions { get; }

    /// <summary>Appends slices in their order; completes when the log has all of them for good, and fails when that is not known.</summary>
    Task AppendAsync(IReadOnlyList<Slice> slices, CancellationToken ct);
}
