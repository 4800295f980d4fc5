using CfLogStream.Benchmarks.Peers;
using CfLogStream.Benchmarks.Results;

namespace CfLogStream.Benchmarks.Tests.Peers;

public sealed class PeerTableTests
{
    [Fact]
    public void Block_Rows_AreMediansAndRatiosToOurs()
    {
        string block = PeerTable.Block(Report());

        Assert.StartsWith(
            "2.00 GB of NDJSON (1,100 records, 2,000 a second) on 4 cores, Some CPU 9, AVX2; medians of 3 rounds in turn; the answers agree:\n",
            block,
            StringComparison.Ordinal);
        string[] rows = [.. block.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];
        Assert.Equal(
            [
                "| **`cflogstream analyze`** | 0.50 s | 0.80 s | 4.00 GB/s | 1.00 × | 1.00 s | 1.50 s | 2.00 GB/s | 1.00 × |",
                "| DuckDB read_json | 1.25 s | 2.00 s | 1.60 GB/s | 2.50 × | | | | |",
                $"| {Peer.Inflate} | | | | | 0.80 s | 1.50 s | 2.50 GB/s | 0.80 × |",
            ],
            rows);
        Assert.Contains("[results/x/peers-rate-2000.md](benchmarks/results/x/peers-rate-2000.md)", block, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_File_HoldsItsBlockAndEverythingElse()
    {
        string text = PeerTable.Write(Report(), "/data/plain");

        Assert.Equal(PeerTable.Block(Report()), ReadmeBlock.Of(text));
        Assert.Contains("takes 1.25 times what .NET needs only to inflate them", text, StringComparison.Ordinal);
        Assert.Contains("## The answers agree", text, StringComparison.Ordinal);
        Assert.Contains("| DuckDB read_json, plain | 10 | 2 | 3 | 4 | 5 | 6 |  |", text, StringComparison.Ordinal);
        Assert.Contains("| 0.50 s | 0.40 to 0.90 s |", text, StringComparison.Ordinal);
        Assert.Contains("file('DIR/http_requests/**', JSONEachRow", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/data/plain", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AnswersDiffer_SaysSo()
    {
        PeerReport report = Report(lost: 3);

        Assert.False(report.Agree);
        Assert.Contains("the answers DIFFER", PeerTable.Block(report), StringComparison.Ordinal);
        Assert.Contains(
            "The engines differ in lost: cflogstream analyze, plain: 2; DuckDB read_json, plain: 3",
            PeerTable.Summary(report),
            StringComparison.Ordinal);
    }

    private static PeerReport Report(long lost = 2) => new()
    {
        Options = new PeerOptions { Rate = 2000, Rounds = 3, Results = "benchmarks/results/x" },
        Arguments = ["--rate", "2000"],
        JsonBytes = 2_000_000_000,
        GzipBytes = 200_000_000,
        HttpRequests = 1000,
        FirewallEvents = 100,
        Files = 12,
        Machine = new Machine("Some CPU 9", "", "AVX2", 4, 8L << 30, "Linux", ".NET 10", "abc"),
        Plain =
        [
            Result(Peer.Ours, new PeerAnswer(10, 2, 3), (0.9, 0.8), (0.4, 0.7), (0.5, 0.9)),
            Result("DuckDB read_json", new PeerAnswer(10, lost, 3, 4, 5, 6, Seconds: 1), (1.25, 2), (1.25, 2), (1.25, 2)),
        ],
        Gzip =
        [
            Result(Peer.Ours, new PeerAnswer(10, 2, 3), (1, 1.5)),
            Result(Peer.Inflate, new PeerAnswer(Inflated: 2_000_000_000), (0.8, 1.5)),
        ],
    };

    private static PeerResult Result(string name, PeerAnswer answer, params (double Wall, double Cpu)[] runs)
    {
        var result = new PeerResult(name);
        foreach ((double wall, double cpu) in runs)
        {
            result.Add(new MeasuredProcess(wall, cpu, 100_000_000, 0, "", ""), answer);
        }

        return result;
    }
}
