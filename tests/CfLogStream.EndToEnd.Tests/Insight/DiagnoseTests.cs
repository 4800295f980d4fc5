using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Architecture;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Generator;
using NJsonSchema;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary><c>diagnose</c> over generated incidents, against the ledger, as a user asks.</summary>
/// <remarks>How right it is over hundreds of incidents is the judge's to say (benchmarks/results/diagnosis.md); these say that it works at all.</remarks>
public sealed class DiagnoseTests(EngineFixture engine)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("custom-rule-hits-api", "browser_rule")]
    [InlineData("bot-fight-webhooks", "bot_threshold")]
    [InlineData("rate-limit-webhook-burst", "rate_limit_below_burst")]
    [InlineData("geo-rule-partner", "geo_or_network_rule")]
    [InlineData("skip-too-broad", "exemption_too_broad")]
    public async Task Diagnose_GeneratedIncident_NamesItFirstWithItsCauseAndRemedy(string scenario, string pattern)
    {
        await using InsightStore store = InsightStore.Create(engine, "  sample_one_of: 100\n");
        JsonElement incident = (await GenerateAsync(store, scenario))!.Value;
        string owners = Path.Combine(Path.GetDirectoryName(store.Config)!, "owners.yaml");
        await File.WriteAllTextAsync(owners, $"""
            teams:
              - name: edge-team
                contact: "#edge"
            owners:
              - owner: edge-team
                rule:
                  control: {Text(incident, "control").ToLowerInvariant()}
                  id: "{Text(incident, "rule_id")}"
                why: a test
            """, Cancel);

        JsonElement diagnosis = await store.JsonAsync("diagnose", "--owners", owners);
        JsonElement first = diagnosis.GetProperty("findings")[0];
        Assert.Equal(Text(incident, "rule_id"), Text(first.GetProperty("rule"), "id"));
        Assert.Equal(pattern, Text(first, "pattern"));
        Assert.Equal("edge-team", Text(first.GetProperty("owner"), "name"));
        TimeSpan late = first.GetProperty("onset").GetDateTime() - incident.GetProperty("onset").GetDateTime();
        Assert.InRange(late, TimeSpan.Zero, TimeSpan.FromMinutes(20));

        // A setting has no rule of its own.
        JsonElement change = first.GetProperty("changes")[0];
        Assert.Contains(Text(change, "rule_id"), (string[])["", Text(incident, "rule_id")]);
        Assert.Contains(Text(change, "control"), (string[])["", Text(incident, "control").ToLowerInvariant()]);
        JsonElement remedy = first.GetProperty("remedies")[0];
        Assert.NotEqual("", Text(remedy, "summary"));
        if (pattern != "exemption_too_broad" && Text(remedy, "expression").Contains("http.host", StringComparison.Ordinal))
        {
            // It was tried on requests that are really in the tables.
            JsonElement trial = remedy.GetProperty("trial");
            Assert.InRange(trial.GetProperty("requests").GetInt32(), 1, 2_000);
            Assert.InRange(trial.GetProperty("freed").GetDouble(), 0.5, 1);
            Assert.InRange(trial.GetProperty("attacks").GetDouble(), 0, 0.02);
        }

        // One document serves programs: it is what the published schema says.
        CommandResult json = await store.RunAsync("diagnose", "--format", "json");
        string schema = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "schemas", "diagnosis.schema.json"), Cancel);
        Assert.Empty((await JsonSchema.FromJsonAsync(schema.Replace("$defs", "definitions", StringComparison.Ordinal), Cancel)).Validate(json.Stdout));
    }

    [Theory]
    [InlineData("quiet")]
    [InlineData("attack-blocked")]
    public async Task Diagnose_NothingIsMisjudged_FindsNothing(string scenario)
    {
        await using InsightStore store = InsightStore.Create(engine, "  sample_one_of: 100\n");
        await GenerateAsync(store, scenario);
        JsonElement diagnosis = await store.JsonAsync("diagnose");
        Assert.Equal(0, diagnosis.GetProperty("findings").GetArrayLength());
        Assert.NotEqual(0, diagnosis.GetProperty("rightly_stopped").GetArrayLength());
    }

    [Fact]
    public async Task Diagnose_BadInput_SaysWhatIsExpected()
    {
        await using InsightStore store = InsightStore.Create(engine);
        CommandResult empty = await store.RunAsync("diagnose");
        Assert.Equal(1, empty.ExitCode);
        Assert.Contains("Nothing is kept here", empty.Stderr, StringComparison.Ordinal);
        CommandResult time = await store.RunAsync("diagnose", "--since", "whenever");
        Assert.Equal(2, time.ExitCode);
        Assert.Contains("'--since' is 'whenever'", time.Stderr, StringComparison.Ordinal);
        CommandResult order = await store.RunAsync("diagnose", "--since", "2026-03-02", "--until", "2026-03-01");
        Assert.Equal(2, order.ExitCode);
        Assert.Contains("must be before '--until'", order.Stderr, StringComparison.Ordinal);
        CommandResult owners = await store.RunAsync("diagnose", "--owners", "/nowhere/owners.yaml");
        Assert.NotEqual(0, owners.ExitCode);
        Assert.Contains("/nowhere/owners.yaml", owners.Stderr, StringComparison.Ordinal);
    }

    /// <summary>Generates and analyses a scenario; returns the ledger's incident.</summary>
    private static async Task<JsonElement?> GenerateAsync(InsightStore store, string scenario)
    {
        var options = new GeneratorOptions { Scenario = scenario, Seed = 11, Records = 12_000, Folder = store.Uploads };
        await new LogpushGenerator(options).RunAsync(null, Cancel);
        string ledger = Path.Combine(store.Uploads, "ledger.ndjson");
        using JsonDocument header = JsonDocument.Parse((await File.ReadAllLinesAsync(ledger, Cancel))[0]);
        await store.AnalyzeAsync();
        return header.RootElement.TryGetProperty("incident", out JsonElement incident) ? incident.Clone() : null;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
