using CfLogStream.Benchmarks.Log;
using CfLogStream.Benchmarks.Results;

namespace CfLogStream.Benchmarks.Tests.Log;

public sealed class LogTableTests
{
    [Fact]
    public void Write_Rows_AreMediansOfTheRounds()
    {
        string text = LogTable.Write(Report(Round(1), Round(2), Round(4)));

        Assert.Equal(
            [
                "| **`serve --roles ingest`**: topics → log | 4.00 s | 300 | 500 | 2.00 s | 600 | 200 |",
                "| **`serve --roles process`**: log → ClickHouse, embedded in the same process | 8.00 s | 150 | 250 | 4.00 s | 300 | 100 |",
                "| both, one after the other | 12.00 s | 100 | 167 | 6.00 s | 200 |  |",
                "| ClickHouse `ENGINE = Kafka` and materialized views (libchdb): topics → tables | 10.00 s | 120 | 200 | 6.00 s | 200 | 200 |",
            ],
            text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Take(4));
        Assert.Contains("to the peer's: **1.00 ×** (aim: at least 5 ×).", text, StringComparison.Ordinal);
        Assert.Contains("A record takes 100 bytes on the log as stored, of 1,666,667 bytes of JSON.", text, StringComparison.Ordinal);
        Assert.Contains("| 3 | 8.00 s, 4.00 s | 16.00 s, 8.00 s | 20.00 s, 12.00 s |", text, StringComparison.Ordinal);
        Assert.Contains("-- log --rounds 3`", text, StringComparison.Ordinal);
        Assert.Contains("kafka_broker_list = 'BROKERS'", text, StringComparison.Ordinal);
        Assert.Contains("## The counts agree", text, StringComparison.Ordinal);
        Assert.Contains("| ours: counted + duplicates | 1,190 + 10 |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void CpuRatio_Rounds_IsTheMedianOfEachRoundsOwn()
    {
        LogRound cheapPeer = Round(1) with { Peer = new LogFigure(5, 1.5) };

        Assert.Equal(1, Report(Round(1), Round(8), cheapPeer).CpuRatio);
        Assert.Equal(0.5, Report(cheapPeer).CpuRatio);
    }

    [Theory]
    [InlineData(1199, 1189, 10, 1000, 200)]
    [InlineData(1200, 1189, 10, 1000, 200)]
    [InlineData(1200, 1190, 10, 999, 200)]
    [InlineData(1200, 1190, 10, 1000, 201)]
    public void Write_AnyRoundThatIsNotComplete_SaysThatTheCountsDiffer(long received, long counted, long duplicates, long requests, long events)
    {
        LogReport report = Report(Round(1) with { Ours = (received, counted, duplicates), PeerCounted = (requests, events) }, Round(1));

        Assert.False(report.IsComplete);
        Assert.Contains("## The counts DIFFER", LogTable.Write(report), StringComparison.Ordinal);
    }

    private static LogReport Report(params LogRound[] rounds) => new()
    {
        Options = new LogOptions(),
        Arguments = ["--rounds", "3"],
        JsonBytes = 2_000_000_000,
        HttpRequests = 1000,
        FirewallEvents = 200,
        Machine = new Machine("Some CPU 9", "", "AVX2", 2, 8L << 30, "Linux", ".NET 10", "abc"),
        Rounds = rounds,
    };

    private static LogRound Round(double factor) => new()
    {
        Ingest = new LogFigure(2 * factor, factor),
        Process = new LogFigure(4 * factor, 2 * factor),
        Peer = new LogFigure(5 * factor, 3 * factor),
        Messages = 40,
        SourceBytes = 240_000,
        LogBytes = 120_000,
        Ours = (1200, 1190, 10),
        PeerCounted = (1000, 200),
        PeerVersion = "26.7.2.1",
    };
}
