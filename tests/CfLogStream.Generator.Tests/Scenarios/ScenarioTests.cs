using System.Text.Json;

namespace CfLogStream.Generator.Tests.Scenarios;

/// <summary>What each scenario promises, for several seeds.</summary>
public sealed class ScenarioTests
{
    private static readonly string[] s_incidents =
    [
        "custom-rule-hits-api", "bot-fight-webhooks", "rate-limit-webhook-burst", "managed-rule-json-body", "geo-rule-partner",
            "bic-default-ua", "clean-fix",
        "fix-breaks-filtering",
    ];

    public static TheoryData<string, ulong> Incidents
    {
        get
        {
            var data = new TheoryData<string, ulong>();
            foreach (string scenario in s_incidents)
            {
                for (ulong seed = 1; seed <= 3; seed++)
                {
                    data.Add(scenario, seed);
                }
            }

            return data;
        }
    }

    [Fact]
    public void Catalog_Names_AreKebabCaseAndUnique()
    {
        Assert.True(ScenarioCatalog.All.Count >= 11);
        Assert.All(ScenarioCatalog.All, scenario => Assert.Matches("^[a-z]+(-[a-z]+)*$", scenario.Name));
        Assert.All(ScenarioCatalog.All, scenario => Assert.EndsWith(".", scenario.Description, StringComparison.Ordinal));
        Assert.Equal(ScenarioCatalog.All.Count, ScenarioCatalog.All.Select(scenario => scenario.Name).Distinct().Count());
        Assert.Equal("quiet", ScenarioCatalog.All[0].Name);
        Assert.Null(ScenarioCatalog.Find("none"));
    }

    [Theory]
    [MemberData(nameof(Incidents))]
    public async Task Incident_Rule_ActsOnTheClientBetweenOnsetAndFix(string scenario, ulong seed)
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(scenario, 15_000, seed);
        JsonElement incident = run.Incident;
        string rule = GeneratedRun.Text(incident, "rule_id");
        string action = GeneratedRun.Text(incident, "action");
        long onset = GeneratedRun.LedgerMs(incident, "onset");
        long fixedAt = incident.TryGetProperty("fixed", out _) ? GeneratedRun.LedgerMs(incident, "fixed") : long.MaxValue;
        JsonElement[] traces = [.. run.Distinct("firewall_events").Where(e =>
            GeneratedRun.Text(e, "RuleID") == rule && GeneratedRun.Text(e, "Action") == action)];
        JsonElement[] ofClient = [.. traces.Where(e => GeneratedRun.Text(e, "ClientRequestHost") == GeneratedRun.Text(incident, "host"))];

        Assert.NotEmpty(ofClient);
        Assert.All(traces, e => Assert.Equal(GeneratedRun.Text(incident, "control"), GeneratedRun.Text(e, "Source")));
        Assert.All(traces, e => Assert.True(GeneratedRun.Ms(e, "Datetime") >= onset));
        Assert.True(GeneratedRun.Ms(traces.MinBy(e => GeneratedRun.Ms(e, "Datetime")), "Datetime") < onset + 600_000);
        Assert.True(run.Summary.IncidentLost > 20, $"only {run.Summary.IncidentLost} lost");

        // Of the culprit: stopped before the fix, never after it.
        JsonElement[] rows = Rows(run, incident);
        Assert.True(Lost(rows, onset - (onset % 60_000), Math.Min(fixedAt, long.MaxValue)) > 0);
        Assert.Equal(0, Lost(rows, 0, onset - (onset % 60_000)));
        if (fixedAt != long.MaxValue)
        {
            long after = fixedAt + 60_000;
            Assert.Equal(0, Lost(rows, after, long.MaxValue));
            Assert.True(rows.Where(row => GeneratedRun.LedgerMs(row, "minute") >= after).Sum(row =>
                row.GetProperty("requests").GetInt32()) > 0, "nobody came back");
        }
    }

    [Theory]
    [MemberData(nameof(Incidents))]
    public async Task Incident_Change_IsInTheAuditLog(string scenario, ulong seed)
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(scenario, 3000, seed);
        JsonElement incident = run.Incident;
        long onset = GeneratedRun.LedgerMs(incident, "onset");
        JsonElement[] near = [.. run.Distinct("audit_logs").Where(change =>
            GeneratedRun.Ms(change, "When") <= onset && GeneratedRun.Ms(change, "When") > onset - 10_000)];
        string resource = GeneratedRun.Text(incident, "control") switch
        {
            "botfight" => "bot_fight_mode",
            "bic" => "browser_check",
            _ => GeneratedRun.Text(incident, "rule_id"),
        };

        if (GeneratedRun.Text(incident, "control") == "firewallmanaged")
        {
            // Cloudflare changed it: no record of ours, but the rule was seen logging before.
            Assert.DoesNotContain(near, change => GeneratedRun.Text(change, "ResourceID") == resource);
            Assert.Contains(run.Distinct("firewall_events"), e =>
                GeneratedRun.Text(e, "RuleID") == resource && GeneratedRun.Text(e, "Action") == "log");
        }
        else
        {
            Assert.Contains(near, change => GeneratedRun.Text(change, "ResourceID") == resource);
        }

        Assert.Equal(run.Distinct("audit_logs").Count, run.LedgerLines("change").Count());
        Assert.Equal(run.Distinct("audit_logs_v2").Count, run.LedgerLines("change").Count(change => change.GetProperty("in_audit_logs_v2").GetBoolean()));
        if (incident.TryGetProperty("fixed", out _))
        {
            long fixedAt = GeneratedRun.LedgerMs(incident, "fixed");
            Assert.Contains(run.LedgerLines("change"), change => GeneratedRun.Text(change, "role") == "fix");
            Assert.Contains(run.Distinct("audit_logs"), change => GeneratedRun.Ms(change, "When") == fixedAt - 2000);
            Assert.Contains(run.Distinct("audit_logs_v2"), change => GeneratedRun.Ms(change, "ActionTimestamp") == fixedAt - 2000);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task CleanFix_AfterTheFix_AbuseIsStillStopped(ulong seed)
    {
        GeneratedRun run = await GeneratedRun.CreateAsync("clean-fix", 20_000, seed);

        Assert.Equal(0, run.LedgerLines("incident").Single().GetProperty("attacks_exempted").GetInt64());
        double before = ShareOfAttacksStopped(run, 0, GeneratedRun.LedgerMs(run.Incident, "onset"));
        double after = ShareOfAttacksStopped(run, GeneratedRun.LedgerMs(run.Incident, "fixed"), long.MaxValue);
        Assert.True(after > before * 0.75, $"{after} after the fix, {before} before the incident");
    }

    [Theory]
    [InlineData("skip-too-broad", "onset")]
    [InlineData("fix-breaks-filtering", "fixed")]
    public async Task BroadSkip_FromThenOn_LetsAttacksIn(string scenario, string from)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            GeneratedRun run = await GeneratedRun.CreateAsync(scenario, 20_000, seed);
            string skip = GeneratedRun.Text(run.Incident, "skip_rule_id");
            long since = GeneratedRun.LedgerMs(run.Incident, from);
            JsonElement[] skipped = [.. run.Distinct("firewall_events").Where(e => GeneratedRun.Text(e, "RuleID") == skip)];

            Assert.True(run.LedgerLines("incident").Single().GetProperty("attacks_exempted").GetInt64() > 10, $"seed {seed}");
            Assert.All(skipped, e => Assert.True(GeneratedRun.Ms(e, "Datetime") >= since));
            Assert.All(skipped, e => Assert.Equal("skip", GeneratedRun.Text(e, "Action")));
        }
    }

    [Theory]
    [InlineData("quiet")]
    [InlineData("attack-blocked")]
    [InlineData("skip-too-broad")]
    public async Task NoMisjudgement_LegitimateServices_LoseNothing(string scenario)
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(scenario, 20_000, 5);

        Assert.Equal(0, run.Summary.IncidentLost);
        Assert.All(
            run.LedgerLines("actor").Where(actor =>
                GeneratedRun.Text(actor, "intent") == "legitimate" && GeneratedRun.Text(actor, "client_class") != "browser_nav"),
            actor => Assert.Equal(0, actor.GetProperty("lost").GetInt64()));
        Assert.True(run.LedgerLines("actor").Where(actor =>
            GeneratedRun.Text(actor, "intent") == "attack").Sum(actor => actor.GetProperty("lost").GetInt64()) > 500);
    }

    [Fact]
    public async Task AttackBlocked_Flood_IsMostlyStopped()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync("attack-blocked", 30_000, 9);
        JsonElement flood = run.LedgerLines("actor").Single(actor => GeneratedRun.Text(actor, "actor") == "botnet flood");

        Assert.True(flood.GetProperty("requests").GetInt64() > 1200);
        Assert.InRange((double)flood.GetProperty("lost").GetInt64() / flood.GetProperty("requests").GetInt64(), 0.96, 1);
    }

    [Fact]
    public async Task Stopped_Callers_RetryAndSomeFallSilent()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync("custom-rule-hits-api", 40_000, 1);
        string rule = GeneratedRun.Text(run.Incident, "rule_id");
        var attempts = run.Distinct("http_requests")
            .Where(request => GeneratedRun.Text(request, "SecurityRuleID") == rule)
            .GroupBy(request => GeneratedRun.Text(request, "ClientIP") + GeneratedRun.Text(request, "ClientRequestMethod")
                + GeneratedRun.Text(request, "ClientRequestURI"))
            .Select(group => group.Count());

        Assert.Contains(attempts, count => count >= 3);
    }

    private static double ShareOfAttacksStopped(GeneratedRun run, long from, long to)
    {
        JsonElement[] rows = [.. run.LedgerLines("minute").Where(row =>
            GeneratedRun.LedgerMs(row, "minute") >= from && GeneratedRun.LedgerMs(row, "minute") < to
                && GeneratedRun.Text(row, "client_class") == "scanner")];
        return (double)rows.Sum(row => row.GetProperty("lost").GetInt32()) / rows.Sum(row => row.GetProperty("requests").GetInt32());
    }

    private static JsonElement[] Rows(GeneratedRun run, JsonElement incident) =>
    [
        .. run.LedgerLines("minute").Where(row => GeneratedRun.Text(row, "host") == GeneratedRun.Text(incident, "host")
            && GeneratedRun.Text(row, "client_class") == GeneratedRun.Text(incident, "client_class")
            && GeneratedRun.Text(row, "client_name") == GeneratedRun.Text(incident, "client_name")),
    ];

    private static int Lost(JsonElement[] rows, long from, long to) =>
        rows.Where(row => GeneratedRun.LedgerMs(row, "minute") >= from && GeneratedRun.LedgerMs(row, "minute") < to).Sum(row =>
            row.GetProperty("lost").GetInt32());
}
