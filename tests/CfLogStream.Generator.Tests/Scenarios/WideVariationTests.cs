using System.Globalization;
using System.Text.Json;

namespace CfLogStream.Generator.Tests.Scenarios;

/// <summary>Parameters far from the usual: they differ from seed to seed, stay within bounds and stand in the ledger.</summary>
public sealed class WideVariationTests
{
    private static readonly string[] s_losesNothing =
        ["quiet", "skip-too-broad", "attack-blocked", "rightly-blocked-new-scanner", "rate-limit-stops-abuse"];

    public static TheoryData<string> Misjudging =>
        [.. ScenarioCatalog.All.Select(scenario => scenario.Name).Where(name => !s_losesNothing.Contains(name))];

    public static TheoryData<string> Nobody => [.. s_losesNothing];

    [Theory]
    [InlineData("custom-rule-hits-api")]
    [InlineData("under-attack-mode")]
    public async Task Wide_Twice_SameBytes(string scenario)
    {
        GeneratedRun first = await WideAsync(scenario, 5, 4000);
        GeneratedRun second = await WideAsync(scenario, 5, 4000);

        Assert.Equal(first.Uploads.LedgerText, second.Uploads.LedgerText);
        Assert.Equal(first.Uploads.Files.Keys.Order(), second.Uploads.Files.Keys.Order());
        Assert.All(first.Uploads.Files, file => Assert.Equal(file.Value, second.Uploads.Files[file.Key]));
    }

    [Fact]
    public async Task Wide_Seeds_DifferWithinBounds()
    {
        var seen = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        for (ulong seed = 1; seed <= 40; seed++)
        {
            GeneratedRun run = await WideAsync("custom-rule-hits-api", seed, 1200);
            JsonElement parameters = run.Incident.GetProperty("parameters");
            foreach (JsonProperty parameter in parameters.EnumerateObject())
            {
                if (!seen.TryGetValue(parameter.Name, out HashSet<string>? values))
                {
                    seen.Add(parameter.Name, values = []);
                }

                values.Add(parameter.Value.GetString()!);
            }

            long start = GeneratedRun.LedgerMs(run.Header, "start");
            double span = GeneratedRun.LedgerMs(run.Header, "end") - start;
            double onset = (GeneratedRun.LedgerMs(run.Incident, "onset") - start) / span;
            Assert.InRange(onset, 0.25, 0.75);
            Assert.InRange(Math.Abs(onset - Number(parameters, "onset_fraction")), 0, 0.001);
            Assert.Equal(Number(parameters, "hours"), span / 3_600_000, 0.001);
            Assert.InRange(span / 3_600_000, 0.5, 24);
            Assert.InRange(Number(parameters, "culprit_share"), 0.001, 0.45);
            Assert.Equal(1200, run.Summary.Records);
            Assert.Equal("wide", GeneratedRun.Text(run.Header, "variation"));
        }

        Assert.Superset(new HashSet<string> { "block", "managedchallenge", "jschallenge", "challenge" }, seen["action"]);
        Assert.Superset(new HashSet<string> { "usual", "gives up", "storms" }, seen["retries"]);
        Assert.Superset(new HashSet<string> { "both", "version 1", "version 2", "none" }, seen["audit_logs"]);
        Assert.Superset(new HashSet<string> { "present", "missing" }, seen["bot_scores"]);
        Assert.Superset(new HashSet<string> { "present", "missing" }, seen["tls_fingerprints"]);
        Assert.Superset(new HashSet<string> { "usual", "useless" }, seen["description"]);
        Assert.Contains("everywhere", seen["rollout"]);
        Assert.Contains(seen["rollout"], value => value.EndsWith("% of requests", StringComparison.Ordinal));
        Assert.Contains(seen["rollout"], value => value.StartsWith("colo ", StringComparison.Ordinal));
        Assert.True(seen["onset_fraction"].Count > 30);
        Assert.True(seen["hours"].Count > 5);
        Assert.True(seen["unrelated_changes_near_onset"].Count > 4);
        Assert.True(seen["attack_share.nuclei runs"].Count >= 5);
        Assert.Contains(seen.Keys, name => name.StartsWith("attack_surge.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Misjudging))]
    public async Task Wide_Misjudging_LosesSomethingOfTheCulprit(string scenario)
    {
        for (ulong seed = 21; seed <= 23; seed++)
        {
            GeneratedRun run = await WideAsync(scenario, seed, 12_000);
            JsonElement culprit = run.LedgerLines("actor").Single(actor =>
                GeneratedRun.Text(actor, "actor") == GeneratedRun.Text(run.Incident, "actor"));

            Assert.True(culprit.GetProperty("lost_to_incident").GetInt64() >= 1, $"seed {seed}: {culprit.GetRawText()} {run.Header.GetRawText()}");
            Assert.True(GeneratedRun.LedgerMs(run.LedgerLines("incident").Single(), "first_lost")
                >= GeneratedRun.LedgerMs(run.Incident, "onset"));
        }
    }

    [Theory]
    [MemberData(nameof(Nobody))]
    public async Task Wide_NobodyMisjudged_LosesNothingLegitimate(string scenario)
    {
        for (ulong seed = 31; seed <= 33; seed++)
        {
            GeneratedRun run = await WideAsync(scenario, seed, 10_000);

            Assert.Equal(0, run.Summary.IncidentLost);
            Assert.All(run.LedgerLines("actor").Where(actor => GeneratedRun.Text(actor, "intent") == "legitimate"
                && GeneratedRun.Text(actor, "client_class") != "browser_nav"), actor =>
                Assert.Equal(0, actor.GetProperty("lost").GetInt64()));
        }
    }

    [Fact]
    public async Task Wide_FieldsMissing_AreEmptyInTheRecords()
    {
        bool scores = false;
        bool fingerprints = false;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            GeneratedRun run = await WideAsync("geo-rule-partner", seed, 1500);
            JsonElement parameters = run.Incident.GetProperty("parameters");
            JsonElement[] inZone = [.. run.Distinct("http_requests").Where(request =>
                GeneratedRun.Text(request, "ZoneName") == GeneratedRun.Text(run.Incident, "zone"))];
            bool noScores = GeneratedRun.Text(parameters, "bot_scores") == "missing";
            bool noFingerprints = GeneratedRun.Text(parameters, "tls_fingerprints") == "missing";
            Assert.Equal(noScores, inZone.All(request => request.GetProperty("BotScore").GetInt32() == 0));
            Assert.Equal(noFingerprints, inZone.All(request => GeneratedRun.Text(request, "JA4").Length == 0));
            scores |= noScores;
            fingerprints |= noFingerprints;
        }

        Assert.True(scores && fingerprints);
    }

    [Fact]
    public async Task Wide_AuditLogsNotShipped_OnlyTheLedgerKnows()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            GeneratedRun run = await WideAsync("custom-rule-hits-api", seed, 1200);
            JsonElement[] changes = [.. run.LedgerLines("change")];
            Assert.Equal(changes.Count(change => change.GetProperty("in_audit_logs").GetBoolean()), run.Distinct("audit_logs").Count);
            Assert.Equal(changes.Count(change => change.GetProperty("in_audit_logs_v2").GetBoolean()), run.Distinct("audit_logs_v2").Count);
            JsonElement cause = changes.Single(change => GeneratedRun.Text(change, "role") == "cause");
            bool known = cause.GetProperty("in_audit_logs").GetBoolean() || cause.GetProperty("in_audit_logs_v2").GetBoolean();
            Assert.Equal(known ? "yes" : "no", GeneratedRun.Text(run.Incident.GetProperty("parameters"), "cause_in_audit_logs"));
        }
    }

    [Fact]
    public async Task Default_Header_SaysNothingOfVariation()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync("custom-rule-hits-api", 1000);

        Assert.False(run.Header.TryGetProperty("variation", out _));
        Assert.Equal(["expression"], run.Incident.GetProperty("parameters").EnumerateObject().Select(parameter => parameter.Name));
    }

    private static double Number(JsonElement parameters, string name) =>
        double.Parse(GeneratedRun.Text(parameters, name), CultureInfo.InvariantCulture);

    private static Task<GeneratedRun> WideAsync(string scenario, ulong seed, long records) =>
        GeneratedRun.CreateAsync(new GeneratorOptions { Scenario = scenario, Seed = seed, Records = records, Variation = Variation.Wide });
}
