namespace CfLogStream.Kafka.Client;

/// <summary>Which of a user's topics are taken in, and from where.</summary>
public sealed record SourceOptions
{
    /// <summary>The topics.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>The consumer group that shares their partitions.</summary>
    /// <value><c>cflogstream-ingest</c>.</value>
    public string Group { get; init; } = "cflogstream-ingest";

    /// <summary>Whether a partition without a committed offset is read from its newest message instead of its oldest.</summary>
    /// <value>false: from the oldest.</value>
    public bool StartAtNewest { get; init; }
}
