namespace CfLogStream.Benchmarks.Log;

/// <summary>What one of the three took in one round.</summary>
internal readonly record struct LogFigure(double WallSeconds, double CpuSeconds);

/// <summary>One round: the three one after the other, on one broker with the same messages.</summary>
internal sealed record LogRound
{
    public required LogFigure Ingest { get; init; }

    public required LogFigure Process { get; init; }

    public required LogFigure Peer { get; init; }

    public required int Messages { get; init; }

    public required long SourceBytes { get; init; }

    public required long LogBytes { get; init; }

    /// <summary>Records that the tables of ours have received and counted, and those that were there before, without what closed the windows.</summary>
    public required (long Received, long Counted, long Duplicates) Ours { get; init; }

    public required (long Requests, long Events) PeerCounted { get; init; }

    public required string PeerVersion { get; init; }
}
