namespace CfLogStream.Server.Insight.Diagnosing;

/// <summary>The statements behind the details of one rule; every value is a bound parameter.</summary>
/// <remarks>PREWHERE filters before FINAL does its work: only by columns of the sorting key.</remarks>
internal static class DetailSql
{
    private static readonly (string Name, string Expression)[] s_fields =
    [
        ("method", "method"),
        ("template", "template"),
        ("country", "country"),
        ("asn", "asn"),
        ("network", "network"),
        ("client_class", "client_class"),
        ("client_name", "client_name"),
        ("user_agent", "user_agent"),
        ("says_mozilla", "if(position(user_agent, 'Mozilla') > 0, 'yes', 'no')"),
        ("ja4", "ja4"),
        ("colo", "colo"),
        ("protocol", "protocol"),
        ("tls_protocol", "tls_protocol"),
        ("mtls_status", "mtls_status"),
        ("client_ip_class", "client_ip_class"),
        ("client_device_type", "client_device_type"),
        ("verified_bot_category", "verified_bot_category"),
        ("has_query", "if(empty(query), 'no', 'yes')"),
        ("bot_score", "multiIf(bot_score = 0, 'not computed', bot_score < 30, 'below 30', '30 or more')"),
        ("waf_score", "multiIf(waf_score = 0, 'not scored', waf_score <= 20, 'attack', waf_score <= 50, 'likely attack', 'clean')"),
    ];

    /// <summary>Stopped requests of the clients that are judged, as far as they can be followed.</summary>
    public const string Judged =
        """
        match_control[1] = {control:String} AND match_rule_id[1] = {rule:String} AND (lost OR outcome = 'challenged')
            AND has({classes:Array(String)}, concat(client_class, '/', client_name)) AND caller != 0
        """;

    /// <summary>How often each field has which value, among stopped and passed requests of some hosts since a time.</summary>
    /// <remarks>The fields are what a client sends, never what it was answered: those follow from being stopped. Grouping sets read a row once and
    /// count it by each field's own type; to unfold it into a pair of texts per field took more than twice the time.</remarks>
    public static readonly string Fields =
        $$"""
        WITH rows AS (
            SELECT {{Each("${expression} AS of_${name}")}},
                weight,
                match_control[1] = {control:String} AND match_rule_id[1] = {rule:String}
                    AND (lost OR outcome = 'challenged') AS is_stopped,
                has({classes:Array(String)}, concat(client_class, '/', client_name)) AS is_judged,
                template IN {templates:Array(String)} AS is_near
            FROM ${database}.requests FINAL
            PREWHERE zone = {zone:String} AND host IN {hosts:Array(String)}
                AND time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')}
            WHERE NOT lost OR (match_control[1] = {control:String} AND match_rule_id[1] = {rule:String})
            LIMIT {most:UInt32}
        )
        SELECT
            multiIf({{Each("grouping(of_${name}) = 0, '${name}'")}}, '') AS field,
            multiIf({{Each("grouping(of_${name}) = 0, toString(of_${name})")}}, '') AS value,
            sumIf(weight, is_stopped) AS stopped, sumIf(weight, is_stopped AND is_judged) AS judged,
            sumIf(weight, NOT is_stopped) AS passed, sumIf(weight, NOT is_stopped AND is_near) AS passed_near
        FROM rows
        GROUP BY GROUPING SETS ((), {{Each("(of_${name})")}})
        ORDER BY stopped + judged DESC, passed DESC, field, value
        LIMIT 50 BY field
        ${settings}
        """;

    /// <summary>The networks of the judged clients that a rule stopped, with the good answers that their callers had before.</summary>
    public const string Networks =
        """
        WITH
        stopped AS (
            SELECT host, caller, concat(client_class, '/', client_name) AS client, any(network) AS seen_network, min(time) AS first_loss, sum(weight) AS judged,
                anyHeavy(ja4) AS fingerprint, uniqExact(network) AS addresses, uniqExact(network, toStartOfMinute(time)) AS minutes
            FROM ${database}.requests FINAL
            PREWHERE zone = {zone:String} AND host IN {hosts:Array(String)}
                AND time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')}
            WHERE ${judged}
            GROUP BY host, caller, client
            ORDER BY judged DESC, host, caller, client
            LIMIT 10000
        ),
        hours AS (
            SELECT host, caller, hour, sum(good) AS good_sum, max(last_good) AS newest_good
            FROM ${database}.callers_1h FINAL
            PREWHERE zone = {zone:String} AND host IN {hosts:Array(String)}
                AND hour >= {from:DateTime('UTC')} - INTERVAL 14 DAY AND hour < {to:DateTime('UTC')}
                AND caller IN (
                    SELECT caller FROM ${database}.requests
                    WHERE zone = {zone:String} AND host IN {hosts:Array(String)}
                        AND time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')} AND ${judged})
            GROUP BY host, caller, hour
        ),
        pasts AS (
            SELECT host, caller, client, any(seen_network) AS caller_network, any(judged) AS caller_judged,
                any(fingerprint) AS caller_fingerprint, any(addresses) AS caller_addresses, any(minutes) AS caller_minutes,
                sumIf(good_sum, hour + INTERVAL 1 HOUR <= first_loss OR newest_good <= first_loss) AS good_before
            FROM stopped
            LEFT JOIN hours USING (host, caller)
            GROUP BY host, caller, client
        )
        SELECT client, caller_network, sum(caller_judged) AS network_judged, sum(good_before) AS network_good,
            anyHeavy(caller_fingerprint) AS network_fingerprint, sum(caller_addresses) AS network_addresses, sum(caller_minutes) AS network_minutes
        FROM pasts
        GROUP BY client, caller_network
        ORDER BY network_judged DESC, client, caller_network
        LIMIT 1000
        ${settings}
        """;

    /// <summary>Requests that the rule stopped, chosen by the hash of their rays: the same ones every time.</summary>
    public const string Sample =
        $$"""
        SELECT {{StoppedRequestRow.Columns}}
        FROM ${database}.requests FINAL
        PREWHERE zone = {zone:String} AND host IN {hosts:Array(String)}
            AND time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')}
        WHERE match_control[1] = {control:String} AND match_rule_id[1] = {rule:String} AND (lost OR outcome = 'challenged')
        ORDER BY cityHash64(ray), ray
        LIMIT {most:UInt32}
        ${settings}
        """;

    private static string Each(string form) => string.Join(
        ", ",
        s_fields.Select(field => form
            .Replace("${name}", field.Name, StringComparison.Ordinal)
            .Replace("${expression}", field.Expression, StringComparison.Ordinal)));
}
