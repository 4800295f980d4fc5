namespace CfLogStream.Benchmarks.Receive;

/// <summary>How soon a record that was acknowledged can be asked for, under a load.</summary>
internal sealed record FreshnessFigure
{
    /// <summary>The pace of the load.</summary>
    public required double RecordsPerSecond { get; init; }

    /// <summary>From the acknowledgement of each probe until its row was there.</summary>
    public required IReadOnlyList<double> VisibleMs { get; init; }

    /// <summary>How long the uploads of the load took to be acknowledged.</summary>
    public required IReadOnlyCollection<double> AcknowledgedMs { get; init; }

    /// <summary>Acknowledged probes whose rows never came.</summary>
    public required int Missing { get; init; }

    /// <summary>What the tables have in the end, the probes included.</summary>
    public required StoredRecords Stored { get; init; }
}
