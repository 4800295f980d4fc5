namespace CfLogStream.Server.Reports;

/// <summary>The statements behind the incident report; every value is a bound parameter.</summary>
/// <remarks><c>${database}</c> is filled in with the checked name of the database. Parameters: <c>partition</c> UInt32; for the lost traffic also <c>start</c> DateTime, <c>bin</c> UInt32 seconds and <c>rows</c> UInt32.</remarks>
internal static class ReportSql
{
    /// <summary>Bins of a trend.</summary>
    public const int TrendBins = 30;

    /// <summary>When the analysis begins and ends. Not FINAL: all versions of a row have the window of its key.</summary>
    public const string Span =
        """
        SELECT count() AS windows, toUnixTimestamp(min(window)) AS first_window, toUnixTimestamp(max(window)) AS last_window
        FROM ${database}.requests_1m
        WHERE partition = {partition:UInt32}
        """;

    public const string Lost =
        """
        WITH
        stopped AS (
            SELECT zone, host, method, path, any(surface) AS surface, client_class, client_name, trust, control, rule_id, action,
                sum(m.lost) AS lost_sum, uniqCombined64Merge(m.callers) AS caller_count,
                min(m.first_seen) AS first_time, max(m.last_seen) AS last_time,
                sumForEach(arrayMap(i -> if(i = intDiv(toUInt32(m.window) - toUInt32({start:DateTime('UTC')}), {bin:UInt32}), m.lost, 0), range(30))) AS trend,
                arraySlice(arraySort(groupUniqArrayArray(m.example_rays)), 1, 3) AS rays
            FROM ${database}.mitigations_1m AS m FINAL
            WHERE m.partition = {partition:UInt32}
            GROUP BY zone, host, method, path, client_class, client_name, trust, control, rule_id, action
            HAVING lost_sum > 0
        ),
        asked AS (
            SELECT zone, host, method, path, client_class, client_name, trust, sum(requests) AS request_sum
            FROM ${database}.requests_1m FINAL
            WHERE partition = {partition:UInt32}
            GROUP BY zone, host, method, path, client_class, client_name, trust
        ),
        named AS (
            SELECT zone, control, rule_id, argMax(description, last_seen) AS rule_name
            FROM ${database}.rules FINAL
            WHERE partition = {partition:UInt32} AND description != ''
            GROUP BY zone, control, rule_id
        )
        SELECT zone, host, method, path, surface, client_class, client_name, trust, control, rule_id, rule_name, action,
            lost_sum, request_sum, caller_count, toUnixTimestamp64Nano(first_time) AS first_ns, toUnixTimestamp64Nano(last_time) AS last_ns, trend, rays
        FROM stopped
        LEFT JOIN asked USING (zone, host, method, path, client_class, client_name, trust)
        LEFT JOIN named USING (zone, control, rule_id)
        ORDER BY lost_sum DESC, zone, host, method, path, client_class, client_name, trust, control, rule_id, action
        LIMIT {rows:UInt32}
        """;

    /// <summary>The sums over everything in the first row, then those of the hosts with the most errors.</summary>
    public const string Sums =
        """
        SELECT toUInt8(grouping(zone, host) != 0) AS whole, zone, host,
            sum(requests) AS requests_sum, sum(lost) AS lost_sum, sumIf(lost, surface IN ('api', 'mixed', 'unknown')) AS lost_on_apis_sum,
            sum(edge_errors) AS edge_errors_sum, sum(origin_errors) AS origin_errors_sum, sum(exempted) AS exempted_sum
        FROM ${database}.requests_1m FINAL
        WHERE partition = {partition:UInt32}
        GROUP BY GROUPING SETS ((), (zone, host))
        ORDER BY whole DESC, edge_errors_sum + origin_errors_sum + lost_sum DESC, requests_sum DESC, zone, host
        LIMIT 201
        """;

    public const string Exemptions =
        """
        WITH
        used AS (
            SELECT zone, host, control, rule_id, action, client_class,
                sum(m.count) AS matches, sum(if(m.client_class = 'scanner', m.count, m.waf_scores[2])) AS suspicious,
                uniqCombined64MergeState(m.callers) AS caller_state
            FROM ${database}.mitigations_1m AS m FINAL
            WHERE m.partition = {partition:UInt32} AND action IN ('skip', 'allow', 'bypass')
            GROUP BY zone, host, control, rule_id, action, client_class
        ),
        named AS (
            SELECT zone, control, rule_id, argMax(description, last_seen) AS rule_name
            FROM ${database}.rules FINAL
            WHERE partition = {partition:UInt32} AND description != ''
            GROUP BY zone, control, rule_id
        )
        SELECT zone, host, control, rule_id, any(rule_name) AS name, action, sum(matches) AS match_sum, sum(suspicious) AS suspicious_sum,
            uniqCombined64Merge(caller_state) AS caller_count,
            arrayReverseSort(x -> (x.2, x.1), groupArray((client_class, matches))) AS clients,
            clients.1 AS client_names, clients.2 AS client_counts
        FROM used
        LEFT JOIN named USING (zone, control, rule_id)
        GROUP BY zone, host, control, rule_id, action
        ORDER BY match_sum DESC, zone, host, control, rule_id, action
        LIMIT 200
        """;

    public const string Quality =
        """
        SELECT sum(duplicates) AS duplicates_sum, sum(late) AS late_sum,
            sumIf(unmatched, dataset = 'firewall_events') AS unmatched_events_sum, sumIf(unmatched, dataset = 'http_requests') AS unmatched_requests_sum,
            sum(subrequests) AS subrequests_sum, sum(internal) AS internal_sum, sum(forced) AS forced_sum
        FROM ${database}.quality_1m FINAL
        WHERE partition = {partition:UInt32}
        """;
}
