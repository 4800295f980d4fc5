using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary><c>explain</c>: from what somebody saw to the control, and to the rows that show it.</summary>
public sealed class ExplainTests(EngineFixture engine)
{
    private static readonly Lock s_once = new();
    private static Task<Uri>? s_analysed;

    [Fact]
    public async Task Explain_ErrorCode_NamesTheControlAndWhatToDo()
    {
        CommandResult result = await CommandLine.RunAsync("explain", "error", "code:", "1010");
        Assert.Equal((0, ""), (result.ExitCode, result.Stderr));
        Assert.StartsWith("Error 1010: banned by the browser's signature\n", result.Stdout, StringComparison.Ordinal);
        Assert.Contains("Browser Integrity Check (bic): Security › Settings", result.Stdout, StringComparison.Ordinal);
        Assert.Contains("cflogstream explain 1010 --since 2h", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_Unknown_ListsWhatIsKnown()
    {
        CommandResult result = await CommandLine.RunAsync("explain", "the \u001b[31mprinter burns");
        Assert.Equal(
            (1, "cflogstream: 'the \\x1b[31mprinter burns' is no symptom that is known here; the known ones follow, the nearest first.\n"),
            (result.ExitCode, result.Stderr));
        Assert.Contains("1010         Error 1010: banned by the browser's signature\n", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_BadTime_SaysWhatIsExpected()
    {
        CommandResult result = await CommandLine.RunAsync(
            "explain", "403", "--since", "yesterday", "--clickhouse", (await AnalyzedAsync()).ToString());
        Assert.Equal(
            (2, "cflogstream: The value of '--since' is 'yesterday'; expected a time such as '2026-08-06T12:00:00Z', or how long before the newest data, such as '2h'.\n"),
            (result.ExitCode, result.Stderr));
    }

    [Fact]
    public async Task Explain_ForbiddenWithTime_ShowsTheRuleThatDidIt()
    {
        JsonElement explained = await ExplainAsync("403", "--since", "2026-08-01", "--until", "2026-08-31");
        JsonElement stop = explained.GetProperty("stops").EnumerateArray().First(static row => row.GetProperty("control").GetString() == "firewallcustom");
        Assert.True(stop.GetProperty("count").GetInt64() > 0);
        Assert.NotEqual("", stop.GetProperty("rule").GetString());
        Assert.All(explained.GetProperty("requests").EnumerateArray(), static row => Assert.Equal(403, row.GetProperty("status").GetInt32()));
        Assert.Contains(
            explained.GetProperty("requests").EnumerateArray(),
            static row => row.GetProperty("answered_by").GetString() == "edge" && row.GetProperty("control").GetString() == "firewallcustom");
    }

    [Fact]
    public async Task Explain_RuleCode_ShowsItsControlsOnly()
    {
        JsonElement explained = await ExplainAsync("1020", "--since", "30d");
        JsonElement[] stops = [.. explained.GetProperty("stops").EnumerateArray()];
        Assert.NotEmpty(stops);
        Assert.All(
            stops, static row => Assert.Contains(row.GetProperty("control").GetString(), new[] { "firewallcustom", "firewallmanaged", "firewallrules", "waf" }));
        Assert.Empty(explained.GetProperty("requests").EnumerateArray());
    }

    [Fact]
    public async Task Explain_OtherHost_FindsNothingAndSaysSo()
    {
        Uri endpoint = await AnalyzedAsync();
        CommandResult result = await CommandLine.RunAsync(
            "explain", "Just a moment...", "--host", "' OR 1=1 --", "--clickhouse", endpoint.ToString());
        Assert.Equal((0, ""), (result.ExitCode, result.Stderr));
        Assert.Contains("None. That speaks against it", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_EverySymptomWithRows_IsAnswered()
    {
        Uri endpoint = await AnalyzedAsync();
        foreach (string symptom in new[] { "1006", "1009", "1012", "1020", "1106", "challenge page", "cf-mitigated", "unexpected token", "cors", "429", "503" })
        {
            CommandResult result = await CommandLine.RunAsync("explain", symptom, "--since", "30d", "--clickhouse", endpoint.ToString());
            Assert.Equal((0, ""), (result.ExitCode, result.Stderr));
        }
    }

    private async Task<JsonElement> ExplainAsync(params string[] args)
    {
        Uri endpoint = await AnalyzedAsync();
        CommandResult result = await CommandLine.RunAsync(["explain", .. args, "--clickhouse", endpoint.ToString(), "--format", "json"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Stderr));
        return JsonDocument.Parse(result.Stdout).RootElement;
    }

    private Task<Uri> AnalyzedAsync()
    {
        lock (s_once)
        {
            return s_analysed ??= AnalyzeAsync(engine.Endpoint);
        }
    }

    private static async Task<Uri> AnalyzeAsync(Uri endpoint)
    {
        using var folder = new TemporaryFolder();
        await new LogpushGenerator(new GeneratorOptions
        {
            Scenario = "custom-rule-hits-api",
            Seed = 11,
            Records = 6_000,
            Folder = folder.Path,
            Disorder = Disorder.None,
            Compress = false,
        }).RunAsync(null, CancellationToken.None);
        CommandResult result = await CommandLine.RunAsync(
            "analyze", folder.Path, "--clickhouse", endpoint.ToString(), "--name", "explain", "--format", "json");
        Assert.Equal(0, result.ExitCode);
        return endpoint;
    }
}
