using CfLogStream.ClickHouse.Reading;
using CfLogStream.Server.Analysis;

namespace CfLogStream.EndToEnd.Tests.Oracle;

/// <summary>Adds up what the tables say, by the keys of the oracle.</summary>
internal sealed class StoredCounts
{
    private readonly Queries _queries;
    private readonly string _condition;
    private readonly Func<QueryParameters> _parameters;

    private StoredCounts(Queries queries, string condition, Func<QueryParameters> parameters)
    {
        _queries = queries;
        _condition = condition;
        _parameters = parameters;
    }

    /// <summary>The rows of one analysis.</summary>
    public static StoredCounts OfAnalysis(Queries queries, string name)
    {
        uint partition = new AnalysisScope { Name = name }.Partition;
        return new StoredCounts(queries, "partition = {partition:UInt32}", () => new QueryParameters().Add("partition", partition));
    }

    /// <summary>The rows of all partitions of a log, but for one window.</summary>
    public static StoredCounts OfLog(Queries queries, DateTime without) => new(
        queries, "window != {without:DateTime('UTC')}", () => new QueryParameters().Add("without", without));

    /// <summary>Says which keys differ, the first twenty; empty when none do.</summary>
    public static string Differences<TKey, TValue>(Dictionary<TKey, TValue> expected, Dictionary<TKey, TValue> actual)
        where TKey : notnull
    {
        string[] differences = [.. expected.Keys.Union(actual.Keys)
            .Where(key => !expected.TryGetValue(key, out TValue? a) || !actual.TryGetValue(key, out TValue? b) || !a!.Equals(b))
            .Select(key => $"{key}: expected {expected.GetValueOrDefault(key)}, found {actual.GetValueOrDefault(key)}")];
        return differences.Length == 0 ? "" : $"{differences.Length} keys differ:\n{string.Join('\n', differences.Take(20))}";
    }

    public async Task<Dictionary<OracleEndpoint, OracleRequests>> RequestsAsync()
    {
        string outcomes = string.Join(", ", new[] { "passed", "exempted", "logged", "challenged", "challenge_solved", "rate_limited", "blocked", "dropped" }
            .Order(StringComparer.Ordinal).Select(outcome => $"('{outcome}', sum({outcome}))"));
        IReadOnlyList<KeyValuePair<OracleEndpoint, OracleRequests>> rows = await _queries.ReadAsync(
            $"""
            SELECT window, zone, host, method, toInt64(sum(requests)), toInt64(sum(event_only)), toInt64(sum(lost)), toInt64(sum(edge_errors)),
                toInt64(sum(origin_errors)), toInt64(sum(status_2xx)), toInt64(sum(status_4xx)), toInt64(sum(request_bytes)), toInt64(sum(response_bytes)),
                arrayStringConcat(arrayMap(x -> concat(x.1, '=', toString(x.2)), arrayFilter(x -> x.2 > 0, [{outcomes}])), ',')
            FROM {_queries.Table("requests_1m")} FINAL WHERE {_condition}
            GROUP BY window, zone, host, method
            """,
            _parameters(),
            row => KeyValuePair.Create(
                new OracleEndpoint(DateTime.SpecifyKind(row.GetDateTime(0), DateTimeKind.Utc), row.GetString(1), row.GetString(2), row.GetString(3)),
                new OracleRequests(
                    row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10),
                    row.GetInt64(11), row.GetInt64(12), row.GetString(13))),
            TestContext.Current.CancellationToken);
        return new Dictionary<OracleEndpoint, OracleRequests>(rows);
    }

    public async Task<Dictionary<(OracleEndpoint Endpoint, string Control, string Rule, string Action), (long Count, long Lost)>> MitigationsAsync()
    {
        IReadOnlyList<KeyValuePair<(OracleEndpoint, string, string, string), (long, long)>> rows = await _queries.ReadAsync(
            $"""
            SELECT m.window, m.zone, m.host, m.method, m.control, m.rule_id, m.action, toInt64(sum(m.count)), toInt64(sum(m.lost))
            FROM {_queries.Table("mitigations_1m")} AS m FINAL WHERE {_condition}
            GROUP BY m.window, m.zone, m.host, m.method, m.control, m.rule_id, m.action
            """,
            _parameters(),
            row => KeyValuePair.Create(
                (new OracleEndpoint(DateTime.SpecifyKind(row.GetDateTime(0), DateTimeKind.Utc), row.GetString(1), row.GetString(2), row.GetString(3)),
                    row.GetString(4), row.GetString(5), row.GetString(6)),
                (row.GetInt64(7), row.GetInt64(8))),
            TestContext.Current.CancellationToken);
        return new Dictionary<(OracleEndpoint, string, string, string), (long, long)>(rows);
    }

    public async Task<long> DuplicatesAsync() => await _queries.ScalarAsync<long>(
        $"SELECT toInt64(sum(duplicates)) FROM {_queries.Table("quality_1m")} FINAL "
        + $"WHERE {_condition} AND dataset IN ('http_requests', 'firewall_events')",
        _parameters(),
        TestContext.Current.CancellationToken);
}
