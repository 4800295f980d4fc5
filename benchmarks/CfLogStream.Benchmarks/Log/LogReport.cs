using CfLogStream.Benchmarks.Results;

namespace CfLogStream.Benchmarks.Log;

/// <summary>Everything that one run of <c>log</c> found out.</summary>
internal sealed record LogReport
{
    public required LogOptions Options { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required long JsonBytes { get; init; }

    public required long HttpRequests { get; init; }

    public required long FirewallEvents { get; init; }

    public required Machine Machine { get; init; }

    public required IReadOnlyList<LogRound> Rounds { get; init; }

    public long Records => HttpRequests + FirewallEvents;

    /// <summary>In every round everybody has counted all records that were generated.</summary>
    public bool IsComplete => Rounds.All(round =>
        round.Ours.Received == Records
        && round.Ours.Counted + round.Ours.Duplicates == Records
        && round.PeerCounted == (HttpRequests, FirewallEvents));

    public LogFigure Median(Func<LogRound, LogFigure> who) => new(
        Statistics.Median(Rounds.Select(round => who(round).WallSeconds)), Statistics.Median(Rounds.Select(round => who(round).CpuSeconds)));

    /// <summary>CPU-seconds of the peer to those of both roles together, in the same round.</summary>
    public double CpuRatio =>
        Statistics.Median(Rounds.Select(round => round.Peer.CpuSeconds / (round.Ingest.CpuSeconds + round.Process.CpuSeconds)));
}
