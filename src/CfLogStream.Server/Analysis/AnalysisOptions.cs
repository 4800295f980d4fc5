namespace CfLogStream.Server.Analysis;

/// <summary>How files are read as one log.</summary>
public sealed record AnalysisOptions
{
    /// <summary>Threads that read, inflate, parse and classify.</summary>
    /// <value>0: one per core.</value>
    /// <remarks>The result does not depend on it.</remarks>
    public int Threads { get; init; }

    /// <summary>Memory in which records are put in order of time before they are counted.</summary>
    /// <value>384 MiB.</value>
    /// <remarks>An input whose disorder does not fit is still counted exactly, but what comes too late is in late chunks, and the summary says so.</remarks>
    public long ReorderBytes { get; init; } = 384L * 1024 * 1024;

    /// <summary>How much older than the newest record read so far of its file a record may be without being called disordered.</summary>
    /// <value>24 hours: as long as Logpush was seen to send batches again.</value>
    public TimeSpan Disorder { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Bytes of lines that one worker takes at a time.</summary>
    /// <value>1 MiB.</value>
    public int BatchBytes { get; init; } = 1024 * 1024;

    /// <summary>Rejected lines kept as rows; more are only counted. The ones with the smallest content hashes stay.</summary>
    /// <value>10,000.</value>
    public int DeadLettersKept { get; init; } = 10_000;

    /// <summary>Only records with an event time from here on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only records with an event time before this.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only these hosts; empty for all.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Only these zones; empty for all.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>Keeps analyses apart in one database; an analysis replaces the rows of an earlier one of the same name.</summary>
    /// <value><c>files</c>.</value>
    public string Name { get; init; } = "files";
}
