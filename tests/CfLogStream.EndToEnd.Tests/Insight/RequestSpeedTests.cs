using System.Diagnostics;
using System.Globalization;
using System.Net;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Server.Insight.Requests;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary>How long the questions behind <c>ray</c> and <c>find</c> take over millions of kept requests. Run by hand: <c>-explicit only</c>.</summary>
public sealed class RequestSpeedTests(EngineFixture engine)
{
    private const int Rows = 2_000_000;
    private const int Slice = 200_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Questions_OverMillionsOfKeptRequests_AreAnsweredWithinASecond()
    {
        await using InsightStore store = InsightStore.Create(engine);
        await store.AnalyzeAsync(RequestLine.Http("0000000000000001", 0));
        for (int from = 0; from < Rows; from += Slice)
        {
            await FillAsync(store, from);
        }

        var finder = new RequestFinder(store.Queries);
        var screens = new RequestScreens(store.Queries, new ClassificationTables(new ClassificationSettings()));
        var absence = new RayAbsence(store.Queries, new CorrelationOptions(), 30, TimeProvider.System);
        DateTime until = (await finder.NewestAsync(Cancel))!.Value;
        FindFilter day = new() { From = until.AddDays(-1), Until = until, Limit = 50 };
        FindFilter week = day with { From = until.AddDays(-7) };
        await MeasureAsync("ray", async () => Assert.NotEmpty(await screens.OfAsync("00000000000f4240", Cancel)));
        await MeasureAsync("ray, not found", async () => Assert.NotEmpty(await absence.ExplainAsync("ffffffffffffffff", Cancel)));
        await MeasureAsync("find, a day", () => FindAsync(finder, day));
        await MeasureAsync("find --at, 5m", () => FindAsync(finder, day with { From = until.AddMinutes(-100), Until = until.AddMinutes(-90) }));
        await MeasureAsync("find --path, a day", () => FindAsync(finder, day with { Path = "orders/14" }));
        await MeasureAsync("find --ua --status, 7 days", () => FindAsync(finder, week with { UserAgent = "OKHTTP", Statuses = [(400, 499)] }));
        await MeasureAsync("find --ip, 7 days", () => FindAsync(
            finder, week with { Addresses = (IPAddress.Parse("::ffff:10.0.3.232"), IPAddress.Parse("::ffff:10.0.3.232")) }));
        await MeasureAsync("find --path, 7 days, nothing", async () => Assert.Empty((await finder.FindAsync(week with { Path = "nowhere" }, Cancel)).Found));
    }

    private static async Task FindAsync(RequestFinder finder, FindFilter filter) => Assert.NotEmpty((await finder.FindAsync(filter, Cancel)).Found);

    /// <summary>Two million kept requests and as many hours of callers over seven days, on five hosts, of 20,000 callers.</summary>
    private static async Task FillAsync(InsightStore store, int from)
    {
        const string Time = "toDateTime64('2026-08-07 00:00:00', 9, 'UTC') + toIntervalMillisecond(number * 302)";
        await store.Queries.ExecuteAsync(
            $"""
            INSERT INTO {store.Database}.requests (time, ray, partition, version, dataset, outcome, lost, has_request, weight, zone, host, method, template,
                surface, path, client_class, client_name, trust, caller, client_ip, user_agent, bot_score, waf_score, edge_status, origin_status,
                has_origin_status, match_control, match_action, match_rule_id, match_rule_ref, match_description, match_index, match_originator_ray)
            SELECT {Time}, lower(leftPad(hex(number), 16, '0')), 1, number, 'http_requests', if(number % 3 = 0, 'blocked', 'passed'), number % 3 = 0, 1,
                if(number % 3 = 0, 1, 100), 'shop.example', concat('h', toString(number % 5), '.shop.example'), if(number % 2 = 0, 'GET', 'POST'),
                '/v1/orders/{"{id}"}', 'api', concat('/v1/orders/', toString(number * 7919)), 'sdk', 'okhttp', 'claimed', number % 20000,
                toIPv6(concat('10.0.', toString(intDiv(number % 20000, 256)), '.', toString(number % 256))), concat('okhttp/4.', toString(number % 40)),
                0, 90, if(number % 3 = 0, 403, 200), if(number % 3 = 0, 0, 200), 1, if(number % 3 = 0, ['firewallcustom'], []),
                if(number % 3 = 0, ['block'], []), if(number % 3 = 0, ['r1'], []), if(number % 3 = 0, [''], []), if(number % 3 = 0, ['Only browsers'], []),
                if(number % 3 = 0, [0], []), if(number % 3 = 0, [''], [])
            FROM numbers({from}, {Slice}) SETTINGS max_partitions_per_insert_block = 0
            """,
            null,
            Cancel);
        await store.Queries.ExecuteAsync(
            $"""
            INSERT INTO {store.Database}.callers_1h (hour, zone, host, caller, client_class, client_name, trust, partition, version, requests, good, lost, last_good)
            SELECT toStartOfHour({Time}), 'shop.example', concat('h', toString(number % 5), '.shop.example'), number % 20000, 'sdk', 'okhttp', 'claimed', 1,
                number, 3, 2, 1, {Time}
            FROM numbers({from}, {Slice}) SETTINGS max_partitions_per_insert_block = 0
            """,
            null,
            Cancel);
    }

    private static async Task MeasureAsync(string name, Func<Task> question)
    {
        var times = new List<double>();
        for (int i = 0; i < 6; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await question();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        string line = string.Create(CultureInfo.InvariantCulture, $"{name,-32} median {times[3],6:0} ms, slowest {times[^1],6:0} ms");
        TestContext.Current.SendDiagnosticMessage(line);
        TestContext.Current.TestOutputHelper!.WriteLine(line);
        Assert.True(times[3] < 1_000, line);
    }
}
