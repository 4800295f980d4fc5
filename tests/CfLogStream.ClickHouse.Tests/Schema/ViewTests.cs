using System.Globalization;
using System.Text.RegularExpressions;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.ClickHouse.Tests.Engine;

namespace CfLogStream.ClickHouse.Tests.Schema;

/// <summary>The views over a small incident, and the examples of docs/tables.md.</summary>
public sealed partial class ViewTests(ClickHouseServer server, SharedDatabase shared) : IClassFixture<SharedDatabase>, IAsyncLifetime
{
    private static readonly string[] s_views =
        ["block_trend", "block_rate_by_endpoint", "top_rules", "client_outcomes", "edge_vs_origin", "data_quality"];

    private readonly TestDatabase _database = shared.Database;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await WriteAsync(1);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task BlockTrend_PartitionsAndLateChunks_AreSummedAndCallersMerged() => Assert.Equal(
        ["63|42|42|0.6667|10", "105|0|0|0|1"],
        await RowsAsync(
            "SELECT arrayStringConcat([toString(requests), toString(lost), toString(blocked), toString(round(lost_share, 4)), "
            + "toString(callers)], '|') FROM {0}.block_trend "
            + $"WHERE window = toDateTime({IncidentRows.Start}, 'UTC') ORDER BY lost DESC"));

    [Fact]
    public async Task BlockTrend_CallersOverSeveralWindows_AreMergedNotSummed() => Assert.Equal(
        ["10"],
        await RowsAsync("SELECT toString(uniqCombined64Merge(callers_state)) FROM {0}.block_trend WHERE client_class = 'webhook'"));

    [Fact]
    public async Task TopRules_LateRowWithoutDescription_KeepsTheNewestThatHasOne() => Assert.Equal(
        [$"firewallcustom|r1|block without browser|block|420|10|{IncidentRows.Ray}"],
        await RowsAsync(
            "SELECT concat(control, '|', rule_id, '|', any(rule), '|', action, '|', toString(sum(lost)), '|', "
            + "toString(uniqCombined64Merge(callers_state)), '|', arrayStringConcat(groupUniqArrayArray(example_rays), ',')) "
            + "FROM {0}.top_rules GROUP BY control, rule_id, action"));

    [Fact]
    public async Task EdgeVsOrigin_TwoKindsOfErrors_AreApart() => Assert.Equal(
        ["1680|420|210|0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0"],
        await RowsAsync(
            "SELECT concat(toString(sum(requests)), '|', toString(sum(edge_errors)), '|', toString(sum(origin_errors)), '|', "
            + "arrayStringConcat(sumForEach(latency), ',')) FROM {0}.edge_vs_origin"));

    [Fact]
    public async Task DataQuality_Balance_IsShown() => Assert.Equal(
        ["firewall_events|420|420|0|0", "http_requests|1890|1680|210|0"],
        await RowsAsync(
            "SELECT concat(dataset, '|', toString(sum(received)), '|', toString(sum(counted)), '|', toString(sum(duplicates)), '|', "
            + "toString(sum(in_flight))) FROM {0}.data_quality GROUP BY dataset ORDER BY dataset"));

    [Fact]
    public async Task Replay_SameRowsInAnyOrderAndOlderOnesAfterNewer_ChangeNothing()
    {
        string before = await FingerprintAsync();
        await WriteAsync(1);
        await WriteAsync(1, new Random(4));
        Assert.Equal(before, await FingerprintAsync());

        await WriteAsync(5, new Random(5));
        await WriteAsync(2);
        Assert.Equal(before, await FingerprintAsync());

        string[] tables = ["requests_1m", "mitigations_1m", "callers_1h", "rules", "quality_1m", "requests", "dead_letters"];
        foreach (string table in tables)
        {
            await _database.Queries.ExecuteAsync($"OPTIMIZE TABLE {_database.Name}.{table} FINAL", null, Cancel);
            Assert.Equal(["5"], await RowsAsync($"SELECT toString(groupUniqArray(version)[1]) FROM {{0}}.{table}"));
        }

        Assert.Equal(before, await FingerprintAsync());
    }

    [Fact]
    public async Task Views_TimeFilterOfGrafana_ReadOnlyThoseDays()
    {
        await using TestDatabase own = await server.CreateDatabaseAsync();
        foreach (string table in (string[])["requests_1m", "mitigations_1m", "quality_1m"])
        {
            await own.Queries.ExecuteAsync(
                $"INSERT INTO {own.Name}.{table} (window, version) "
                + "SELECT toDateTime('2026-10-20 12:30:00', 'UTC') + 86400 * number, 1 FROM numbers(20)",
                null,
                Cancel);
        }

        foreach (string view in s_views)
        {
            string plan = string.Join('\n', await own.Queries.ReadAsync(
                $"EXPLAIN indexes = 1 SELECT window FROM {own.Name}.{view} WHERE {TimeFilter("window")} GROUP BY window",
                null,
                row => row.GetString(0),
                Cancel));

            int start = plan.IndexOf("Min-Max", StringComparison.Ordinal);
            Assert.True(start >= 0, plan);
            Match parts = PartsPattern().Match(plan, start);
            Assert.True(parts.Value == "Parts: 1/20", view + ": " + plan);
        }
    }

    [Theory]
    [InlineData("ray", "ray_bloom")]
    [InlineData("parent_ray", "parent_ray_bloom")]
    [InlineData("client_ip", "client_ip_bloom")]
    [InlineData("caller", "caller_bloom")]
    public async Task Requests_LookUp_SkipsMostGranules(string column, string index)
    {
        await using TestDatabase own = await server.CreateDatabaseAsync();
        await own.Queries.ExecuteAsync(
            $"INSERT INTO {own.Name}.requests (time, ray, parent_ray, client_ip, caller, host, version) "
            + "SELECT toDateTime64('2026-11-01 00:00:00', 9, 'UTC') + number % 80000, lower(hex(cityHash64(number))), "
            + "lower(hex(cityHash64(number))), toIPv6(concat('::ffff:', IPv4NumToString(toUInt32(number)))), cityHash64(number), "
            + "toString(number % 5), 1 FROM numbers(200000)",
            null,
            Cancel);
        string value = column switch
        {
            "client_ip" => "toIPv6('::ffff:0.0.3.9')",
            "caller" => "cityHash64(777)",
            _ => "lower(hex(cityHash64(777)))",
        };

        string plan = string.Join('\n', await own.Queries.ReadAsync(
            $"EXPLAIN indexes = 1 SELECT count() FROM {own.Name}.requests FINAL WHERE {column} = {value}",
            null,
            row => row.GetString(0),
            Cancel));
        long found = await own.Queries.ScalarAsync<long>(
            $"SELECT toInt64(count()) FROM {own.Name}.requests FINAL WHERE {column} = {value}", null, Cancel);

        int at = plan.IndexOf($"Name: {index}", StringComparison.Ordinal);
        Assert.True(at >= 0, plan);
        Match granules = GranulesPattern().Match(plan, at);
        int read = int.Parse(granules.Groups[1].Value, CultureInfo.InvariantCulture);
        int all = int.Parse(granules.Groups[2].Value, CultureInfo.InvariantCulture);
        Assert.True(read * 3 <= all, plan);
        Assert.Equal(1, found);
    }

    [Fact]
    public async Task Documentation_EveryExample_RunsAndGivesRows()
    {
        string text = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot(), "docs", "tables.md"), Cancel);
        string[] examples = [.. ExamplePattern().Matches(text).Select(match => match.Groups[1].Value)];

        Assert.True(examples.Length >= 10);
        foreach (string example in examples)
        {
            string named = example.Replace("cflogstream.", _database.Name + ".", StringComparison.Ordinal);
            string sql = MacroPattern().Replace(named, match => TimeFilter(match.Groups[1].Value));
            Assert.DoesNotContain("$", sql, StringComparison.Ordinal);
            IReadOnlyList<int> rows = await _database.Queries.ReadAsync(sql, null, row => row.FieldCount, Cancel);
            Assert.True(rows.Count > 0, $"This example gives no row:\n{example}");
        }

        foreach (string view in s_views)
        {
            Assert.Contains($"FROM cflogstream.{view}\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Documentation_Views_NamesEveryColumn()
    {
        string text = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot(), "docs", "tables.md"), Cancel);
        foreach (string view in s_views)
        {
            string line = text.Split('\n').Single(line => line.StartsWith($"| `{view}` |", StringComparison.Ordinal))
                .Replace("endpoint", "zone host method path", StringComparison.Ordinal)
                .Replace("× client |", "× client_class client_name trust |", StringComparison.Ordinal)
                .Replace("× rule ×", "× rule_id ×", StringComparison.Ordinal)
                .Replace(
                    "one column per outcome",
                    "passed exempted logged challenged challenge_solved rate_limited blocked dropped",
                    StringComparison.Ordinal)
                .Replace("status_1xx … status_5xx", "status_1xx status_2xx status_3xx status_4xx status_5xx", StringComparison.Ordinal);
            foreach (string column in await RowsAsync($"SELECT name FROM system.columns WHERE database = '{{0}}' AND table = '{view}'"))
            {
                Assert.Matches($@"\b{column}\b", line);
            }
        }
    }

    private static string TimeFilter(string column) =>
        $"{column} >= toDateTime({IncidentRows.Start}) AND {column} <= toDateTime({IncidentRows.Start + 3600})";

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CfLogStream.sln")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }

    private Task WriteAsync(ulong version, Random? order = null)
    {
        var encoder = new RowEncoder(new RowEncoderOptions { Database = _database.Name, MaxRows = order is null ? 1000 : 7 });
        IncidentRows.AddTo(encoder, version);
        return Inserts.WriteAllAsync(_database.Connection, encoder, order);
    }

    private Task<IReadOnlyList<string>> RowsAsync(string sql) => _database.Queries.ReadAsync(
        sql.Replace("{0}", _database.Name, StringComparison.Ordinal), null, row => row.GetString(0), Cancel);

    private async Task<string> FingerprintAsync() => string.Join(
        '\n',
        (await RowsAsync(
            """
            SELECT concat('endpoints ', toString(count()), ' ',
                toString(sum(cityHash64(window, host, path, client_class, requests, lost, callers))))
            FROM {0}.block_rate_by_endpoint
            UNION ALL
            SELECT concat('rules ', toString(count()), ' ', toString(sum(cityHash64(window, rule_id, rule, count, lost, callers))))
            FROM {0}.top_rules
            UNION ALL
            SELECT concat('quality ', toString(count()), ' ', toString(sum(cityHash64(window, dataset, received, counted))))
            FROM {0}.data_quality
            UNION ALL
            SELECT concat('callers ', toString(count()), ' ', toString(sum(cityHash64(hour, caller, requests, good))))
            FROM {0}.callers_1h FINAL
            UNION ALL
            SELECT concat('requests ', toString(count()), ' ', toString(sum(cityHash64(time, ray, outcome, weight))))
            FROM {0}.requests FINAL
            UNION ALL
            SELECT concat('letters ', toString(count()), ' ', toString(sum(cityHash64(reason, bytes)))) FROM {0}.dead_letters FINAL
            """)).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"Parts: (\d+)/(\d+)")]
    private static partial Regex PartsPattern();

    [GeneratedRegex(@"Granules: (\d+)/(\d+)")]
    private static partial Regex GranulesPattern();

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ExamplePattern();

    [GeneratedRegex(@"\$__timeFilter\((\w+)\)")]
    private static partial Regex MacroPattern();
}
