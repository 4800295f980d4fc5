using System.Globalization;
using System.Text.Json;

namespace CfLogStream.Generator.Tests;

/// <summary>The ledger against an independent recount of the uploads.</summary>
public sealed class LedgerTests
{
    public static TheoryData<string> Scenarios => [.. ScenarioCatalog.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task Ledger_EveryScenario_EqualsARecount(string scenario) =>
        EqualsARecount(new GeneratorOptions { Scenario = scenario, Records = 9000, Seed = 11, Disorder = Disorder.Heavy });

    [Theory]
    [InlineData("custom-rule-hits-api")]
    [InlineData("rate-limit-webhook-burst")]
    public Task Ledger_BusyTraffic_EqualsARecount(string scenario) =>
        EqualsARecount(new GeneratorOptions { Scenario = scenario, Records = 20_000, Seed = 13, Rate = 400, Disorder = Disorder.Heavy });

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task Ledger_EveryScenarioWide_EqualsARecount(string scenario) => EqualsARecount(new GeneratorOptions
    {
        Scenario = scenario,
        Records = 5000,
        Seed = (ulong)scenario.Length,
        Disorder = Disorder.Heavy,
        Variation = Variation.Wide,
    });

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Ledger_StoppedByRule_CountsEveryLostRequestOnce(string scenario)
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(new GeneratorOptions
        {
            Scenario = scenario,
            Records = 6000,
            Seed = 14,
            Variation = Variation.Wide,
        });
        JsonElement[] stopped = [.. run.LedgerLines("stopped_by_rule")];
        foreach ((string intent, string key) in (ReadOnlySpan<(string, string)>)[("legitimate", "lost_legitimate"), ("attack", "lost_attack")])
        {
            Assert.Equal(
                run.LedgerLines("actor").Where(actor => GeneratedRun.Text(actor, "intent") == intent).Sum(actor =>
                    actor.GetProperty("lost").GetInt64()),
                stopped.Sum(line => line.GetProperty(key).GetInt64()));
        }

        // The lines of a rule agree with the records that name it.
        HashSet<string> solved = [.. run.Distinct("firewall_events").Select(e => GeneratedRun.Text(e, "OriginatorRayID"))];
        Dictionary<string, long> records = run.Distinct("http_requests").Where(request => IsLost(request, solved))
            .GroupBy(request => GeneratedRun.Text(request, "SecurityRuleID") + " " + GeneratedRun.Text(request, "ClientRequestHost") + " "
                + GeneratedRun.Text(request, "SecurityAction").ToLowerInvariant())
            .ToDictionary(group => group.Key, group => group.LongCount());
        Dictionary<string, long> lines = stopped.GroupBy(line => GeneratedRun.Text(line, "rule_id") + " " + GeneratedRun.Text(line, "host")
                + " " + GeneratedRun.Text(line, "action"))
            .ToDictionary(group => group.Key, group => group.Sum(line =>
                line.GetProperty("lost_legitimate").GetInt64() + line.GetProperty("lost_attack").GetInt64()));
        Assert.Equal(records, lines);
        if (run.Header.TryGetProperty("incident", out JsonElement incident))
        {
            JsonElement end = run.LedgerLines("incident").Single();
            Assert.Equal(end.GetProperty("lost").GetInt64(), end.GetProperty("stopped").EnumerateArray().Sum(row =>
                row.GetProperty("lost").GetInt64() - row.GetProperty("attack_lost").GetInt64()));
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Ledger_EveryScenario_ItsPartsAgree(string scenario)
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(scenario, 9000, 12);
        JsonElement end = run.LedgerLines("end").Single();
        long minutes = run.LedgerLines("minute").Sum(line => line.GetProperty("requests").GetInt64());
        long actors = run.LedgerLines("actor").Sum(line => line.GetProperty("requests").GetInt64());
        string[] outcomes = ["passed", "exempted", "logged", "challenged", "challenge_solved", "rate_limited", "blocked", "dropped"];

        Assert.Equal(end.GetProperty("requests").GetInt64(), minutes);
        Assert.Equal(minutes, actors + end.GetProperty("worker_subrequests").GetInt64());
        Assert.Equal(minutes, run.Distinct("http_requests").Count);
        Assert.Equal(run.LedgerLines("minute").Sum(line => line.GetProperty("lost").GetInt64()),
            run.LedgerLines("actor").Sum(line => line.GetProperty("lost").GetInt64()));
        foreach (JsonElement line in run.LedgerLines("minute").Concat(run.LedgerLines("actor")))
        {
            Assert.Equal(line.GetProperty("requests").GetInt64(),
                outcomes.Sum(outcome => line.TryGetProperty(outcome, out JsonElement count) ? count.GetInt64() : 0));
        }

        foreach (DatasetSummary dataset in run.Summary.Datasets)
        {
            JsonElement line = run.LedgerLines("dataset").Single(candidate => GeneratedRun.Text(candidate, "dataset") == dataset.Name);
            JsonElement[] batches = [.. run.LedgerLines("batch").Where(batch => GeneratedRun.Text(batch, "dataset") == dataset.Name)];
            Assert.Equal(dataset.Records, line.GetProperty("records").GetInt64());
            Assert.Equal(line.GetProperty("lines").GetInt64(), batches.Sum(batch => batch.GetProperty("lines").GetInt64()));
            Assert.Equal(line.GetProperty("lines").GetInt64(), run.Lines(dataset.Name).Count());
            Assert.Equal(line.GetProperty("uploads").GetInt64(), batches.Length);
            Assert.Equal(dataset.Records, run.Distinct(dataset.Name).Count);
        }
    }

    [Fact]
    public async Task Ledger_Incident_CountsWhatTheRuleStopped()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync("custom-rule-hits-api", 15_000);
        string rule = GeneratedRun.Text(run.Incident, "rule_id");
        JsonElement[] stopped = [.. run.LedgerLines("incident").Single().GetProperty("stopped").EnumerateArray()];
        List<JsonElement> records = [.. run.Distinct("http_requests").Where(request =>
            GeneratedRun.Text(request, "SecurityRuleID") == rule)];

        Assert.Equal(records.Count, stopped.Sum(line => line.GetProperty("lost").GetInt32()));
        Assert.Equal(run.Summary.IncidentLost, run.LedgerLines("incident").Single().GetProperty("lost").GetInt64());
        Assert.Equal(
            run.LedgerLines("actor").Where(line =>
                GeneratedRun.Text(line, "intent") == "legitimate").Sum(line => line.GetProperty("lost_to_incident").GetInt64()),
            run.Summary.IncidentLost);
        foreach (IGrouping<string, JsonElement> endpoint in stopped.GroupBy(line => GeneratedRun.Text(line, "method")))
        {
            Assert.Equal(
                records.Count(record => GeneratedRun.Text(record, "ClientRequestMethod") == endpoint.Key),
                endpoint.Sum(line => line.GetProperty("lost").GetInt32()));
        }
    }

    [Fact]
    public async Task Ledger_Batches_DescribeTheUploads()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(new GeneratorOptions { Records = 20_000, Disorder = Disorder.Heavy, Seed = 2 });
        JsonElement[] batches = [.. run.LedgerLines("batch")];

        Assert.Equal(run.Uploads.Files.Keys.Order(), batches.Select(batch => GeneratedRun.Text(batch, "file")).Order());
        foreach (JsonElement batch in batches)
        {
            string file = GeneratedRun.Text(batch, "file");
            Assert.Equal(run.Uploads.Files[file].Length, batch.GetProperty("bytes").GetInt64());
            Assert.Equal(run.Uploads.Delivered[file], batch.GetProperty("delivered").GetDateTimeOffset());
            Assert.Equal(run.Uploads.Files[file].Count(value => value == (byte)'\n'), batch.GetProperty("lines").GetInt32());
            if (batch.TryGetProperty("duplicate_of", out JsonElement original))
            {
                Assert.Equal(run.Uploads.Files[original.GetString()!], run.Uploads.Files[file]);
                Assert.True(run.Uploads.Delivered[file] > run.Uploads.Delivered[original.GetString()!]);
            }

            long[] times = GeneratedRun.Text(batch, "dataset") == "http_requests"
                ? [.. run.Lines("http_requests").Where(line =>
                    line.File == file).Select(line => GeneratedRun.Ms(JsonDocument.Parse(line.Line).RootElement, "EdgeStartTimestamp"))]
                : [];
            if (times.Length > 0)
            {
                Assert.Equal(times.Min(), GeneratedRun.LedgerMs(batch, "first"));
                Assert.Equal(times.Max(), GeneratedRun.LedgerMs(batch, "last"));
                Assert.Equal(times.Zip(times.Skip(1)).Count(pair => pair.Second < pair.First), batch.GetProperty("inversions").GetInt32());
            }
        }

        Assert.Contains(batches, batch => batch.TryGetProperty("duplicate_of", out _));
        Assert.Contains(batches, batch => batch.GetProperty("lag_ms").GetInt64() > 600_000);
    }

    private static async Task EqualsARecount(GeneratorOptions options)
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(options);
        List<JsonElement> requests = run.Distinct("http_requests");
        List<JsonElement> events = run.Distinct("firewall_events");
        HashSet<string> solved = [.. events.Select(e => GeneratedRun.Text(e, "OriginatorRayID")).Where(ray => ray != "00")];

        SortedDictionary<string, (int Requests, int Lost)> truth = Empty();
        foreach (JsonElement line in run.LedgerLines("minute"))
        {
            Add(truth, line, GeneratedRun.Text(line, "minute"), line.GetProperty("requests").GetInt32(),
                line.GetProperty("lost").GetInt32(), "zone", "host", "method");
        }

        SortedDictionary<string, (int Requests, int Lost)> counted = Empty();
        foreach (JsonElement request in requests)
        {
            string minute = DateTimeOffset.FromUnixTimeMilliseconds(GeneratedRun.Ms(request, "EdgeStartTimestamp") / 60_000 * 60_000)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            Add(counted, request, minute, 1, IsLost(request, solved) ? 1 : 0, "ZoneName", "ClientRequestHost", "ClientRequestMethod");
        }

        Assert.Equal(truth, counted);
    }

    private static SortedDictionary<string, (int Requests, int Lost)> Empty() => new(StringComparer.Ordinal);

    private static void Add(SortedDictionary<string, (int Requests, int Lost)> counts, JsonElement source, string minute, int requests,
        int lost, params string[] names)
    {
        string key = minute + " " + string.Join(" ", names.Select(name => GeneratedRun.Text(source, name)));
        (int allRequests, int allLost) = counts.GetValueOrDefault(key);
        counts[key] = (allRequests + requests, allLost + lost);
    }

    private static bool IsLost(JsonElement request, HashSet<string> solved) => GeneratedRun.Text(request, "SecurityAction") switch
    {
        "block" or "connectionClose" => true,
        "managedChallenge" or "jschallenge" or "challenge" => !solved.Contains(GeneratedRun.Text(request, "RayID")),
        _ => false,
    };
}
