using System.Data.Common;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Server.Insight.Ownership;

/// <summary>Asks which rules acted and which endpoints were called in the last days of the data.</summary>
public sealed class OwnerSurvey
{
    /// <summary>The most rows that are read of each; those with the most lost come first.</summary>
    public const int MaxRows = 50_000;

    private readonly Queries _queries;

    public OwnerSurvey(Queries queries)
    {
        _queries = queries;
    }

    /// <summary>Returns where the data ends, UTC; null when there is none.</summary>
    public async Task<DateTime?> EndAsync(CancellationToken ct)
    {
        DateTime newest = await _queries.ScalarAsync<DateTime>(
            $"SELECT max(window) FROM {_queries.Table("requests_1m")}", null, ct).ConfigureAwait(false);
        return newest > DateTime.UnixEpoch ? newest.AddMinutes(1) : null;
    }

    /// <summary>Returns rules with the endpoints they acted on.</summary>
    /// <param name="onlyApi">Only on API and mixed surfaces.</param>
    public Task<IReadOnlyList<SeenRule>> RulesAsync(DateTime from, DateTime to, bool onlyApi, CancellationToken ct) => _queries.ReadAsync(
        $"""
        SELECT m.zone, m.control, m.rule_id, r.rule_ref, r.description, m.action, m.host, m.method, m.path, m.surface, m.count, m.lost
        FROM (
            SELECT zone, control, rule_id, action, host, method, path, surface, toInt64(sum(count)) AS count, toInt64(sum(lost)) AS lost
            FROM {_queries.Table("mitigations_1m")} FINAL
            WHERE window >= {"{from:DateTime('UTC')}"} AND window < {"{to:DateTime('UTC')}"}
              AND (NOT {"{only_api:Bool}"} OR surface IN ('api', 'mixed'))
            GROUP BY zone, control, rule_id, action, host, method, path, surface
            ORDER BY lost DESC, count DESC, zone, control, rule_id, action, host, method, path
            LIMIT {MaxRows}
        ) AS m
        LEFT JOIN (
            SELECT zone, control, rule_id, argMax(rule_ref, last_seen) AS rule_ref, argMax(description, last_seen) AS description
            FROM {_queries.Table("rules")} FINAL
            WHERE hour >= toStartOfHour({"{from:DateTime('UTC')}"}) AND hour < {"{to:DateTime('UTC')}"}
            GROUP BY zone, control, rule_id
        ) AS r ON r.zone = m.zone AND r.control = m.control AND r.rule_id = m.rule_id
        ORDER BY m.lost DESC, m.count DESC, m.zone, m.control, m.rule_id, m.action, m.host, m.method, m.path
        """,
        Span(from, to).Add("only_api", onlyApi),
        row => new SeenRule(
            new RuleIdentity(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)),
            new EndpointIdentity(row.GetString(0), row.GetString(6), row.GetString(7), row.GetString(8), row.GetString(9)),
            row.GetFieldValue<long>(10),
            row.GetFieldValue<long>(11)),
        ct);

    /// <summary>Returns endpoints.</summary>
    /// <param name="onlyApi">Only API and mixed surfaces.</param>
    public Task<IReadOnlyList<SeenEndpoint>> EndpointsAsync(DateTime from, DateTime to, bool onlyApi, CancellationToken ct) => _queries.ReadAsync(
        $"""
        SELECT zone, host, method, path, surface, toInt64(sum(requests)) AS requests, toInt64(sum(lost)) AS lost
        FROM {_queries.Table("requests_1m")} FINAL
        WHERE window >= {"{from:DateTime('UTC')}"} AND window < {"{to:DateTime('UTC')}"}
          AND (NOT {"{only_api:Bool}"} OR surface IN ('api', 'mixed'))
        GROUP BY zone, host, method, path, surface
        ORDER BY lost DESC, requests DESC, zone, host, method, path
        LIMIT {MaxRows}
        """,
        Span(from, to).Add("only_api", onlyApi),
        ReadEndpoint,
        ct);

    private static SeenEndpoint ReadEndpoint(DbDataReader row) => new(
        new EndpointIdentity(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)),
        row.GetFieldValue<long>(5),
        row.GetFieldValue<long>(6));

    private static QueryParameters Span(DateTime from, DateTime to) => new QueryParameters().Add("from", from).Add("to", to);
}
