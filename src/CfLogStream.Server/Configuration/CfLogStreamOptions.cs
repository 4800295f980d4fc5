using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Server.Configuration;

/// <summary>The whole configuration: everything that describes the pipeline. It is bound and passed explicitly.</summary>
public sealed record CfLogStreamOptions
{
    /// <summary>Limits of reading log lines, and what is read beside the fields the product needs.</summary>
    public ReaderOptions Reader { get; init; } = new();

    /// <summary>How endpoints and clients are told apart.</summary>
    /// <remarks>A change here changes what rows mean: give it a new <c>generation</c>.</remarks>
    public ClassificationSettings Classification { get; init; } = new();

    /// <summary>OpenAPI 3 files (JSON or YAML) whose paths are known templates of API endpoints.</summary>
    /// <value>none.</value>
    /// <remarks>Paths are relative to the configuration file.</remarks>
    public IReadOnlyList<string> OpenapiFiles { get; init; } = [];

    /// <summary>What decides how records are joined, windowed and bounded.</summary>
    public CorrelationOptions Correlation { get; init; } = new();

    /// <summary>The ClickHouse that holds the tables.</summary>
    public ClickHouseSection Clickhouse { get; init; } = new();

    /// <summary>How files are analysed: threads, memory and what is kept of rejected lines.</summary>
    public AnalysisSection Analysis { get; init; } = new();

    /// <summary>The Kafka that carries the log between ingest and process, and that holds a user's own topics.</summary>
    public KafkaSection Kafka { get; init; } = new();

    /// <summary>What the ingest role reads, and how it is brought to the log.</summary>
    public IngestSection Ingest { get; init; } = new();

    /// <summary>The endpoint that Logpush pushes to.</summary>
    public ReceiverSection Receiver { get; init; } = new();

    /// <summary>Buckets that Logpush stores objects in, to be read by the ingest role.</summary>
    /// <value>none.</value>
    public IReadOnlyList<BucketSection> Buckets { get; init; } = [];

    /// <summary>Folders that files of records are put into, to be read by the ingest role.</summary>
    /// <value>none.</value>
    public IReadOnlyList<FolderSection> Folders { get; init; } = [];

    /// <summary>The log on one machine, without Kafka.</summary>
    public SpoolSection Spool { get; init; } = new();

    /// <summary>How the process role works through the log.</summary>
    public ProcessSection Process { get; init; } = new();

    /// <summary>What the answers know beside the records: who owns what.</summary>
    public InsightSection Insight { get; init; } = new();

    /// <summary>Where the program can be asked how it is.</summary>
    public MetricsSection Metrics { get; init; } = new();
}
