namespace CfLogStream.Server.Insight.Diagnosing;

/// <summary>The statements behind a diagnosis; every value is a bound parameter.</summary>
/// <remarks>
/// <c>${database}</c> is filled in with the checked name of the database, <c>${scope}</c> with the filters every statement has, <c>${acting}</c> with
/// <see cref="Acting"/>, <c>${stopped}</c> with <see cref="Stopped"/>, <c>${endpoint}</c>, <c>${client}</c>, <c>${cell}</c> and <c>${stop}</c>
/// with the keys, <c>${bins}</c> with <see cref="MostBins"/>.
/// Parameters: <c>from</c>, <c>to</c> DateTime, <c>bin</c> UInt32 seconds, and the filters. Series come as parallel arrays of those bins
/// in which something happened. They are summed as whole arrays (<c>sumResample</c>): a map of bins per group took twice the time of all the rest.
/// Rows of one key are always in one day's partition, so FINAL need not look across them. PREWHERE filters before FINAL does its work, which is
/// the same only for columns of the sorting key, as all of them here are.
/// </remarks>
internal static class DiagnosisSql
{
    /// <summary>Most rows any statement gives.</summary>
    public const int MaxRows = 20_000;

    /// <summary>Most bins of a series.</summary>
    public const int MostBins = 96;

    public const string Scope =
        """
        window >= {from:DateTime('UTC')} AND window < {to:DateTime('UTC')}
            AND (empty({zone:String}) OR zone = {zone:String}) AND (empty({host:String}) OR host = {host:String})
            AND (empty({path:String}) OR path = {path:String} OR ({prefix:UInt8} = 1 AND startsWith(path, {path:String})))
            AND (empty({client:String}) OR client_class = {client:String} OR client_name = {client:String})
            AND ({single:UInt8} = 0 OR partition = {partition:UInt32})
        """;

    /// <summary>Matches that did something, of clients that may be legitimate.</summary>
    public const string Acting = "action NOT IN ('log', 'simulate', 'rewrite') AND client_class != 'scanner'";

    /// <summary>Kept requests that were stopped, of clients that may be legitimate and can be followed.</summary>
    public const string Stopped =
        """
        time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')} AND caller != 0 AND client_class != 'scanner'
            AND (lost OR (outcome = 'challenged' AND client_class = 'browser_xhr'))
            AND (empty({zone:String}) OR zone = {zone:String}) AND (empty({host:String}) OR host = {host:String})
            AND (empty({client:String}) OR client_class = {client:String} OR client_name = {client:String})
            AND ({single:UInt8} = 0 OR partition = {partition:UInt32})
        """;

    /// <summary>A number that stands for an endpoint.</summary>
    /// <remarks>
    /// The engine hashes or writes out a tuple of texts row by row, which took longer than all else; a hash of one column of few values is computed once
    /// per value and block. With 128 bits no two keys meet.
    /// </remarks>
    public const string EndpointKey =
        """
        reinterpretAsUInt128(sipHash128(zone)) + 3 * reinterpretAsUInt128(sipHash128(host))
            + 5 * reinterpretAsUInt128(sipHash128(method)) + 7 * reinterpretAsUInt128(sipHash128(path))
        """;

    /// <summary>A number that stands for a client on a host.</summary>
    public const string ClientKey =
        """
        reinterpretAsUInt128(sipHash128(zone)) + 3 * reinterpretAsUInt128(sipHash128(host))
            + 11 * reinterpretAsUInt128(sipHash128(client_class)) + 13 * reinterpretAsUInt128(sipHash128(client_name))
        """;

    /// <summary>A number that stands for a client on an endpoint.</summary>
    public const string CellKey =
        $"""
        {EndpointKey}
            + 11 * reinterpretAsUInt128(sipHash128(client_class)) + 13 * reinterpretAsUInt128(sipHash128(client_name))
        """;

    /// <summary>A number that stands for what a rule did to a client on an endpoint.</summary>
    public const string StopKey =
        $"""
        {CellKey}
            + 17 * reinterpretAsUInt128(sipHash128(control)) + 19 * reinterpretAsUInt128(sipHash128(rule_id))
            + 23 * reinterpretAsUInt128(sipHash128(action))
        """;

    public const string Settings = "SETTINGS do_not_merge_across_partitions_select_final = 1, max_execution_time = 60";

    /// <summary>The newest and the oldest minute that is kept.</summary>
    public const string Span =
        """
        SELECT count() AS windows, toUnixTimestamp(min(window)) AS first_window, toUnixTimestamp(max(window)) AS last_window
        FROM ${database}.requests_1m
        WHERE {single:UInt8} = 0 OR partition = {partition:UInt32}
        """;

    /// <summary>All requests of the clients that something stopped or exempted, per host. What says that it is a scanner needs no history.</summary>
    public const string Clients =
        """
        WITH
            sumResample(0, ${bins}, 1)(requests, bin) AS all_requests, sumResample(0, ${bins}, 1)(status_2xx + status_3xx, bin) AS all_good,
            sumResample(0, ${bins}, 1)(callers_exact, bin) AS all_minutes
        SELECT any(zone) AS of_zone, any(host) AS of_host, any(client_class) AS of_class, any(client_name) AS of_name, anyHeavy(trust) AS most_trust,
            arrayFilter((i, x, y) -> x + y > 0, range(toUInt16(${bins})), all_requests, all_minutes) AS bins,
            arrayFilter((x, y) -> x + y > 0, all_requests, all_minutes) AS request_series,
            arrayFilter((good, x, y) -> x + y > 0, all_good, all_requests, all_minutes) AS good_series,
            arrayFilter((y, x) -> x + y > 0, all_minutes, all_requests) AS minute_series,
            sum(lost) AS lost_sum, sum(status_4xx) AS client_error_sum, uniqCombined(method, path) AS endpoint_count
        FROM (
            SELECT *, toUInt16(intDiv(toUInt32(window) - toUInt32({from:DateTime('UTC')}), {bin:UInt32})) AS bin
            FROM ${database}.requests_1m FINAL
            PREWHERE ${scope} AND host IN (SELECT host FROM ${database}.mitigations_1m WHERE ${scope} AND ${acting})
                AND (${client}) IN (SELECT ${client} FROM ${database}.mitigations_1m WHERE ${scope} AND ${acting})
        )
        GROUP BY ${client}
        ORDER BY lost_sum DESC, of_zone, of_host, of_class, of_name
        LIMIT {rows:UInt32}
        ${settings}
        """;

    public const string Endpoints =
        """
        SELECT any(zone) AS of_zone, any(host) AS of_host, any(method) AS of_method, any(path) AS of_path,
            anyHeavy(surface) AS most_surface, sum(requests) AS request_sum,
            sum(status_2xx + status_3xx) AS good_sum, sum(lost) AS lost_sum, sum(edge_errors) AS edge_error_sum,
            sum(origin_errors) AS origin_error_sum, sum(status_5xx) AS server_error_sum,
            sumIf(requests, client_class NOT IN ('scanner', 'browser_claimed', 'headless', 'load_test', 'no_ua', 'unknown')) AS named_sum
        FROM ${database}.requests_1m FINAL
        PREWHERE ${scope}
        GROUP BY ${endpoint}
        ORDER BY lost_sum DESC, request_sum DESC, of_zone, of_host, of_method, of_path
        LIMIT {rows:UInt32}
        ${settings}
        """;

    public const string Cells =
        """
        WITH
            sumResample(0, ${bins}, 1)(requests, bin) AS all_requests, sumResample(0, ${bins}, 1)(status_2xx + status_3xx, bin) AS all_good,
            sumResample(0, ${bins}, 1)(callers_exact, bin) AS all_minutes
        SELECT any(zone) AS of_zone, any(host) AS of_host, any(method) AS of_method, any(path) AS of_path,
            anyHeavy(surface) AS most_surface, any(client_class) AS of_class, any(client_name) AS of_name, anyHeavy(trust) AS most_trust,
            arrayFilter((i, x, y) -> x + y > 0, range(toUInt16(${bins})), all_requests, all_minutes) AS bins,
            arrayFilter((x, y) -> x + y > 0, all_requests, all_minutes) AS request_series,
            arrayFilter((good, x, y) -> x + y > 0, all_good, all_requests, all_minutes) AS good_series,
            arrayFilter((y, x) -> x + y > 0, all_minutes, all_requests) AS minute_series,
            sum(lost) AS lost_sum, sum(edge_errors) AS edge_error_sum, sum(origin_errors) AS origin_error_sum,
            sum(status_5xx) AS server_error_sum
        FROM (
            SELECT *, toUInt16(intDiv(toUInt32(window) - toUInt32({from:DateTime('UTC')}), {bin:UInt32})) AS bin
            FROM ${database}.requests_1m FINAL
            PREWHERE ${scope} AND host IN (SELECT host FROM ${database}.mitigations_1m WHERE ${scope} AND ${acting})
                AND (${cell}) IN (SELECT ${cell} FROM ${database}.mitigations_1m WHERE ${scope} AND ${acting})
        )
        GROUP BY ${cell}
        ORDER BY lost_sum DESC, of_zone, of_host, of_method, of_path, of_class, of_name
        LIMIT {rows:UInt32}
        ${settings}
        """;

    public const string Stops =
        """
        WITH sumResample(0, ${bins}, 1)(count, bin) AS all_counts, sumResample(0, ${bins}, 1)(callers_exact, bin) AS all_minutes
        SELECT any(zone) AS of_zone, any(host) AS of_host, any(method) AS of_method, any(path) AS of_path,
            anyHeavy(surface) AS most_surface, any(client_class) AS of_class, any(client_name) AS of_name, anyHeavy(trust) AS most_trust,
            any(control) AS of_control, any(rule_id) AS of_rule, any(action) AS of_action, sum(count) AS count_sum, sum(lost) AS lost_sum,
            arrayFilter((i, x, y) -> x + y > 0, range(toUInt16(${bins})), all_counts, all_minutes) AS bins,
            arrayFilter((x, y) -> x + y > 0, all_counts, all_minutes) AS count_series,
            arrayFilter((y, x) -> x + y > 0, all_minutes, all_counts) AS minute_series,
            toUInt64(max(callers_exact)) AS caller_count,
            toUnixTimestamp64Nano(min(first_seen)) AS first_ns, toUnixTimestamp64Nano(max(last_seen)) AS last_ns,
            sumForEach(waf_scores) AS waf, sumForEach(bot_scores) AS bots,
            arraySlice(arraySort(groupUniqArrayArray(5)(example_rays)), 1, 3) AS rays
        FROM (
            SELECT *, toUInt16(intDiv(toUInt32(window) - toUInt32({from:DateTime('UTC')}), {bin:UInt32})) AS bin
            FROM ${database}.mitigations_1m FINAL
            PREWHERE ${scope}
        )
        GROUP BY ${stop}
        ORDER BY lost_sum DESC, count_sum DESC, of_zone, of_host, of_method, of_path, of_class, of_name, of_control, of_rule, of_action
        LIMIT {rows:UInt32}
        ${settings}
        """;

    /// <summary>What is known of rules, over all the time that they are kept.</summary>
    public const string Rules =
        """
        SELECT zone, control, rule_id, argMax(rule_ref, last_seen) AS newest_ref,
            argMaxIf(description, last_seen, description != '') AS newest_description,
            countIf(action NOT IN ('log', 'simulate', 'rewrite', 'skip', 'allow', 'bypass')) AS stops,
            toUnixTimestamp64Nano(minIf(first_seen, action NOT IN ('log', 'simulate', 'rewrite', 'skip', 'allow', 'bypass'))) AS first_ns
        FROM ${database}.rules FINAL
        WHERE hour < {to:DateTime('UTC')} AND (empty({zone:String}) OR zone = {zone:String}) AND ({single:UInt8} = 0 OR partition = {partition:UInt32})
        GROUP BY zone, control, rule_id
        LIMIT {rows:UInt32}
        """;

    /// <summary>Callers with a loss, and all their hours: whether they used to succeed, fell silent, or came back.</summary>
    /// <remarks>A request that is there twice changes no earliest and no latest time: no FINAL over the widest table. The hours are those of a few
    /// callers too many, where one is at two hosts; the join leaves them out, for less than finding them exactly takes.</remarks>
    public const string Callers =
        """
        WITH
        stopped AS (
            SELECT zone, host, client_class, client_name, caller, match_control[1] AS control,
                match_rule_id[1] AS rule_id, min(time) AS first_loss, max(time) AS last_loss
            FROM ${database}.requests
            WHERE ${stopped}
            GROUP BY zone, host, client_class, client_name, caller, control, rule_id
        ),
        hours AS (
            SELECT zone, host, caller, hour, sum(good) AS good_sum, sum(lost) AS lost_sum, sum(requests) AS request_sum,
                max(last_seen) AS last_request, max(last_good) AS newest_good, min(first_seen) AS first_request
            FROM ${database}.callers_1h FINAL
            PREWHERE hour >= {from:DateTime('UTC')} - INTERVAL 14 DAY AND hour < {to:DateTime('UTC')}
                AND (empty({zone:String}) OR zone = {zone:String}) AND (empty({host:String}) OR host = {host:String})
                AND ({single:UInt8} = 0 OR partition = {partition:UInt32})
                AND caller IN (SELECT caller FROM ${database}.requests WHERE ${stopped})
            GROUP BY zone, host, caller, hour
        ),
        histories AS (
            SELECT zone, host, client_class, client_name, control, rule_id, caller, any(last_loss) AS loss_end,
                sum(good_sum) AS good_all, sum(request_sum) AS request_all, max(last_request) AS request_end, max(newest_good) AS good_end,
                sumIf(good_sum, hour + INTERVAL 1 HOUR <= first_loss OR newest_good <= first_loss) AS good_before,
                sumIf(lost_sum, hour + INTERVAL 1 HOUR <= first_loss) AS lost_before
            FROM stopped
            LEFT JOIN hours USING (zone, host, caller)
            GROUP BY zone, host, client_class, client_name, control, rule_id, caller
        )
        SELECT zone, control, rule_id, host, client_class, client_name, count() AS callers,
            countIf(good_before >= 20 AND good_before >= 19 * lost_before) AS established,
            sum(good_all) AS good_total, sum(good_before) AS good_before_total, sum(request_all) AS request_total,
            countIf(request_end <= loss_end + INTERVAL 1 SECOND AND loss_end < {quiet:DateTime('UTC')}) AS silent,
            countIf(good_end > loss_end) AS recovered
        FROM histories
        GROUP BY zone, control, rule_id, host, client_class, client_name
        ORDER BY callers DESC, zone, control, rule_id, host, client_class, client_name
        LIMIT {rows:UInt32}
        ${settings}
        """;
}
