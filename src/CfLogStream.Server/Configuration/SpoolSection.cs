namespace CfLogStream.Server.Configuration;

/// <summary>The log on one machine: what is used without Kafka. It lies in the data folder.</summary>
public sealed record SpoolSection
{
    /// <summary>The partitions of a new spool: how many cores the process role can use.</summary>
    /// <value>4.</value>
    /// <remarks>A spool keeps the number it was made with, because a RayID must stay in its partition.</remarks>
    public int Partitions { get; init; } = 4;

    /// <summary>The most bytes of the spool. What is processed is removed; when that is not enough, uploads are answered 503 and come
    /// again.</summary>
    /// <value>16 GiB.</value>
    public long MaxBytes { get; init; } = 16L * 1024 * 1024 * 1024;

    /// <summary>How many bytes of the disk are left to ClickHouse and others; below that uploads are answered 503.</summary>
    /// <value>512 MiB.</value>
    public long ReserveBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>At which size a file of the spool is ended. Only whole files are removed.</summary>
    /// <value>64 MiB.</value>
    public long SegmentBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>What is older than this is removed even when it is not processed; what that loses is recorded as a gap.</summary>
    /// <value>604,800 seconds (7 days).</value>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(7);
}
