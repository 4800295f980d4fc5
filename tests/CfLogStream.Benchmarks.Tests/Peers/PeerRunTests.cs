using System.Diagnostics;

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
            (int exitCode, string output) = await RunAsync(
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

    private static async Task<(int ExitCode, string Output)> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "CfLogStream.Benchmarks"), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> stdout = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> stderr = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await stdout + await stderr);
    }
}
