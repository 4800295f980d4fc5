using System.IO.Compression;

namespace CfLogStream.Generator;

/// <summary>What to generate.</summary>
public sealed record GeneratorOptions
{
    /// <summary>The name of a scenario of <see cref="ScenarioCatalog"/>.</summary>
    /// <value>Default <c>quiet</c>.</value>
    public string Scenario { get; init; } = GeneratorDefaults.Scenario;

    /// <summary>How far the scenario's parameters are from the usual ones.</summary>
    /// <value>Default <see cref="Variation.Default"/>.</value>
    /// <remarks>What <see cref="Variation.Wide"/> chose stands in the ledger's header.</remarks>
    public Variation Variation { get; init; } = Variation.Default;

    /// <summary>Decides everything that is random.</summary>
    /// <value>Default 1.</value>
    public ulong Seed { get; init; } = GeneratorDefaults.Seed;

    /// <summary>How many distinct records to write: http_requests, firewall_events, audit_logs and audit_logs_v2 together,
    /// exactly.</summary>
    /// <value>Default 100,000.</value>
    /// <remarks>Batches that are sent again and lines that are no record come on top. Not used when <see cref="TargetBytes"/> is
    /// set.</remarks>
    public long Records { get; init; } = GeneratorDefaults.Records;

    /// <summary>How many bytes of distinct records to write, before compression; the last record may exceed it.</summary>
    /// <value>Default none: <see cref="Records"/> counts.</value>
    public long? TargetBytes { get; init; }

    /// <summary>The time of the first record.</summary>
    /// <value>Default 2026-08-06T12:00:00Z.</value>
    public DateTimeOffset Start { get; init; } = GeneratorDefaults.Start;

    /// <summary>How much time the records span.</summary>
    /// <value>Default two hours up to 200,000 records, then one more hour per 100,000, seven days at most.</value>
    public TimeSpan? Duration { get; init; }

    /// <summary>How dense the traffic is: records per second on average.</summary>
    /// <value>Default none: <see cref="Duration"/> decides, about 28 a second.</value>
    /// <remarks>
    /// Decides how much time the records span, so it excludes <see cref="Duration"/>. Above 28 a second there are more callers in the same
    /// measure, and none of them calls faster.
    /// </remarks>
    public double? Rate { get; init; }

    /// <summary>Where the uploads and <c>ledger.ndjson</c> go.</summary>
    /// <value>Default <c>cflogstream-logs</c> in the current folder; not used when <see cref="Uploads"/> is set.</value>
    public string Folder { get; init; } = GeneratorDefaults.Folder;

    /// <summary>Takes the uploads instead of a folder.</summary>
    public IUploadTarget? Uploads { get; init; }

    /// <summary>Whether uploads are compressed with gzip.</summary>
    /// <value>Default true.</value>
    public bool Compress { get; init; } = true;

    /// <summary>How hard gzip tries.</summary>
    /// <value>Default <see cref="CompressionLevel.Optimal"/>, the level that Go's gzip uses.</value>
    public CompressionLevel CompressionLevel { get; init; } = CompressionLevel.Optimal;

    /// <summary>The most records that one upload holds (Logpush's <c>max_upload_records</c>).</summary>
    /// <value>Default 100,000, as Logpush's.</value>
    public int BatchRecords { get; init; } = GeneratorDefaults.BatchRecords;

    /// <summary>The longest time between two uploads (Logpush's <c>max_upload_interval_seconds</c>).</summary>
    /// <value>Default 30 seconds, up to 300 when the traffic is thin.</value>
    public TimeSpan? BatchInterval { get; init; }

    /// <summary>How times are written.</summary>
    /// <value>Default <see cref="TimestampFormat.UnixNano"/>, as Logpush's.</value>
    public TimestampFormat TimestampFormat { get; init; } = TimestampFormat.UnixNano;

    /// <summary>How disordered the uploads are.</summary>
    /// <value>Default <see cref="Disorder.Typical"/>.</value>
    public Disorder Disorder { get; init; } = Disorder.Typical;

    /// <summary>Faults that are mixed in.</summary>
    /// <value>Default none.</value>
    public Oddities Oddities { get; init; } = Oddities.None;

    /// <summary>Whether http_requests has only few fields and no security arrays.</summary>
    /// <value>Default false: a full job.</value>
    public bool Minimal { get; init; }
}
