using System.Text.RegularExpressions;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Executable;

/// <summary>The README's first command, and what a user does after it.</summary>
public sealed partial class DemoTests
{
    [Fact]
    public async Task Demo_OnAFreshFolder_ReportsTheIncidentAndItsRequestsCanBeLookedUp()
    {
        using var folder = new TemporaryFolder();

        CommandResult demo = await ProgramProcess.RunAsync(folder.Path, "demo");
        Assert.Equal(0, demo.ExitCode);
        Assert.Contains("Rules that stop likely-legitimate API clients", demo.Stdout, StringComparison.Ordinal);
        Assert.Contains("WAF custom rule", demo.Stdout, StringComparison.Ordinal);

        string ray = RayPattern().Match(demo.Stdout).Groups[1].Value;
        CommandResult lookup = await ProgramProcess.RunAsync(folder.Path, "ray", ray.ToUpperInvariant() + "-FRA", "--data", "cflogstream-demo/data");
        Assert.Equal(0, lookup.ExitCode);
        Assert.Contains(ray, lookup.Stdout, StringComparison.Ordinal);
        Assert.Contains("Answered by the edge (403)", lookup.Stdout, StringComparison.Ordinal);

        CommandResult again = await ProgramProcess.RunAsync(folder.Path, "demo");
        Assert.Equal(WithoutTimes(demo.Stdout), WithoutTimes(again.Stdout));

        CommandResult diff = await ProgramProcess.RunAsync(folder.Path, "schema", "diff", "--data", "cflogstream-demo/data");
        Assert.Equal((0, "The schema is up to date.\n"), (diff.ExitCode, diff.Stdout));
    }

    [Fact]
    public async Task Analyze_TruncatedGzip_ReportsWhatCouldBeReadAndWhereItEnded()
    {
        using var folder = new TemporaryFolder();
        await ProgramProcess.RunAsync(folder.Path, "generate", "--records", "2000", "--out", "logs", "--disorder", "none");
        string upload = Directory.EnumerateFiles(folder.Combine("logs"), "*.gz", SearchOption.AllDirectories).OrderByDescending(file => new FileInfo(file).Length).First();
        byte[] bytes = await File.ReadAllBytesAsync(upload, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder.Combine("cut.log.gz"), bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);

        CommandResult result = await ProgramProcess.RunAsync(folder.Path, "analyze", "cut.log.gz", "--data", ":memory:");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Cannot read 'cut.log.gz' to its end: at byte ", result.Stderr, StringComparison.Ordinal);
        Assert.Contains("http_requests", result.Stdout, StringComparison.Ordinal);
    }

    private static string WithoutTimes(string report) => TimePattern().Replace(report, "in - s");

    [GeneratedRegex("cflogstream ray ([0-9a-f]{16})")]
    private static partial Regex RayPattern();

    [GeneratedRegex(@"in \d+\.\d\d s")]
    private static partial Regex TimePattern();
}
