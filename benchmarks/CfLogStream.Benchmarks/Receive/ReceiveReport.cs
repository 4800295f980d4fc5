using CfLogStream.Benchmarks.Results;

namespace CfLogStream.Benchmarks.Receive;

/// <summary>Everything that one run of <c>receive</c> found out.</summary>
internal sealed record ReceiveReport
{
    public required ReceiveOptions Options { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required UploadLoad Load { get; init; }

    public required long GzipBytes { get; init; }

    public required Machine Machine { get; init; }

    /// <summary>The version of the engine inside the service.</summary>
    public required string ClickHouse { get; init; }

    public required IReadOnlyList<ReceiveRound> Rounds { get; init; }

    public double Gigabytes => Load.JsonBytes / 1e9;

    /// <summary>What was acknowledged and is missing, or is there twice, in sentences; empty when all agrees.</summary>
    public IReadOnlyList<string> Differences =>
    [
        .. Rounds.SelectMany((round, i) => new (bool IsWrong, string Text)[]
        {
            (round.Spooled != Load.Distinct, $"Round {i + 1}: {round.Spooled} of {Load.Distinct} records are in the spool."),
            (!round.Stored.Are(Load.Distinct), $"Round {i + 1}: the tables have {Text(round.Stored)}, of {Load.Distinct}."),
            (!round.Freshness.Stored.Are(Load.Distinct + Probes(round)),
                $"Round {i + 1}, freshness: the tables have {Text(round.Freshness.Stored)}, of {Load.Distinct + Probes(round)}."),
            (round.Freshness.Missing > 0, $"Round {i + 1}, freshness: {round.Freshness.Missing} acknowledged probes never came."),
        }).Where(difference => difference.IsWrong).Select(difference => difference.Text),
    ];

    public bool IsComplete => Differences.Count == 0;

    /// <summary>The probes of a round that were acknowledged.</summary>
    public static int Probes(ReceiveRound round) => round.Freshness.VisibleMs.Count + round.Freshness.Missing;

    public double Median(Func<ReceiveRound, double> what) => Statistics.Median(Rounds.Select(what));

    public ReceiveFigure Median(Func<ReceiveRound, ReceiveFigure> who) => new(
        Median(round => who(round).WallSeconds),
        Median(round => who(round).CpuSeconds),
        Median(round => who(round).StartCpuSeconds),
        Rounds.Max(round => who(round).PeakBytes));

    private static string Text(StoredRecords stored) =>
        FormattableString.Invariant($"{stored.Received} received, {stored.Counted} counted and {stored.Duplicates} duplicates");
}
