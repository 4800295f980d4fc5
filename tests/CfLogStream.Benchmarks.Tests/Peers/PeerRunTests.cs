using CfLogStream.Benchmarks.Tests.Support;

namespace CfLogStream.Benchmarks.Tests.Peers;

/// <summary>The whole comparison on a few megabytes: real engines, real answers.</summary>
public sealed class PeerRunTests
{
    [Fact]
    public async Task Peers_LittleInput_AllAnswerTheSame()
    {
        string folder = Directory.CreateTempSubdirectory("cflogstream-peers-").FullName;
        try
        {
            (int exitCode, string output) = await BenchmarkProgram.RunAsync(
                folder, "peers", "--bytes", "5000000", "--rate", "100", "--rounds", "1", "--warm-up", "0", "--results", "results");

            Assert.True(exitCode == 0, output);
            Assert.Contains("The answers agree.", output, StringComparison.Ordinal);
            string file = Path.Combine(folder, "results", "peers-rate-100.md");
            string results = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            Assert.Contains("| ClickHouse file(JSONEachRow), gzip |", results, StringComparison.Ordinal);
            Assert.Contains("Engines: DuckDB v", results, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
