namespace CfLogStream.Server.Configuration;

/// <summary>How files are analysed. None of it changes the rows, only how fast and in how much memory they are made.</summary>
public sealed record AnalysisSection
{
    /// <summary>Threads that read and classify.</summary>
    /// <value>0, which is one per core.</value>
    public int Threads { get; init; }

    /// <summary>Memory in which records of several files wait to be put in order of time.</summary>
    /// <value>384 MiB.</value>
    public long ReorderBytes { get; init; } = 384L * 1024 * 1024;

    /// <summary>How far the times inside one file may lie apart from the order of its lines.</summary>
    /// <value>86,400 seconds (one day).</value>
    /// <remarks>An upload's disorder follows from the span of its times; this bounds it for files that many uploads were joined into.</remarks>
    public TimeSpan Disorder { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How much of a file is read and parsed as one batch.</summary>
    /// <value>1 MiB.</value>
    /// <remarks>Small batches stay in the processor's cache, large ones cost fewer hand-overs between threads.</remarks>
    public int BatchBytes { get; init; } = 1024 * 1024;

    /// <summary>Rejected lines of which the bytes are kept; later ones are only counted.</summary>
    /// <value>10,000.</value>
    public int DeadLettersKept { get; init; } = 10_000;
}
