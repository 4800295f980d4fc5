using System.Text.Json;

namespace CfLogStream.Generator.Tests.Scenarios;

/// <summary>The scenarios that are kept for judging: what they stop, of whom, and what they leave alone.</summary>
public sealed class HeldOutTests
{
    private static readonly string[] s_nobodyMisjudged = ["rightly-blocked-new-scanner", "rate-limit-stops-abuse"];

    public static TheoryData<string> Scenarios => [.. ScenarioCatalog.All.Where(scenario => scenario.HeldOut).Select(scenario =>
        scenario.Name)];

    [Fact]
    public void Catalog_HeldOut_AreOtherOnesThanThoseBefore()
    {
        Assert.Equal(13, ScenarioCatalog.All.Count(scenario => scenario.HeldOut));
        Assert.Equal(11, ScenarioCatalog.All.TakeWhile(scenario => !scenario.HeldOut).Count());
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task HeldOut_Rule_StopsWhatTheLedgerSaysAndNothingElse(string scenario)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            GeneratedRun run = await GeneratedRun.CreateAsync(scenario, 15_000, seed);
            JsonElement incident = run.Incident;
            JsonElement end = run.LedgerLines("incident").Single();
            JsonElement[] stopped = [.. end.GetProperty("stopped").EnumerateArray()];
            JsonElement[] events = [.. run.Distinct("firewall_events").Where(e =>
                GeneratedRun.Text(e, "RuleID") == GeneratedRun.Text(incident, "rule_id")
                    && GeneratedRun.Text(e, "Action") == GeneratedRun.Text(incident, "action"))];

            Assert.NotEmpty(events);
            Assert.All(events, e => Assert.Equal(GeneratedRun.Text(incident, "control"), GeneratedRun.Text(e, "Source")));
            Assert.All(stopped, row => Assert.True(InScope(row, incident), row.GetRawText()));
            if (s_nobodyMisjudged.Contains(scenario))
            {
                Assert.Equal(0, end.GetProperty("lost").GetInt64());
                Assert.True(stopped.Sum(row => row.GetProperty("attack_lost").GetInt64()) > 5);
                continue;
            }

            Assert.True(run.Summary.IncidentLost > 20, $"seed {seed}: only {run.Summary.IncidentLost} lost");
            Assert.True(GeneratedRun.LedgerMs(end, "first_lost") >= GeneratedRun.LedgerMs(incident, "onset"));
            Assert.True(run.LedgerLines("actor").Single(actor => GeneratedRun.Text(actor, "actor") == GeneratedRun.Text(incident, "actor"))
                .GetProperty("lost_to_incident").GetInt64() > 10);
            Assert.Contains(stopped, row => GeneratedRun.Text(row, "method") == GeneratedRun.Text(incident, "method")
                && GeneratedRun.Text(row, "client_class") == GeneratedRun.Text(incident, "client_class"));

            // Whoever is legitimate and loses nothing to this rule loses nothing at all, but for people with a poor reputation.
            Assert.All(run.LedgerLines("actor").Where(actor => GeneratedRun.Text(actor, "intent") == "legitimate"
                && GeneratedRun.Text(actor, "client_class") is not ("browser_nav" or "browser_xhr")), actor =>
                Assert.Equal(actor.GetProperty("lost_to_incident").GetInt64(), actor.GetProperty("lost").GetInt64()));
        }
    }

    [Theory]
    [InlineData("client-update-fingerprint")]
    [InlineData("ddos-takes-batch-job")]
    [InlineData("managed-release-query")]
    public async Task HeldOut_NobodyChangedARule_NoAuditRecordSaysSo(string scenario)
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(scenario, 8000, 2);

        Assert.DoesNotContain(run.LedgerLines("change"), change => GeneratedRun.Text(change, "role") == "cause");
    }

    [Theory]
    [InlineData("under-attack-mode")]
    [InlineData("mixed-surface-challenge")]
    public async Task Challenge_OfAWholeHost_PeopleSolveProgramsDoNot(string scenario)
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(scenario, 20_000, 1);
        string rule = GeneratedRun.Text(run.Incident, "rule_id");
        JsonElement[] events = [.. run.Distinct("firewall_events").Where(e => GeneratedRun.Text(e, "RuleID") == rule)];
        JsonElement[] stopped = [.. run.LedgerLines("incident").Single().GetProperty("stopped").EnumerateArray()];

        int solved = events.Count(e => GeneratedRun.Text(e, "Action").EndsWith("solved", StringComparison.Ordinal));
        Assert.True(solved > 20, $"{solved} solved");
        Assert.Contains(events, e => GeneratedRun.Text(e, "Action").EndsWith("bypassed", StringComparison.Ordinal));

        // Pages of other hosts that take their pictures from this one are not asked.
        JsonElement[] pages = [.. stopped.Where(row => GeneratedRun.Text(row, "surface") == "page")];
        Assert.True(Lost(pages, "browser_nav") < solved / 4, $"{Lost(pages, "browser_nav")} lost, {solved} solved");
        Assert.True(Lost(stopped, GeneratedRun.Text(run.Incident, "client_class")) > 20);
    }

    [Fact]
    public async Task Update_OldReleases_AreNotStopped()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync("client-update-fingerprint", 20_000, 2);
        string agent = GeneratedRun.Text(run.Incident.GetProperty("parameters"), "user_agent");
        string rule = GeneratedRun.Text(run.Incident, "rule_id");
        JsonElement[] ofApp = [.. run.Distinct("http_requests").Where(request =>
            GeneratedRun.Text(request, "ClientRequestUserAgent").StartsWith(agent[..4], StringComparison.Ordinal))];
        JsonElement[] released = [.. ofApp.Where(request => GeneratedRun.Text(request, "ClientRequestUserAgent") == agent)];

        Assert.NotEmpty(released);
        Assert.All(released, request => Assert.Equal(rule, GeneratedRun.Text(request, "SecurityRuleID")));
        Assert.All(released, request => Assert.Equal(GeneratedRun.Text(run.Incident.GetProperty("parameters"), "ja4"),
            GeneratedRun.Text(request, "JA4")));
        Assert.DoesNotContain(ofApp.Except(released), request => GeneratedRun.Text(request, "SecurityRuleID") == rule);
    }

    [Fact]
    public async Task Preflight_Stopped_TheCallItselfNeverComes()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync("preflight-blocked", 30_000, 1);
        string rule = GeneratedRun.Text(run.Incident, "rule_id");
        string host = GeneratedRun.Text(run.Incident, "host");
        long onset = GeneratedRun.LedgerMs(run.Incident, "onset");
        JsonElement[] preflights = [.. run.Distinct("http_requests").Where(request =>
            GeneratedRun.Text(request, "ClientRequestMethod") == "OPTIONS" && GeneratedRun.Text(request, "ClientRequestHost") == host)];
        JsonElement[] after = [.. preflights.Where(request => GeneratedRun.Ms(request, "EdgeStartTimestamp") >= onset)];

        Assert.All(after, request => Assert.Equal(rule, GeneratedRun.Text(request, "SecurityRuleID")));
        Assert.All(after, request => Assert.Contains("access-control-request-method", request.GetProperty("RequestHeaders").GetRawText(),
            StringComparison.Ordinal));
        Assert.True(after.Length > 20);
        ILookup<string, long> calls = run.Distinct("http_requests")
            .Where(request => GeneratedRun.Text(request, "ClientRequestMethod") != "OPTIONS")
            .ToLookup(request => GeneratedRun.Text(request, "ClientIP") + GeneratedRun.Text(request, "ClientRequestURI"),
                request => GeneratedRun.Ms(request, "EdgeStartTimestamp"));
        Assert.All(after, request => Assert.DoesNotContain(
            calls[GeneratedRun.Text(request, "ClientIP") + GeneratedRun.Text(request, "ClientRequestURI")],
            ms => ms > GeneratedRun.Ms(request, "EdgeStartTimestamp") && ms < GeneratedRun.Ms(request, "EdgeStartTimestamp") + 200));
    }

    [Fact]
    public async Task SharedEgress_Address_IsTheAttackersToo()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync("ip-block-shared-egress", 20_000, 4);
        string address = GeneratedRun.Text(run.Incident.GetProperty("parameters"), "address");
        JsonElement[] stopped = [.. run.LedgerLines("incident").Single().GetProperty("stopped").EnumerateArray()];
        string prefix = address.EndsWith("/24", StringComparison.Ordinal) ? address[..^4] : address;

        Assert.True(stopped.Sum(row => row.GetProperty("attack_lost").GetInt32()) > 5);
        Assert.All(
            run.Distinct("http_requests").Where(request =>
                GeneratedRun.Text(request, "SecurityRuleID") == GeneratedRun.Text(run.Incident, "rule_id")),
            request => Assert.StartsWith(prefix, GeneratedRun.Text(request, "ClientIP"), StringComparison.Ordinal));
    }

    private static int Lost(JsonElement[] stopped, string clientClass) =>
        stopped.Where(row => GeneratedRun.Text(row, "client_class") == clientClass).Sum(row =>
            row.GetProperty("lost").GetInt32() - row.GetProperty("attack_lost").GetInt32());

    private static bool InScope(JsonElement row, JsonElement incident) => GeneratedRun.Text(incident, "scope") switch
    {
        "zone" => Same(row, incident, "zone"),
        "host" => Same(row, incident, "host"),

        // A rule about bodies or queries also finds attacks elsewhere on the host.
        _ => Same(row, incident, "host") && (Same(row, incident, "template")
            || row.GetProperty("lost").GetInt32() == row.GetProperty("attack_lost").GetInt32()),
    };

    private static bool Same(JsonElement row, JsonElement incident, string name) =>
        GeneratedRun.Text(row, name) == GeneratedRun.Text(incident, name);
}
