namespace CfLogStream.Benchmarks.Insight;

/// <summary>Fills a database with the rows of a day of 100 million requests, by SQL: one rule stops a webhook provider from noon on; and,
/// where <c>${everywhere}</c> is 1, another stops some of a browser's scripts on every host, from another minute on each.</summary>
/// <remarks>24 hosts of 40 endpoints, about 2,400 rows of requests_1m a minute; a hundredth of the passed requests is kept, and of the
/// lost ones at most 100 a minute, host and rule, as the service does.</remarks>
internal static class DaySql
{
    public const string Requests =
        """
        INSERT INTO ${database}.requests_1m
            (window, zone, host, method, path, surface, client_class, client_name, trust, partition, chunk, version, requests, passed, blocked, lost,
             edge_errors, origin_errors, status_2xx, status_4xx, status_5xx, caller_hashes, callers_exact)
        SELECT toDateTime('2026-03-01 00:00:00', 'UTC') + 60 * minute AS window, concat('zone', toString(host_number % 6), '.example') AS zone,
            concat('api', toString(host_number), '.zone', toString(host_number % 6), '.example') AS host,
            ['GET', 'POST', 'PUT'][1 + endpoint % 3] AS method, concat('/v1/resource', toString(endpoint), '/{id}') AS path, 'api' AS surface,
            ['sdk', 'webhook', 'mobile_app', 'browser_xhr', 'scanner'][1 + client % 5] AS client_class,
            concat('client', toString(client)) AS client_name, 'claimed' AS trust, cityHash64(minute, host_number, endpoint) % 16 AS partition, 0 AS chunk, 1 AS version,
            10 + rand(1) % 40 AS requests, requests - lost AS passed, lost AS blocked,
            multiIf(client % 5 = 4, intDiv(requests, 2), host_number = 3 AND client = 1 AND minute >= 720, requests,
                ${everywhere} AND client = 3 AND minute >= 360 + 20 * host_number, intDiv(requests, 3), 0) AS lost, lost AS edge_errors, 0 AS origin_errors,
            requests - lost AS status_2xx, lost AS status_4xx, 0 AS status_5xx,
            arrayMap(i -> cityHash64(client, i), range(1 + client % 4)) AS caller_hashes, 1 + client % 4 AS callers_exact
        FROM (
            SELECT intDiv(number, 2400) AS minute, number % 24 AS host_number, intDiv(number, 24) % 40 AS endpoint,
                cityHash64(number) % 10 AS client
            FROM numbers(2400 * ${from}, 2400 * ${minutes})
        )
        """;

    public const string Mitigations =
        """
        INSERT INTO ${database}.mitigations_1m
            (window, zone, host, method, path, surface, client_class, client_name, trust, control, rule_id, action, partition, chunk, version, count, lost,
             first_seen, last_seen, bot_scores, waf_scores, caller_hashes, callers_exact, example_rays)
        SELECT window, zone, host, method, path, surface, client_class, client_name, trust,
            if(client_class = 'scanner', 'firewallmanaged', 'firewallcustom') AS control,
            multiIf(client_class = 'scanner', 'f00d', client_class = 'browser_xhr', 'beef', 'cafe') AS rule_id, 'block' AS action, partition, chunk, version, lost AS count, lost,
            toDateTime64(window, 9, 'UTC'), toDateTime64(window, 9, 'UTC') + 50, [0, count, 0, 0, 0],
            if(client_class = 'scanner', [0, count, 0, 0, 0], [0, 0, 0, 0, count]),
            arrayMap(i -> cityHash64(client_name, i), range(callers_exact)), callers_exact, [lower(hex(cityHash64(window, path)))]
        FROM ${database}.requests_1m
        WHERE lost > 0 AND window >= toDateTime('2026-03-01 00:00:00', 'UTC') + 60 * ${from}
            AND window < toDateTime('2026-03-01 00:00:00', 'UTC') + 60 * (${from} + ${minutes})
        """;

    public const string Callers =
        """
        INSERT INTO ${database}.callers_1h
            (hour, zone, host, caller, client_class, client_name, trust, network, country, asn, partition, chunk, version, requests, good, lost, endpoints,
             minutes, first_seen, last_seen, last_good, last_lost)
        SELECT toDateTime('2026-03-01 00:00:00', 'UTC') + 3600 * intDiv(number, 20000) AS hour, concat('zone', toString(host_number % 6), '.example'),
            concat('api', toString(host_number), '.zone', toString(host_number % 6), '.example'), cityHash64(number % 20000) AS caller, 'sdk', 'client0',
            'claimed', concat('198.51.', toString(number % 250), '.0/24'), 'us', 64500, number % 16, 0, 1, 200, 190, 10, 5, 50, toDateTime64(hour, 9, 'UTC'),
            toDateTime64(hour, 9, 'UTC') + 3500, toDateTime64(hour, 9, 'UTC') + 3000, toDateTime64(hour, 9, 'UTC') + 3400
        FROM (SELECT number, number % 24 AS host_number FROM numbers(480000))
        """;

    public const string Kept =
        """
        INSERT INTO ${database}.requests
            (time, ray, partition, version, dataset, outcome, lost, has_request, weight, zone, host, method, template, surface, path, client_class, client_name,
             trust, caller, network, client_ip, asn, country, user_agent, ja4, bot_score, waf_score, edge_status, origin_status, colo,
             match_control, match_action, match_rule_id, match_rule_ref, match_description, match_index, match_originator_ray)
        SELECT toDateTime64('2026-03-01 00:00:00', 9, 'UTC') + intDiv(number * 60, 1400) AS time, lower(hex(cityHash64(number))) AS ray, number % 16, 1, 'http_requests',
            if(lost, 'blocked', 'passed'), number % 3 = 0 AND (client = 4 OR (host_number = 3 AND client = 1 AND intDiv(number * 60, 1400) >= 43200)
                OR (${everywhere} AND client = 3 AND intDiv(number * 60, 1400) >= 21600 + 1200 * host_number)) AS lost, 1,
            if(lost, 1, 100), concat('zone', toString(host_number % 6), '.example'),
            concat('api', toString(host_number), '.zone', toString(host_number % 6), '.example'), 'POST',
            concat('/v1/resource', toString(number % 40), '/{id}'), 'api', concat('/v1/resource', toString(number % 40), '/', toString(number)),
            ['sdk', 'webhook', 'mobile_app', 'browser_xhr', 'scanner'][1 + client] AS client_class, concat('client', toString(client)), 'claimed',
            cityHash64(number % 20000), concat('198.51.', toString(number % 250), '.0/24'), toIPv6(concat('198.51.', toString(number % 250), '.7')), 64500 + number % 50,
            ['us', 'de', 'br', 'in'][1 + number % 4], concat('agent/', toString(number % 300)), concat('t13d', toString(number % 90)), 1 + number % 90, 90,
            if(lost, 403, 200), if(lost, 0, 200), 'FRA', if(lost, [if(client = 4, 'firewallmanaged', 'firewallcustom')], []), if(lost, ['block'], []),
            if(lost, [multiIf(client = 4, 'f00d', client = 3, 'beef', 'cafe')], []), if(lost, [''], []), if(lost, ['a rule'], []), if(lost, [0], []), if(lost, [''], [])
        FROM (SELECT number, number % 24 AS host_number, cityHash64(number) % 5 AS client FROM numbers(1400 * ${from}, 1400 * ${minutes}))
        """;

    public const string Rules =
        """
        INSERT INTO ${database}.rules (hour, zone, control, rule_id, action, rule_ref, description, partition, chunk, version, count, first_seen, last_seen)
        SELECT toDateTime('2026-03-01 00:00:00', 'UTC') + 3600 * (intDiv(number, 3) % 24) AS hour, concat('zone', toString(intDiv(number, 72) % 6), '.example'),
            if(number % 3 = 0, 'firewallmanaged', 'firewallcustom'), ['f00d', 'cafe', 'beef'][1 + number % 3], 'block', '', 'a rule', 0, 0, 1, 100,
            toDateTime64(hour, 9, 'UTC'), toDateTime64(hour, 9, 'UTC') + 3000
        FROM numbers(432)
        """;
}
