using CfLogStream.Core.Insight.Detection;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Server.Insight.Diagnosing;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary>What a diagnosis reads, on rows that are written by hand: series, what is touched, and what callers did before.</summary>
public sealed class DiagnosisReaderTests(EngineFixture engine)
{
    private const string Host = "api.shop.example";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_MinutesOfADay_SumsThemInTheirBins()
    {
        await using InsightStore store = await CreateAsync();

        // The newest version stands; the last minute of the day belongs to the last bin; a minute may have callers and no request.
        await RequestsAsync(store, "00:00", "POST", "/v1/pay", "sdk", "okhttp", version: 1, requests: 900, lost: 900, callers: 9);
        await RequestsAsync(store, "00:00", "POST", "/v1/pay", "sdk", "okhttp", version: 2, requests: 10, lost: 4, callers: 2);
        await RequestsAsync(store, "00:15", "POST", "/v1/pay", "sdk", "okhttp", version: 1, requests: 0, lost: 0, callers: 3);
        await RequestsAsync(store, "23:59", "POST", "/v1/pay", "sdk", "okhttp", version: 1, requests: 7, lost: 0, callers: 1);
        await RequestsAsync(store, "12:00", "GET", "/v1/list", "sdk", "okhttp", version: 1, requests: 5, lost: 0, callers: 1);
        await RequestsAsync(store, "12:00", "POST", "/v1/pay", "webhook", "stripe", version: 1, requests: 50, lost: 0, callers: 1);
        await RequestsAsync(store, "12:00", "POST", "/v1/pay", "scanner", "nuclei", version: 1, requests: 60, lost: 60, callers: 1);
        await StopAsync(store, "00:00", "sdk", "okhttp", count: 4, callers: 2);
        await StopAsync(store, "00:14", "sdk", "okhttp", count: 1, callers: 1);
        await StopAsync(store, "23:59", "sdk", "okhttp", count: 3, callers: 3);
        await StopAsync(store, "12:00", "scanner", "nuclei", count: 60, callers: 1);
        await StopAsync(store, "12:00", "webhook", "stripe", count: 50, callers: 1, action: "log");

        DiagnosisInput input = (await new DiagnosisReader(store.Queries, store.Database).ReadAsync(new DiagnosisScope(), Cancel))!;

        Assert.Equal((96, TimeSpan.FromMinutes(15)), (input.Bins, input.Bin));
        RequestCell cell = Assert.Single(input.Cells);
        Assert.Equal(("POST", "/v1/pay", "okhttp", 4L), (cell.Endpoint.Method, cell.Endpoint.Path, cell.Client.Name, cell.Lost));
        Assert.Equal(Series((0, 10), (95, 7)), cell.Load.Requests);
        Assert.Equal(Series((0, 6), (95, 7)), cell.Load.Good);
        Assert.Equal(Series((0, 2), (1, 3), (95, 1)), cell.Load.CallerMinutes);
        ClientLoad client = Assert.Single(input.Clients);
        Assert.Equal(("okhttp", 4L, 0L, 2L), (client.Name, client.Lost, client.ClientErrors, client.Endpoints));
        Assert.Equal(Series((0, 10), (48, 5), (95, 7)), client.Load.Requests);
        Assert.Equal(Series((0, 6), (48, 5), (95, 7)), client.Load.Good);
        Assert.Equal(Series((0, 2), (1, 3), (48, 1), (95, 1)), client.Load.CallerMinutes);
        StopCell stop = Assert.Single(input.Stops, row => row.Client.Name == "okhttp");
        Assert.Equal((8L, 8L, 3L), (stop.Count, stop.Lost, stop.Callers));
        Assert.Equal(Series((0, 5), (95, 3)), stop.Matches);
        Assert.Equal(Series((0, 3), (95, 3)), stop.CallerMinutes);
        Assert.Equal([0L, 8, 0, 0, 0], stop.BotScores);
        Assert.Equal(["ray-1", "ray-2", "ray-3"], stop.ExampleRays);
        Assert.Equal(["log", "block", "block"], input.Stops.Select(row => row.Action).OrderDescending());
        Assert.Equal((132L, 64L), (input.Endpoints.Sum(row => row.Requests), input.Endpoints.Sum(row => row.Lost)));
    }

    [Fact]
    public async Task ReadDetails_CallersWithAPast_SaysWhichNetworksHadGoodAnswersBefore()
    {
        await using InsightStore store = await CreateAsync();
        await RequestsAsync(store, "10:30", "POST", "/v1/pay", "sdk", "okhttp", version: 1, requests: 100, lost: 8, callers: 3);
        await RequestsAsync(store, "23:59", "POST", "/v1/pay", "sdk", "okhttp", version: 1, requests: 100, lost: 1, callers: 3);
        await StopAsync(store, "10:30", "sdk", "okhttp", count: 8, callers: 3);
        await StopAsync(store, "23:59", "sdk", "okhttp", count: 1, callers: 1);

        // Two versions of one request are one.
        await KeptAsync(store, "10:30:00", "a1", caller: 1, "AS1 198.51.100.1/32", weight: 1);
        await KeptAsync(store, "10:31:00", "a2", caller: 1, "AS1 198.51.100.1/32", weight: 9);
        await KeptAsync(store, "10:31:00", "a2", caller: 1, "AS1 198.51.100.1/32", weight: 3, version: 2);
        await KeptAsync(store, "10:40:00", "b1", caller: 2, "AS2 203.0.113.0/24", weight: 2);
        await KeptAsync(store, "10:41:00", "c1", caller: 3, "AS2 203.0.113.0/24", weight: 1);

        // Another rule, another client, and one that cannot be followed.
        await KeptAsync(store, "10:42:00", "d1", caller: 4, "AS4 192.0.2.4/32", weight: 1, rule: "r2");
        await KeptAsync(store, "10:43:00", "e1", caller: 5, "AS5 192.0.2.5/32", weight: 1, name: "curl");
        await KeptAsync(store, "10:44:00", "f1", caller: 0, "AS6 192.0.2.6/32", weight: 1);

        // An hour counts when it is over before the first loss, or its last good answer came before it.
        await HourAsync(store, "2026-03-01 08:00:00", Host, caller: 1, good: 50, lastGood: "2026-03-01 08:50:00");
        await HourAsync(store, "2026-03-01 10:00:00", Host, caller: 1, good: 7, lastGood: "2026-03-01 10:20:00");
        await HourAsync(store, "2026-03-01 09:00:00", Host, caller: 2, good: 30, lastGood: "2026-03-01 09:10:00");
        await HourAsync(store, "2026-03-01 10:00:00", Host, caller: 2, good: 9, lastGood: "2026-03-01 10:50:00");

        // Another host, too long ago, another caller.
        await HourAsync(store, "2026-03-01 08:00:00", "www.shop.example", caller: 1, good: 400, lastGood: "2026-03-01 08:50:00");
        await HourAsync(store, "2026-02-10 08:00:00", Host, caller: 1, good: 400, lastGood: "2026-02-10 08:50:00");
        await HourAsync(store, "2026-03-01 08:00:00", Host, caller: 9, good: 400, lastGood: "2026-03-01 08:50:00");
        DiagnosisInput input = (await new DiagnosisReader(store.Queries, store.Database).ReadAsync(new DiagnosisScope(), Cancel))!;
        FindingCandidate candidate = Assert.Single(Diagnoser.Candidates(input));

        RuleDetail detail = await new DetailReader(store.Queries, store.Database).ReadAsync(candidate, input, Cancel);

        Assert.Equal(
            [
                new NetworkPast("sdk/okhttp", "AS1 198.51.100.1/32", 4, 57) { Addresses = 1, AddressMinutes = 2 },
                new NetworkPast("sdk/okhttp", "AS2 203.0.113.0/24", 3, 30) { Addresses = 2, AddressMinutes = 2 },
            ],
            detail.Networks);

        // What a remedy is tried on: all that the rule stopped, whoever sent it.
        Assert.Equal([1d, 1d, 1d, 1d, 2d, 3d], detail.Sample.Select(stopped => stopped.Weight).Order());
        Assert.Equal(["curl", "okhttp"], detail.Sample.Select(stopped => stopped.Name).Distinct().Order());
        Assert.All(detail.Sample, stopped => Assert.Equal(Host, stopped.Fields.Host));
        CallerHistory history = Assert.Single(input.Callers, row => row is { Name: "okhttp", Rule.Id: "r1" });
        Assert.Equal((3L, 87L), (history.Callers, history.GoodBefore));
    }

    [Fact]
    public async Task ReadDetails_StoppedAndPassedRequests_CountsEachFieldsValues()
    {
        await using InsightStore store = await CreateAsync();
        await RequestsAsync(store, "10:30", "POST", "/v1/pay", "sdk", "okhttp", version: 1, requests: 100, lost: 8, callers: 3);
        await RequestsAsync(store, "23:59", "POST", "/v1/pay", "sdk", "okhttp", version: 1, requests: 100, lost: 1, callers: 3);
        await StopAsync(store, "10:30", "sdk", "okhttp", count: 8, callers: 3);
        await StopAsync(store, "23:59", "sdk", "okhttp", count: 1, callers: 1);
        await KeptAsync(store, "10:30:00", "a1", caller: 1, "AS1 198.51.100.1/32", weight: 2);
        await KeptAsync(store, "10:31:00", "a2", caller: 2, "AS2 203.0.113.0/24", weight: 3, name: "curl");
        await KeptAsync(store, "10:32:00", "p1", caller: 3, "AS1 198.51.100.1/32", weight: 100, lost: false);
        await KeptAsync(store, "10:33:00", "p2", caller: 3, "AS1 198.51.100.1/32", weight: 10, lost: false, template: "/v1/list");

        // What another rule stopped says nothing of this one.
        await KeptAsync(store, "10:34:00", "o1", caller: 3, "AS1 198.51.100.1/32", weight: 1000, rule: "r2");
        DiagnosisInput input = (await new DiagnosisReader(store.Queries, store.Database).ReadAsync(new DiagnosisScope(), Cancel))!;
        FindingCandidate candidate = Assert.Single(Diagnoser.Candidates(input));

        RuleDetail detail = await new DetailReader(store.Queries, store.Database).ReadAsync(candidate, input, Cancel);

        // Of what passed, that on the same endpoint.
        Assert.Equal((5d, 2d, 100d), (detail.Stopped, detail.Judged, detail.Passed));
        Assert.Equal(
            [new FieldCount("network", "AS1 198.51.100.1/32", 2, 2, 100), new FieldCount("network", "AS2 203.0.113.0/24", 3, 0, 0)],
            Of("network"));
        Assert.Equal([new FieldCount("client_name", "curl", 3, 0, 0), new FieldCount("client_name", "okhttp", 2, 2, 100)], Of("client_name"));
        Assert.Equal([new FieldCount("template", "/v1/list", 0, 0, 0), new FieldCount("template", "/v1/pay", 5, 2, 100)], Of("template"));
        Assert.Equal([new FieldCount("bot_score", "below 30", 5, 2, 100)], Of("bot_score"));
        Assert.Equal([new FieldCount("waf_score", "not scored", 5, 2, 100)], Of("waf_score"));
        Assert.Equal([new FieldCount("says_mozilla", "no", 5, 2, 100)], Of("says_mozilla"));
        Assert.Equal([new FieldCount("has_query", "yes", 5, 2, 100)], Of("has_query"));
        Assert.Equal([new FieldCount("asn", "64500", 5, 2, 100)], Of("asn"));
        Assert.Equal([new FieldCount("country", "", 5, 2, 100)], Of("country"));
        Assert.Equal(20, detail.Fields.Select(count => count.Field).Distinct().Count());

        FieldCount[] Of(string field) => [.. detail.Fields.Where(count => count.Field == field).OrderBy(count => count.Value, StringComparer.Ordinal)];
    }

    private static long[] Series(params ReadOnlySpan<(int Bin, long Value)> values)
    {
        long[] series = new long[96];
        foreach ((int bin, long value) in values)
        {
            series[bin] = value;
        }

        return series;
    }

    /// <summary>A store with tables.</summary>
    private async Task<InsightStore> CreateAsync()
    {
        InsightStore store = InsightStore.Create(engine);
        CommandResult schema = await store.RunAsync("schema", "apply");
        Assert.True(schema.ExitCode == 0, schema.Stderr);
        return store;
    }

    private static Task RequestsAsync(
        InsightStore store, string minute, string method, string path, string clientClass, string name, int version, int requests, int lost, int callers) =>
        InsertAsync(
            store,
            "requests_1m (window, zone, host, method, path, surface, client_class, client_name, trust, partition, chunk, version, requests, blocked, lost,"
                + " status_2xx, status_4xx, callers_exact)",
            $"'2026-03-01 {minute}:00', 'shop.example', '{Host}', '{method}', '{path}', 'api', '{clientClass}', '{name}', 'claimed', 1, 1, {version}, {requests},"
                + $" {lost}, {lost}, {requests - lost}, {lost}, {callers}");

    private static Task StopAsync(
        InsightStore store, string minute, string clientClass, string name, int count, int callers, string action = "block") => InsertAsync(
        store,
        "mitigations_1m (window, zone, host, method, path, surface, client_class, client_name, trust, control, rule_id, action, partition, chunk, version,"
            + " count, lost, first_seen, last_seen, bot_scores, waf_scores, callers_exact, example_rays)",
        $"'2026-03-01 {minute}:00', 'shop.example', '{Host}', 'POST', '/v1/pay', 'api', '{clientClass}', '{name}', 'claimed', 'firewallcustom', 'r1', '{action}', 1,"
            + $" 1, 1, {count}, {(action == "block" ? count : 0)}, '2026-03-01 {minute}:00', '2026-03-01 {minute}:50', [0,{count},0,0,0], [{count},0,0,0,0],"
            + $" {callers}, ['ray-{callers}']");

    private static Task KeptAsync(
        InsightStore store, string time, string ray, int caller, string network, double weight, int version = 1, string rule = "r1", string name = "okhttp",
        bool lost = true, string template = "/v1/pay") => InsertAsync(
        store,
        "requests (time, ray, partition, version, dataset, outcome, lost, has_request, weight, zone, host, method, template, surface, path, query, client_class,"
            + " client_name, trust, caller, network, asn, user_agent, bot_score, edge_status, match_control, match_action, match_rule_id)",
        $"'2026-03-01 {time}', '{ray}', 1, {version}, 'http_requests', '{(lost ? "blocked" : "passed")}', {lost}, 1, {weight}, 'shop.example', '{Host}', 'POST',"
            + $" '{template}', 'api', '{template}', '?a=b', 'sdk', '{name}', 'claimed', {caller}, '{network}', 64500, 'okhttp/4', 20, {(lost ? 403 : 200)},"
            + (lost ? $" ['firewallcustom'], ['block'], ['{rule}']" : " [], [], []"));

    private static Task HourAsync(InsightStore store, string hour, string host, int caller, int good, string lastGood) => InsertAsync(
        store,
        "callers_1h (hour, zone, host, caller, client_class, client_name, trust, partition, version, requests, good, first_seen, last_seen, last_good)",
        $"'{hour}', 'shop.example', '{host}', {caller}, 'sdk', 'okhttp', 'claimed', 1, 1, {good}, {good}, '{hour}', '{lastGood}', '{lastGood}'");

    private static Task InsertAsync(InsightStore store, string into, string values) =>
        store.Queries.ExecuteAsync($"INSERT INTO {store.Database}.{into} VALUES ({values})", null, Cancel);
}
