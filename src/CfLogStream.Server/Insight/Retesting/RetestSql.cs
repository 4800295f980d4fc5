namespace CfLogStream.Server.Insight.Retesting;

/// <summary>The statements behind a retest; every value is a bound parameter.</summary>
/// <remarks>
/// <c>${database}</c> is filled in with the checked name of the database, <c>${client}</c> and <c>${host}, ${method}</c> with the filters. What a rule
/// stopped of a browser's script includes challenges that it cannot solve, as in a diagnosis.
/// </remarks>
internal static class RetestSql
{
    /// <summary>Most rows any statement gives: more than the minutes of two weeks.</summary>
    public const int MaxRows = 25_000;

    public const string Client =
        """
        (if(empty({name:String}), client_class = {client:String} OR client_name = {client:String},
            client_class = {client:String} AND client_name = {name:String})
            AND (empty({trust:String}) OR trust = {trust:String}))
        """;

    public const string Host = "(empty({zone:String}) OR zone = {zone:String}) AND host = {host:String}";

    public const string Method = "(empty({method:String}) OR method = {method:String})";

    public const string Settings = "SETTINGS do_not_merge_across_partitions_select_final = 1, max_execution_time = 60";

    public const string Minutes =
        """
        SELECT toUnixTimestamp(window) AS minute, toInt64(sum(requests)) AS request_sum, toInt64(sum(m.lost)) AS lost_sum,
            toInt64(sumIf(open, client_class = 'browser_xhr')) AS open_script, toInt64(sumIf(open, client_class != 'browser_xhr')) AS open_page,
            toInt64(uniqCombined64Merge(callers)) AS caller_count, toInt64(sum(origin_errors)) AS error_sum
        FROM (
            SELECT *, greatest(0, toInt64(challenged) + toInt64(blocked) + toInt64(rate_limited) + toInt64(dropped) - toInt64(lost)) AS open
            FROM ${database}.requests_1m FINAL
            PREWHERE ${host} AND window >= {from:DateTime('UTC')} AND path = {path:String} AND ${method} AND ${client}
        ) AS m
        GROUP BY window
        ORDER BY window
        LIMIT {rows:UInt32}
        ${settings}
        """;

    public const string Stops =
        """
        SELECT toUnixTimestamp(window) AS minute, zone, control, rule_id, action, toInt64(sum(stopped)) AS stopped_sum,
            toInt64(uniqCombined64Merge(callers)) AS caller_count
        FROM (
            SELECT *, if(client_class = 'browser_xhr' AND action IN ('challenge', 'jschallenge', 'managedchallenge'), count, lost) AS stopped
            FROM ${database}.mitigations_1m FINAL
            PREWHERE ${host} AND window >= {from:DateTime('UTC')} AND path = {path:String} AND ${method} AND ${client}
        )
        WHERE stopped > 0
        GROUP BY window, zone, control, rule_id, action
        ORDER BY window, zone, control, rule_id, action
        LIMIT {rows:UInt32}
        ${settings}
        """;

    public const string Rules =
        """
        SELECT zone, control, rule_id, argMaxIf(description, last_seen, description != '') AS newest
        FROM ${database}.rules FINAL
        WHERE rule_id IN {ids:Array(String)}
        GROUP BY zone, control, rule_id
        LIMIT {rows:UInt32}
        """;

    public const string Elsewhere =
        """
        SELECT toInt64(sum(requests)) AS request_sum, toInt64(sum(e.lost)) AS lost_sum
        FROM ${database}.requests_1m AS e FINAL
        PREWHERE ${host} AND window >= {from:DateTime('UTC')} AND NOT (path = {path:String} AND ${method}) AND ${client}
        ${settings}
        """;

    /// <summary>Calls of known scanners on the host, in the day before and since. A scanner's minute with a loss counts as lost.</summary>
    public const string Scanners =
        """
        SELECT toUInt8(window >= {from:DateTime('UTC')}) AS is_since, toInt64(sum(requests)) AS request_sum, toInt64(sum(s.lost)) AS lost_sum,
            toInt64(sum(callers_exact)) AS minute_sum, toInt64(sumIf(callers_exact, s.lost > 0)) AS lost_minute_sum
        FROM ${database}.requests_1m AS s FINAL
        PREWHERE ${host} AND window >= {from:DateTime('UTC')} - INTERVAL 1 DAY AND client_class = 'scanner'
        GROUP BY is_since
        ${settings}
        """;

    public const string Rays =
        """
        SELECT * FROM (
            SELECT time, ray, outcome, toInt32(edge_status) AS edge, if(has_origin_status, toInt32(origin_status), -1) AS origin,
                toUInt8(0) AS early, version
            FROM ${database}.requests
            WHERE ${host} AND time >= {from:DateTime('UTC')} AND template = {path:String} AND ${method} AND ${client}
            UNION ALL
            SELECT time, ray, outcome, toInt32(edge_status) AS edge, if(has_origin_status, toInt32(origin_status), -1) AS origin,
                toUInt8(1) AS early, version
            FROM ${database}.requests_early
            WHERE ${host} AND time >= {from:DateTime('UTC')} AND template = {path:String} AND ${method} AND ${client}
        )
        ORDER BY time DESC, ray, early, version DESC
        LIMIT 1 BY ray, time
        LIMIT 200
        """;

    /// <summary>The newest kept request of the client, of those that were stopped if there is one: what a copy is made of.</summary>
    public const string Example =
        """
        SELECT ray FROM (
            SELECT ray, time, lost FROM ${database}.requests
            WHERE ${host} AND time >= {from:DateTime('UTC')} AND template = {path:String} AND ${method} AND ${client}
            UNION ALL
            SELECT ray, time, lost FROM ${database}.requests_early
            WHERE ${host} AND time >= {from:DateTime('UTC')} AND template = {path:String} AND ${method} AND ${client}
        )
        ORDER BY lost DESC, time DESC, ray
        LIMIT 1
        """;

    /// <summary>Endpoints of the host, those that the client used most first: to say what there is when nothing is found.</summary>
    public const string Known =
        """
        SELECT method, path, toInt64(sumIf(requests, ${client})) AS of_client, toInt64(sum(requests)) AS request_sum
        FROM ${database}.requests_1m FINAL
        PREWHERE host = {host:String} AND window >= {from:DateTime('UTC')}
        GROUP BY method, path
        ORDER BY of_client DESC, request_sum DESC, method, path
        LIMIT 6
        ${settings}
        """;
}
