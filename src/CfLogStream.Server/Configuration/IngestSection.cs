namespace CfLogStream.Server.Configuration;

/// <summary>What the ingest role reads, and how it is brought to the log.</summary>
public sealed record IngestSection
{
    /// <summary>The user's topics with Logpush records: NDJSON, one or many lines a message, plain, gzip or zstd, either dataset or both.</summary>
    /// <value>none.</value>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>The consumer group that shares the partitions of those topics.</summary>
    /// <value><c>cflogstream-ingest</c>.</value>
    public string Group { get; init; } = "cflogstream-ingest";

    /// <summary>Where a topic is begun that this group has not read yet: <c>earliest</c> or <c>latest</c>.</summary>
    /// <value><c>earliest</c>.</value>
    public string Start { get; init; } = "earliest";

    /// <summary>How much of a topic's partition is brought to the log at a time, in bytes of lines.</summary>
    /// <value>4 MiB.</value>
    /// <remarks>More makes larger slices, which cost less, and needs more memory per partition.</remarks>
    public int BatchBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long the records of a topic's partition wait for company, in milliseconds.</summary>
    /// <value>1,000.</value>
    public int LingerMs { get; init; } = 1_000;

    /// <summary>The most bytes that one message may have when it is inflated.</summary>
    /// <value>256 MiB.</value>
    public int InflatedBytes { get; init; } = 256 * 1024 * 1024;
}
