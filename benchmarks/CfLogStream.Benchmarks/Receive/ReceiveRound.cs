namespace CfLogStream.Benchmarks.Receive;

/// <summary>One round: all of them one after the other, on the same uploads.</summary>
internal sealed record ReceiveRound
{
    public required ReceiveFigure Floor { get; init; }

    /// <summary>Receiver and spool, while ClickHouse is away.</summary>
    public required ReceiveFigure Acknowledge { get; init; }

    /// <summary>Receiver, spool, process and the engine.</summary>
    public required ReceiveFigure EndToEnd { get; init; }

    public required ReceiveFigure Analyze { get; init; }

    /// <summary>How the three that are sent uploads have acknowledged them.</summary>
    public required LoadResult FloorLoad { get; init; }

    public required LoadResult AcknowledgeLoad { get; init; }

    public required LoadResult EndToEndLoad { get; init; }

    /// <summary>Records that the spool has acknowledged, while ClickHouse was away.</summary>
    public required long Spooled { get; init; }

    /// <summary>What the tables have counted, end to end.</summary>
    public required StoredRecords Stored { get; init; }

    public required FreshnessFigure Freshness { get; init; }

    /// <summary>CPU-seconds to acknowledge, to those of the floor.</summary>
    public double AcknowledgeRatio => Acknowledge.CpuSeconds / Floor.CpuSeconds;

    /// <summary>The same without what each took before the first upload.</summary>
    public double AcknowledgeRatioAfterStart =>
        (Acknowledge.CpuSeconds - Acknowledge.StartCpuSeconds) / (Floor.CpuSeconds - Floor.StartCpuSeconds);

    /// <summary>CPU-seconds end to end, to those of the analysis and the floor together.</summary>
    public double EndToEndRatio => EndToEnd.CpuSeconds / (Analyze.CpuSeconds + Floor.CpuSeconds);
}
