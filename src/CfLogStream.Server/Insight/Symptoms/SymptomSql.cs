namespace CfLogStream.Server.Insight.Symptoms;

/// <summary>The statements behind the explanation of a symptom; every value is a bound parameter.</summary>
internal static class SymptomSql
{
    /// <summary>The most rows of each kind.</summary>
    public const int MaxRows = 20;

    private const string Terminating = "a IN ('block', 'drop', 'connectionclose', 'forceconnectionclose') OR endsWith(a, 'challenge')";

    /// <summary>When the data begins and ends. Not FINAL: all versions of a row have the window of its key.</summary>
    public const string Span =
        "SELECT count(), toUnixTimestamp(min(window)), toUnixTimestamp(max(window)) FROM ${database}.requests_1m WHERE toUnixTimestamp(window) > 0";

    public const string Stops =
        """
        SELECT s.zone, s.host, s.method, s.path, s.client_class, s.control, s.rule_id, d.rule, s.action, s.count_sum, s.lost_sum,
            s.caller_count, s.first_seen, s.last_seen, s.rays
        FROM (
            SELECT zone, host, method, path, client_class, control, rule_id, action,
                sum(m.count) AS count_sum, sum(m.lost) AS lost_sum, uniqCombined64Merge(m.callers) AS caller_count,
                toUnixTimestamp(min(m.first_seen)) AS first_seen, toUnixTimestamp(max(m.last_seen)) AS last_seen,
                arraySlice(arraySort(groupUniqArrayArray(m.example_rays)), 1, 3) AS rays
            FROM ${database}.mitigations_1m AS m FINAL
            WHERE m.window >= {from:DateTime('UTC')} AND m.window < {to:DateTime('UTC')}
                AND ({host:String} = '' OR m.host = {host:String})
                AND (empty({controls:Array(String)}) OR has({controls:Array(String)}, m.control))
                AND ({method:String} = '' OR m.method = {method:String})
                AND if({challenges:UInt8} = 1, endsWith(m.action, 'challenge'), arrayExists(a -> (${terminating}), [m.action]))
            GROUP BY zone, host, method, path, client_class, control, rule_id, action
            ORDER BY count_sum DESC, zone, host, method, path, client_class, control, rule_id, action
            LIMIT {rows:UInt32}
        ) AS s
        LEFT JOIN (
            SELECT zone, control, rule_id, argMax(description, last_seen) AS rule
            FROM ${database}.rules FINAL
            WHERE description != ''
            GROUP BY zone, control, rule_id
        ) AS d ON d.zone = s.zone AND d.control = s.control AND d.rule_id = s.rule_id
        ORDER BY s.count_sum DESC, s.zone, s.host, s.method, s.path, s.client_class, s.control, s.rule_id, s.action
        """;

    public const string Requests =
        """
        SELECT zone, host, method, template, client_class, edge_status,
            multiIf(has_origin_status AND origin_status > 0, 'origin', has_origin_status, 'edge', 'unknown') AS answered_by,
            arrayFirst((c, a) -> (${terminating}), match_control, match_action) AS stopping_control,
            arrayFirst((r, a) -> (${terminating}), match_rule_id, match_action) AS stopping_rule,
            sum(r.weight) AS weight_sum, toUnixTimestamp(max(toDateTime(r.time, 'UTC'))) AS last_seen,
            arraySlice(arraySort(groupUniqArray(20)(r.ray)), 1, 3) AS rays
        FROM ${database}.requests AS r FINAL
        WHERE r.time >= {from:DateTime('UTC')} AND r.time < {to:DateTime('UTC')} AND r.has_request
            AND ({host:String} = '' OR r.host = {host:String})
            AND ({method:String} = '' OR r.method = {method:String})
            AND (empty({statuses:Array(UInt16)}) OR has({statuses:Array(UInt16)}, r.edge_status))
            AND ({html:UInt8} = 0 OR (startsWith(lower(r.content_type), 'text/html') AND r.surface IN ('api', 'mixed') AND r.edge_status >= 400))
        GROUP BY zone, host, method, template, client_class, edge_status, answered_by, stopping_control, stopping_rule
        ORDER BY weight_sum DESC, zone, host, method, template, client_class, edge_status, answered_by, stopping_control, stopping_rule
        LIMIT {rows:UInt32}
        """;

    /// <summary>Fills in the name of the database and the shared condition.</summary>
    public static string Of(string sql, string database) => sql
        .Replace("${database}", database, StringComparison.Ordinal)
        .Replace("${terminating}", Terminating, StringComparison.Ordinal);
}
