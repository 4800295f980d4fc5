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

    /// <summary>Matches that show a symptom; only by columns of the sorting key, so that PREWHERE may ask it before FINAL does its work.</summary>
    private const string Matched =
        """
        window >= {from:DateTime('UTC')} AND window < {to:DateTime('UTC')}
            AND ({host:String} = '' OR host = {host:String})
            AND (empty({controls:Array(String)}) OR has({controls:Array(String)}, control))
            AND ({method:String} = '' OR method = {method:String})
            AND if({challenges:UInt8} = 1, endsWith(action, 'challenge'), arrayExists(a -> (${terminating}), [action]))
        """;

    /// <summary>A number that stands for a row of the answer: as a diagnosis does it, and for the same reason.</summary>
    private const string Key =
        """
        (reinterpretAsUInt128(sipHash128(zone)) + 3 * reinterpretAsUInt128(sipHash128(host)) + 5 * reinterpretAsUInt128(sipHash128(method))
            + 7 * reinterpretAsUInt128(sipHash128(path)) + 11 * reinterpretAsUInt128(sipHash128(client_class))
            + 13 * reinterpretAsUInt128(sipHash128(control)) + 17 * reinterpretAsUInt128(sipHash128(rule_id))
            + 19 * reinterpretAsUInt128(sipHash128(action)))
        """;

    /// <summary>The most frequent stops, in two steps: callers and rays are read only of those that are shown.</summary>
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
            PREWHERE ${matched} AND ${key} IN (
                SELECT ${key} FROM (
                    SELECT zone, host, method, path, client_class, control, rule_id, action
                    FROM ${database}.mitigations_1m FINAL
                    PREWHERE ${matched}
                    GROUP BY zone, host, method, path, client_class, control, rule_id, action
                    ORDER BY sum(count) DESC, zone, host, method, path, client_class, control, rule_id, action
                    LIMIT {rows:UInt32}
                )
            )
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
        PREWHERE r.time >= {from:DateTime('UTC')} AND r.time < {to:DateTime('UTC')} AND ({host:String} = '' OR r.host = {host:String})
        WHERE r.has_request
            AND ({method:String} = '' OR r.method = {method:String})
            AND (empty({statuses:Array(UInt16)}) OR has({statuses:Array(UInt16)}, r.edge_status))
            AND ({html:UInt8} = 0 OR (startsWith(lower(r.content_type), 'text/html') AND r.surface IN ('api', 'mixed') AND r.edge_status >= 400))
        GROUP BY zone, host, method, template, client_class, edge_status, answered_by, stopping_control, stopping_rule
        ORDER BY weight_sum DESC, zone, host, method, template, client_class, edge_status, answered_by, stopping_control, stopping_rule
        LIMIT {rows:UInt32}
        """;

    /// <summary>Fills in the name of the database and the shared conditions.</summary>
    public static string Of(string sql, string database) => sql
        .Replace("${matched}", Matched, StringComparison.Ordinal)
        .Replace("${key}", Key, StringComparison.Ordinal)
        .Replace("${database}", database, StringComparison.Ordinal)
        .Replace("${terminating}", Terminating, StringComparison.Ordinal);
}
