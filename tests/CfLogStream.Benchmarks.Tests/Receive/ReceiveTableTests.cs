using CfLogStream.Benchmarks.Receive;
using CfLogStream.Benchmarks.Results;

namespace CfLogStream.Benchmarks.Tests.Receive;

public sealed class ReceiveTableTests
{
    [Fact]
    public void Write_Rows_AreMediansAndTheMostMemory()
    {
        string text = ReceiveTable.Write(Report(Round(1), Round(2), Round(3)));

        Assert.Contains(
            "2.00 GB of NDJSON, 1,000 records in 3 uploads (200 MB of gzip), 4 sent at the same time, on 2 cores that the senders share; medians of 3 rounds.\n",
            text,
            StringComparison.Ordinal);
        Assert.Equal(
            [
                "| bare Kestrel endpoint that inflates and discards: the floor | 4.00 s | 250 | 500 | 2.00 s | 0.20 s | 1.00 s | 10 ms, 20 ms | 50 MB |",
                "| **`serve`, ClickHouse away**: receiver → spool, acknowledged | 8.00 s | 125 | 250 | 5.00 s | 0.50 s | 2.50 s | 40 ms, 60 ms | 300 MB |",
                "| **`serve`**: receiver → spool → process → embedded ClickHouse, rows there | 20.00 s | 50 | 100 | 12.00 s | 1.00 s | 6.00 s | 80 ms, 90 ms | 900 MB |",
                "| `analyze` of the same files | 6.00 s | 167 | 333 | 8.00 s | | 4.00 s | | 700 MB |",
            ],
            text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Take(4));
    }

    [Fact]
    public void Write_Ratios_AreMediansOfTheRoundsWithTheirAims()
    {
        string text = ReceiveTable.Write(Report(Round(1), Round(2), Round(3)));

        Assert.Contains(
            "CPU to acknowledge, to the floor's: **2.50 ×** (aim: at most 2 ×, missed); without what each took before the first upload: 2.50 ×.\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains(
            "CPU end to end, to that of `analyze` and the floor together: **1.20 ×** (aim: at most 1.5 ×, reached).\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Freshness_IsOfAllRoundsTogether()
    {
        string text = ReceiveTable.Write(Report(Round(1), Round(2)));

        Assert.Contains("Under half the load that was sustained end to end (25 records/s)", text, StringComparison.Ordinal);
        Assert.Contains(
            "| from the acknowledgement of a probe until its row is in `requests_1m` | 6 | 2,000 ms, 3,000 ms | 3,000 ms |", text, StringComparison.Ordinal);
        Assert.Contains("| acknowledgement of the load's uploads meanwhile | 6 | 5 ms, 7 ms | 7 ms |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Circumstances_CanBeRunAgain()
    {
        string text = ReceiveTable.Write(Report(Round(1)));

        Assert.Contains("-- receive --rounds 1`", text, StringComparison.Ordinal);
        Assert.Contains("- Machine: Some CPU 9, AVX2, 2 cores, 8 GiB; Linux; .NET 10\n- Product: commit abc, ", text, StringComparison.Ordinal);
        Assert.Contains("- ClickHouse 26.7.2.1 (libchdb", text, StringComparison.Ordinal);
        Assert.Contains("clickhouse: {embedded_port: PORT}\n", text, StringComparison.Ordinal);
        Assert.Contains("| 1 | 4.00 s, 2.00 s | 8.00 s, 5.00 s | 20.00 s, 12.00 s | 6.00 s, 8.00 s | 1 |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_AllThere_AreNone()
    {
        ReceiveReport report = Report(Round(1));

        Assert.True(report.IsComplete);
        string text = ReceiveTable.Write(report);
        Assert.Contains("## The counts agree", text, StringComparison.Ordinal);
        Assert.Contains("| sent, all acknowledged: lines of the uploads | 1,000 |\n", text, StringComparison.Ordinal);
        Assert.Contains("| of these in uploads that were sent again, to be recognised | 100 |\n", text, StringComparison.Ordinal);
        Assert.Contains("| end to end: counted + duplicates | 890 + 10 |\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_AnythingMissing_IsSaidPerRound()
    {
        ReceiveRound good = Round(1);
        ReceiveReport report = Report(
            good with { Spooled = 899 },
            good with { Stored = new StoredRecords(900, 889, 10) },
            good with { Freshness = good.Freshness with { Missing = 1 } });

        Assert.Equal(
            [
                "Round 1: 899 of 900 records are in the spool.",
                "Round 2: the tables have 900 received, 889 counted and 10 duplicates, of 900.",
                "Round 3, freshness: the tables have 903 received, 893 counted and 10 duplicates, of 904.",
                "Round 3, freshness: 1 acknowledged probes never came.",
            ],
            report.Differences);
        string text = ReceiveTable.Write(report);
        Assert.Contains("## The counts DIFFER", text, StringComparison.Ordinal);
        Assert.Contains("\n- Round 1: 899 of 900 records are in the spool.\n", text, StringComparison.Ordinal);
    }

    private static ReceiveReport Report(params ReceiveRound[] rounds) => new()
    {
        Options = new ReceiveOptions(),
        Arguments = ["--rounds", "1"],
        Load = new UploadLoad(
        [
            new Upload("a", 600, 1_200_000_000, default, IsRepeat: false),
            new Upload("b", 300, 600_000_000, default, IsRepeat: false),
            new Upload("c", 100, 200_000_000, default, IsRepeat: true),
        ]),
        GzipBytes = 200_000_000,
        Machine = new Machine("Some CPU 9", "", "AVX2", 2, 8L << 30, "Linux", ".NET 10", "abc"),
        ClickHouse = "26.7.2.1",
        Rounds = rounds,
    };

    private static ReceiveRound Round(int number)
    {
        // The third round is slower than the others, and has the most memory.
        double factor = number == 3 ? 2 : 1;
        return new ReceiveRound
        {
            Floor = new ReceiveFigure(4 * factor, 2 * factor, 0.2, 50_000_000),
            Acknowledge = new ReceiveFigure(8 * factor, 5 * factor, 0.5, 100_000_000 * number),
            EndToEnd = new ReceiveFigure(20 * factor, 12 * factor, 1, 300_000_000 * number),
            Analyze = new ReceiveFigure(6 * factor, 8 * factor, 0, 700_000_000),
            FloorLoad = Load(0, 10, 10, 20),
            AcknowledgeLoad = Load(1, 30, 40, 60),
            EndToEndLoad = Load(0, 70, 80, 90),
            Spooled = 900,
            Stored = new StoredRecords(900, 890, 10),
            Freshness = new FreshnessFigure
            {
                RecordsPerSecond = 25,
                VisibleMs = [1000, 2000, 3000],
                AcknowledgedMs = [4, 5, 7],
                Missing = 0,
                Stored = new StoredRecords(903, 893, 10),
            },
        };
    }

    private static LoadResult Load(int refused, params double[] acknowledgedMs)
    {
        var result = new LoadResult();
        for (int i = 0; i < acknowledgedMs.Length; i++)
        {
            result.Add(acknowledgedMs[i], i == 0 ? refused : 0);
        }

        return result;
    }
}
