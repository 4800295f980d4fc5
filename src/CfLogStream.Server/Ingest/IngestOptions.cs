using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Ingest;

/// <summary>How the ingest role brings a user's topics to the log.</summary>
public sealed record IngestOptions
{
    public ReaderOptions Reader { get; init; } = new();

    public SlicerOptions Slicer { get; init; } = new();

    /// <summary>How many bytes of messages are brought to the log at a time.</summary>
    /// <value>4 MiB.</value>
    public int BatchBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long messages wait for company.</summary>
    /// <value>1 second.</value>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How much event time a batch may span before it goes to the log.</summary>
    /// <value>1 minute.</value>
    public TimeSpan Span { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How far the sources of this process may be apart in event time.</summary>
    /// <value>2 minutes.</value>
    /// <remarks>Must be well below the allowed lateness, or reading a backlog makes records late.</remarks>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>After how long without messages a source holds back the others no more.</summary>
    /// <value>10 seconds.</value>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most bytes that one message may have when it is inflated.</summary>
    /// <value>256 MiB.</value>
    public long InflatedBytes { get; init; } = 256 * 1024 * 1024;
}
