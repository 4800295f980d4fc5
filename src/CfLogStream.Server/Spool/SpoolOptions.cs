namespace CfLogStream.Server.Spool;

/// <summary>Where a spool is and how large it may become.</summary>
public sealed record SpoolOptions
{
    /// <summary>The folder of the spool; made when it does not exist.</summary>
    public required string Folder { get; init; }

    /// <summary>The partitions of a new spool. One that exists keeps the number it was made with, because a RayID must stay in its
    /// partition.</summary>
    /// <value>4.</value>
    public int Partitions { get; init; } = 4;

    /// <summary>At which size a segment is ended and the next one begun. Whole segments are removed.</summary>
    /// <value>64 MiB.</value>
    public long SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The most bytes of the spool. Nothing is appended past it; what is processed makes room.</summary>
    /// <value>16 GiB.</value>
    public long MaxBytes { get; init; } = 16L * 1024 * 1024 * 1024;

    /// <summary>How many bytes of the disk are left to others, above all to the ClickHouse that empties the spool.</summary>
    /// <value>512 MiB.</value>
    public long ReserveBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>Ended segments that are older than this are removed even when they are not processed; what that loses is a recorded
    /// gap.</summary>
    /// <value>7 days, as Kafka.</value>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How often what is processed is removed.</summary>
    /// <value>15 seconds.</value>
    public TimeSpan TrimInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long sessions may take to finish when the reader is stopped.</summary>
    /// <value>20 seconds.</value>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(20);
}
