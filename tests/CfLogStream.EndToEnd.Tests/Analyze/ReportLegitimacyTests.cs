using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;

namespace CfLogStream.EndToEnd.Tests.Analyze;

/// <summary>The incident report leads with whom a rule stops wrongly, not with whom it stops most.</summary>
public sealed class ReportLegitimacyTests(EngineFixture engine)
{
    [Fact]
    public async Task Analyze_AttackStoppedMoreThanTheApp_LeadsWithTheApp()
    {
        using var folder = new TemporaryFolder();
        await new LogpushGenerator(new GeneratorOptions
        {
            Scenario = "managed-rule-json-body",
            Seed = 77,
            Records = 40_000,
            Variation = Variation.Wide,
            Folder = folder.Path,
        }).RunAsync(null, TestContext.Current.CancellationToken);

        JsonElement[] lost = await LostAsync(folder.Path, "legitimacy");
        JsonElement first = lost[0];
        Assert.Equal(
            ("firewallmanaged", "mobile_app", "/m/v3/events", true),
            (Text(first, "control"), Text(first, "client_class"), Text(first, "path"), first.GetProperty("likely_legitimate").GetBoolean()));

        // Credential stuffing by a library: many more requests, and nothing about its class or trust says so.
        JsonElement login = lost.MaxBy(row => row.GetProperty("lost").GetInt64());
        Assert.Equal(("/login", "sdk", false), (Text(login, "path"), Text(login, "client_class"), login.GetProperty("likely_legitimate").GetBoolean()));
        Assert.InRange(login.GetProperty("legitimacy").GetDouble(), 0, 0.1);

        // The same logs a second time, under another name beside the first: no row is judged by the other's traffic.
        JsonElement[] again = await LostAsync(folder.Path, "legitimacy-again");
        Assert.Equal(lost.Select(row => row.GetRawText()), again.Select(row => row.GetRawText()));
    }

    private async Task<JsonElement[]> LostAsync(string folder, string name)
    {
        CommandResult result = await CommandLine.RunAsync(
            "analyze", folder, "--clickhouse", engine.Endpoint.ToString(), "--name", name, "--format", "json");
        Assert.Equal((0, ""), (result.ExitCode, result.Stderr));
        return [.. JsonSerializer.Deserialize<JsonElement>(result.Stdout).GetProperty("lost").EnumerateArray()];
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
}
