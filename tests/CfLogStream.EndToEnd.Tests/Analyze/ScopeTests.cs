using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;

namespace CfLogStream.EndToEnd.Tests.Analyze;

/// <summary>What <c>analyze</c> takes and leaves out, and what it says when memory is too small for the disorder of its input.</summary>
public sealed class ScopeTests(EngineFixture engine)
{
    [Fact]
    public async Task Analyze_OneHostAndAnHour_LeavesTheRestOutAndCountsIt()
    {
        using var folder = new TemporaryFolder();
        await GenerateAsync(folder.Path);

        JsonElement all = await AnalyzeAsync(folder.Path, "scope-all");
        JsonElement some = await AnalyzeAsync(
            folder.Path, "scope-some", "--host", "API.shop.example", "--from", "2026-08-06T12:30:00Z", "--to", "2026-08-06 13:30:00");

        Assert.Equal(0, all.GetProperty("read").GetProperty("filtered").GetInt64());
        Assert.True(some.GetProperty("read").GetProperty("filtered").GetInt64() > 0);
        Assert.All(some.GetProperty("hosts").EnumerateArray(), host => Assert.Equal("api.shop.example", host.GetProperty("host").GetString()));
        Assert.StartsWith("2026-08-06T12:3", some.GetProperty("read").GetProperty("first_time").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("2026-08-06T13:2", some.GetProperty("read").GetProperty("last_time").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            all.GetProperty("read").GetProperty("records").ToString(), some.GetProperty("read").GetProperty("records").ToString());
    }

    [Fact]
    public async Task Analyze_FromAfterTo_IsRefused()
    {
        CommandResult result = await CommandLine.RunAsync("analyze", "x", "--from", "2026-08-06T13:00:00Z", "--to", "2026-08-06T12:00:00Z");
        Assert.Equal(
            (2, "cflogstream: '--from' (2026-08-06 13:00:00Z) must be before '--to' (2026-08-06 12:00:00Z).\n"), (result.ExitCode, result.Stderr));
    }

    [Fact]
    public async Task Analyze_UrlAndFolder_IsRefused()
    {
        CommandResult result = await CommandLine.RunAsync("analyze", "x", "--clickhouse", "http://127.0.0.1:1", "--data", "here");
        Assert.Equal(
            (2, "cflogstream: Give either '--clickhouse' or '--data', not both: rows are kept in one place.\n"), (result.ExitCode, result.Stderr));
    }

    [Fact]
    public async Task Analyze_NothingToRead_SaysSo()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = await CommandLine.RunAsync("analyze", folder.Combine("none*"), "--clickhouse", engine.Endpoint.ToString());
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("cflogstream: Cannot read '", result.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_MoreDisorderThanMemory_SaysSoAndWhatToDo()
    {
        using var folder = new TemporaryFolder();
        await GenerateAsync(folder.Path);
        string joined = folder.Combine("joined.ndjson");
        string[] lines = [.. Directory.EnumerateFiles(folder.Path, "*.log", SearchOption.AllDirectories)
            .OrderDescending(StringComparer.Ordinal).SelectMany(File.ReadAllLines)];
        await File.WriteAllLinesAsync(joined, lines, TestContext.Current.CancellationToken);
        string config = folder.Combine("small.yaml");
        await File.WriteAllTextAsync(config, "analysis:\n  reorder_bytes: 1048576\n  batch_bytes: 65536\n", TestContext.Current.CancellationToken);

        CommandResult text = await CommandLine.RunAsync(
            "analyze", joined, "--clickhouse", engine.Endpoint.ToString(), "--name", "disorder", "--config", config);
        Assert.Equal(1, text.ExitCode);
        Assert.StartsWith("cflogstream: The input is too disordered for the memory given: ", text.Stderr, StringComparison.Ordinal);
        Assert.EndsWith(" Give more memory (analysis.reorder_bytes) or sort the input by time.\n", text.Stderr, StringComparison.Ordinal);
        Assert.Contains("The input is too disordered for the memory given: ", text.Stdout, StringComparison.Ordinal);

        JsonElement whole = await AnalyzeAsync(joined, "disorder-whole");
        Assert.Equal(0, whole.GetProperty("read").GetProperty("disordered").GetInt64());
    }

    private static async Task GenerateAsync(string folder) => await new LogpushGenerator(new GeneratorOptions
    {
        Scenario = "custom-rule-hits-api",
        Seed = 5,
        Records = 8_000,
        Folder = folder,
        Disorder = Disorder.None,
        Compress = false,
    }).RunAsync(null, TestContext.Current.CancellationToken);

    private async Task<JsonElement> AnalyzeAsync(string path, string name, params string[] more)
    {
        CommandResult result = await CommandLine.RunAsync(
            ["analyze", path, "--clickhouse", engine.Endpoint.ToString(), "--name", name, "--format", "json", .. more]);
        Assert.Equal(("", 0), (result.Stderr, result.ExitCode));
        return JsonDocument.Parse(result.Stdout).RootElement;
    }
}
