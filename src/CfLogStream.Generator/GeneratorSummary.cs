namespace CfLogStream.Generator;

/// <summary>What a run has written.</summary>
public sealed record GeneratorSummary
{
    /// <summary>Per dataset, in the order http_requests, firewall_events, audit_logs, audit_logs_v2.</summary>
    public required IReadOnlyList<DatasetSummary> Datasets { get; init; }

    /// <summary>Distinct records of all datasets.</summary>
    public long Records => Datasets.Sum(dataset => dataset.Records);

    /// <summary>Lines of all uploads, those sent again and those that are no record included.</summary>
    public long Lines => Datasets.Sum(dataset => dataset.Records + dataset.Duplicates + dataset.DeadLines);

    /// <summary>Bytes of JSON, before compression, uploads sent again not included.</summary>
    public long Bytes => Datasets.Sum(dataset => dataset.Bytes);

    /// <summary>Bytes of the uploads as stored, uploads sent again not included.</summary>
    public long StoredBytes { get; init; }

    /// <summary>Uploads, those sent again included.</summary>
    public long Uploads => Datasets.Sum(dataset => dataset.Uploads);

    /// <summary>Requests by legitimate clients that a control stopped because of the scenario's incident.</summary>
    public long IncidentLost { get; init; }
}
