using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary>What a screen says of a caller's past and neighbours, and why a ray is not found.</summary>
public sealed class RayScreenTests(EngineFixture engine)
{
    private const string Blocked = "aaaaaaaaaaaaaaaa";

    [Fact]
    public async Task Ray_BlockedAfterSuccess_ShowsThePastTheRuleAndTheNeighbours()
    {
        await using InsightStore store = InsightStore.Create(engine);
        await store.AnalyzeAsync(
            [
                .. Enumerable.Range(0, 5).Select(static i => RequestLine.Http($"100000000000000{i}", i * 600)),
                RequestLine.Http("1000000000000010", 3_600, path: "/v1/stock"),
                RequestLine.Http("1000000000000011", 7_190),
                RequestLine.Http("1000000000000012", 7_195, "r9"),
                RequestLine.Event("1000000000000012", 7_195, "block", "r9"),
                RequestLine.Http(Blocked, 7_200.5, "r9"),
                RequestLine.Event(Blocked, 7_200.5, "block", "r9"),
                RequestLine.Http("1000000000000013", 7_400),
                RequestLine.Http("1000000000000014", 10_900),
            ]);

        JsonElement screen = Assert.Single((await store.JsonAsync("ray", Blocked)).GetProperty("requests").EnumerateArray());
        Assert.Equal("edge", screen.GetProperty("answered_by").GetString());
        Assert.False(screen.GetProperty("origin_asked").GetBoolean());
        Assert.Equal(JsonValueKind.Null, screen.GetProperty("scores")[0].GetProperty("value").ValueKind);

        // Hours 12 and 13 lie before the hour of the request, hour 15 after it.
        JsonElement host = screen.GetProperty("caller_on_host");
        Assert.Equal((8, 7, 1), Counts(host));
        Assert.Equal(1, host.GetProperty("good_after").GetInt32());
        JsonElement endpoint = screen.GetProperty("caller_on_endpoint");
        Assert.Equal((7, 6, 1), Counts(endpoint));
        Assert.Equal(RequestLine.Start.AddSeconds(7_190), endpoint.GetProperty("last_good").GetDateTime().ToUniversalTime());
        Assert.Equal(RequestLine.Start.AddSeconds(7_195), endpoint.GetProperty("first_lost").GetDateTime().ToUniversalTime());
        Assert.Equal(RequestLine.Start.AddSeconds(7_400), endpoint.GetProperty("next_good").GetDateTime().ToUniversalTime());
        Assert.Equal(
            ["1000000000000011", "1000000000000012"],
            screen.GetProperty("neighbours").EnumerateArray().Select(static one => one.GetProperty("ray").GetString()));
        Assert.Equal((1, 1), (screen.GetProperty("minute").GetProperty("requests").GetInt32(), screen.GetProperty("minute").GetProperty("lost").GetInt32()));

        CommandResult text = await store.RunAsync("ray", Blocked, "--tz", "Asia/Tokyo");
        Assert.StartsWith(
            "Answered by the edge (403); the origin was not asked.\nBlocked, lost: WAF custom rule \"Only browsers\" ended it (block).\n",
            text.Stdout.ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
        string flat = string.Join(' ', text.Stdout.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("at 2026-08-06 14:00:00.500 UTC (23:00:00 Asia/Tokyo), known from http_requests and firewall_events", flat, StringComparison.Ordinal);
        Assert.Contains("=> 1 block: WAF custom rule \"Only browsers\" (rule r9)", flat, StringComparison.Ordinal);
        Assert.Contains("bot not computed: says nothing about the client; attack 92 (1 attack … 99 clean): clean", flat, StringComparison.Ordinal);
        Assert.Contains("cflogstream ray aaaaaaaaaaaaaaaa --all --config ", flat, StringComparison.Ordinal);
        Assert.DoesNotContain("asn_description", text.Stdout, StringComparison.Ordinal);
        CommandResult all = await store.RunAsync("ray", Blocked, "--all");
        Assert.Contains("  ja4                       t13d1516h2_8daaf6152771_b186095e22b6", all.Stdout, StringComparison.Ordinal);
        Assert.Contains("  partition ", all.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ray_NotFound_SaysWhatWasCheckedAndWhatWasFound()
    {
        await using InsightStore store = InsightStore.Create(engine, "  sample_one_of: 0\n  lost_per_window_host_rule: 1\n");
        await store.AnalyzeAsync(
            [
                .. Enumerable.Range(0, 3).SelectMany(static i => new[]
                {
                    RequestLine.Http($"200000000000000{i}", i, "r1"), RequestLine.Event($"200000000000000{i}", i, "block", "r1"),
                }),
                RequestLine.Http("2000000000000010", 100),
                RequestLine.Http("2000000000000011", 100, parent: "2000000000000010"),
                RequestLine.Http("2000000000000012", 200, "r1"),
                RequestLine.Event("2000000000000020", 300, "managedchallengesolved", "r2", originator: "2000000000000099"),
                "{\"RayID\":\"20000000000000dd\",\"EdgeStartTimestamp\":\"2026-08-06T12:00:00Z\",broken",
            ]);

        JsonElement passed = await store.JsonAsync("ray", "2000000000000010");
        Assert.False(passed.GetProperty("found").GetBoolean());
        Assert.Equal("excluded", Finding(passed, "malformed"));
        Assert.Equal("possible", Finding(passed, "sample"));
        Assert.Contains("none are kept", Text(passed, "sample"), StringComparison.Ordinal);
        Assert.Contains("past 1 per minute, host and rule lost requests are sampled", Text(passed, "cap"), StringComparison.Ordinal);
        Assert.Contains("of the newest day's 4 there are 2", Text(passed, "cap"), StringComparison.Ordinal);
        Assert.Contains("from 2026-08-06 12:00 UTC to 2026-08-06 12:05 UTC", Text(passed, "span"), StringComparison.Ordinal);
        Assert.Contains("the newest minute read is 2026-08-06 12:05 UTC", Text(passed, "lag"), StringComparison.Ordinal);
        Assert.Equal("possible", Finding(passed, "subrequest"));
        Assert.Contains("own request: 1 and ", Text(passed, "subrequest"), StringComparison.Ordinal);
        Assert.Contains("1 security events had no request, 1 requests missed announced events", Text(passed, "partners"), StringComparison.Ordinal);
        Assert.Equal("excluded", Finding(passed, "log_gaps"));
        Assert.Equal("excluded", Finding(passed, "dead_letters"));
        Assert.Equal(["job_filter", "tls_handshake", "skip_without_logging"], Names(passed, "not_checkable"));

        Assert.Equal("possible", Finding(await store.JsonAsync("ray", "not-a-ray"), "malformed"));
        Assert.Equal("trace", Finding(await store.JsonAsync("ray", "20000000000000DD-FRA"), "dead_letters"));
        JsonElement challenged = await store.JsonAsync("ray", "2000000000000099");
        Assert.Equal("trace", Finding(challenged, "originator"));
        Assert.Contains("'cflogstream ray 2000000000000020'", Text(challenged, "originator"), StringComparison.Ordinal);
        await FindCappedAsync(store);

        await store.Queries.ExecuteAsync(
            $"INSERT INTO {store.Database}.progress (log, partition, gap_from, gap_to, version) VALUES ('l', 0, [10], [17], 1)",
            null,
            TestContext.Current.CancellationToken);
        Assert.Contains("7 messages of the log were gone", Text(await store.JsonAsync("ray", "2000000000000010"), "log_gaps"), StringComparison.Ordinal);
        CommandResult text = await store.RunAsync("ray", "20000000000000dd");
        Assert.Equal(1, text.ExitCode);
        Assert.StartsWith(
            "Not known: the ray '20000000000000dd' is not among the kept requests.\nThere is a trace of it:\n",
            text.Stdout.ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
    }

    /// <summary>Of three requests of one rule one is kept, and all are examples.</summary>
    private static async Task FindCappedAsync(InsightStore store)
    {
        int found = 0;
        int examples = 0;
        for (int i = 0; i < 3; i++)
        {
            JsonElement capped = await store.JsonAsync("ray", $"200000000000000{i}");
            bool isFound = capped.GetProperty("found").GetBoolean();
            found += isFound ? 1 : 0;
            examples += !isFound && Finding(capped, "example") == "trace" ? 1 : 0;
        }

        Assert.Equal((1, 2), (found, examples));
    }

    private static (int Before, int Good, int Lost) Counts(JsonElement past) => (
        past.GetProperty("requests_before").GetInt32(), past.GetProperty("good_before").GetInt32(), past.GetProperty("lost_before").GetInt32());

    private static string[] Names(JsonElement answer, string finding) =>
    [
        .. answer.GetProperty("absence").EnumerateArray().Where(check => check.GetProperty("finding").GetString() == finding)
            .Select(static check => check.GetProperty("name").GetString()!),
    ];

    private static JsonElement Check(JsonElement answer, string name) =>
        answer.GetProperty("absence").EnumerateArray().Single(check => check.GetProperty("name").GetString() == name);

    private static string Finding(JsonElement answer, string name) => Check(answer, name).GetProperty("finding").GetString()!;

    private static string Text(JsonElement answer, string name) => Check(answer, name).GetProperty("text").GetString()!;
}
