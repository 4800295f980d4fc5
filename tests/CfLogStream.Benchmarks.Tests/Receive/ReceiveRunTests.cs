using CfLogStream.Benchmarks.Tests.Support;

namespace CfLogStream.Benchmarks.Tests.Receive;

/// <summary>The whole run on a few megabytes: a real service, real uploads, nothing lost.</summary>
public sealed class ReceiveRunTests
{
    [Fact]
    public async Task Receive_LittleInput_FindsEveryRecordAgain()
    {
        string folder = Directory.CreateTempSubdirectory("cflogstream-receive-").FullName;
        try
        {
            (int exitCode, string output) = await BenchmarkProgram.RunAsync(
                folder, "receive", "--bytes", "4000000", "--rate", "100", "--rounds", "1", "--senders", "3", "--results", "results");

            Assert.True(exitCode == 0, output);
            string results = await File.ReadAllTextAsync(
                Path.Combine(folder, "results", "receive.md"), TestContext.Current.CancellationToken);
            Assert.Contains("## The counts agree", results, StringComparison.Ordinal);
            long sent = Count(results, "| sent, all acknowledged");
            long distinct = sent - Count(results, "| of these in uploads that were sent again");
            Assert.True(sent > 1000, results);
            Assert.Equal(distinct, Count(results, "| in the spool while ClickHouse was away"));
            Assert.Equal(distinct, Count(results, "| end to end: `received`"));
            Assert.Equal(0, Count(results, "| acknowledged probes whose row never came"));
            Assert.True(Count(results, "| from the acknowledgement of a probe") >= 5, results);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Receive_NotUnderstood_SaysWhatAndEndsWith2()
    {
        (int exitCode, string output) = await BenchmarkProgram.RunAsync(Path.GetTempPath(), "receive", "--speed", "3");

        Assert.Equal(2, exitCode);
        Assert.StartsWith("'--speed 3' is not understood.", output, StringComparison.Ordinal);
    }

    /// <summary>Returns the number in the second cell of the row that begins so.</summary>
    private static long Count(string results, string row) => long.Parse(
        results.Split('\n').Single(line => line.StartsWith(row, StringComparison.Ordinal)).Split('|')[2],
        System.Globalization.NumberStyles.AllowThousands | System.Globalization.NumberStyles.AllowLeadingWhite
            | System.Globalization.NumberStyles.AllowTrailingWhite,
        System.Globalization.CultureInfo.InvariantCulture);
}
