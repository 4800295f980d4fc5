-- Views for people and dashboards: current rows only, partitions and late chunks summed. Documented in docs/tables.md.
-- Every view starts with the window, so that `WHERE window >= … AND window <= …` reads only those days.
-- `callers` is the number of distinct callers of the row; sum it nowhere: merge `callers_state` with uniqCombined64Merge instead.

CREATE OR REPLACE VIEW ${database}.block_trend${on_cluster} AS
SELECT
    r.window AS window,
    r.zone AS zone,
    r.host AS host,
    r.surface AS surface,
    r.client_class AS client_class,
    sum(r.requests) AS requests,
    sum(r.lost) AS lost,
    sum(r.blocked) AS blocked,
    sum(r.challenged) AS challenged,
    sum(r.rate_limited) AS rate_limited,
    sum(r.dropped) AS dropped,
    sum(r.exempted) AS exempted,
    if(sum(r.requests) = 0, 0, sum(r.lost) / sum(r.requests)) AS lost_share,
    uniqCombined64Merge(r.callers) AS callers,
    uniqCombined64MergeState(r.callers) AS callers_state
FROM ${database}.requests_1m AS r FINAL
GROUP BY r.window, r.zone, r.host, r.surface, r.client_class;

CREATE OR REPLACE VIEW ${database}.block_rate_by_endpoint${on_cluster} AS
SELECT
    r.window AS window,
    r.zone AS zone,
    r.host AS host,
    r.method AS method,
    r.path AS path,
    r.surface AS surface,
    r.client_class AS client_class,
    r.client_name AS client_name,
    r.trust AS trust,
    sum(r.requests) AS requests,
    sum(r.lost) AS lost,
    sum(r.exempted) AS exempted,
    sum(r.edge_errors) AS edge_errors,
    sum(r.origin_errors) AS origin_errors,
    if(sum(r.requests) = 0, 0, sum(r.lost) / sum(r.requests)) AS lost_share,
    uniqCombined64Merge(r.callers) AS callers,
    uniqCombined64MergeState(r.callers) AS callers_state
FROM ${database}.requests_1m AS r FINAL
GROUP BY r.window, r.zone, r.host, r.method, r.path, r.surface, r.client_class, r.client_name, r.trust;

CREATE OR REPLACE VIEW ${database}.top_rules${on_cluster} AS
SELECT
    m.window AS window,
    m.zone AS zone,
    m.host AS host,
    m.surface AS surface,
    m.client_class AS client_class,
    m.control AS control,
    m.rule_id AS rule_id,
    d.rule AS rule,
    m.action AS action,
    m.count AS count,
    m.lost AS lost,
    m.first_seen AS first_seen,
    m.last_seen AS last_seen,
    m.callers AS callers,
    m.callers_state AS callers_state,
    m.example_rays AS example_rays
FROM
(
    SELECT
        s.window AS window,
        s.zone AS zone,
        s.host AS host,
        s.surface AS surface,
        s.client_class AS client_class,
        s.control AS control,
        s.rule_id AS rule_id,
        s.action AS action,
        sum(s.count) AS count,
        sum(s.lost) AS lost,
        min(s.first_seen) AS first_seen,
        max(s.last_seen) AS last_seen,
        uniqCombined64Merge(s.callers) AS callers,
        uniqCombined64MergeState(s.callers) AS callers_state,
        arraySlice(arraySort(groupUniqArrayArray(s.example_rays)), 1, 3) AS example_rays
    FROM ${database}.mitigations_1m AS s FINAL
    GROUP BY s.window, s.zone, s.host, s.surface, s.client_class, s.control, s.rule_id, s.action
) AS m
LEFT JOIN
(
    SELECT
        n.zone AS zone,
        n.control AS control,
        n.rule_id AS rule_id,
        argMax(n.description, (n.description != '', n.last_seen, n.description)) AS rule
    FROM ${database}.rules AS n FINAL
    GROUP BY n.zone, n.control, n.rule_id
) AS d ON d.zone = m.zone AND d.control = m.control AND d.rule_id = m.rule_id;

CREATE OR REPLACE VIEW ${database}.client_outcomes${on_cluster} AS
SELECT
    r.window AS window,
    r.zone AS zone,
    r.host AS host,
    r.surface AS surface,
    r.client_class AS client_class,
    r.client_name AS client_name,
    r.trust AS trust,
    sum(r.requests) AS requests,
    sum(r.passed) AS passed,
    sum(r.exempted) AS exempted,
    sum(r.logged) AS logged,
    sum(r.challenged) AS challenged,
    sum(r.challenge_solved) AS challenge_solved,
    sum(r.rate_limited) AS rate_limited,
    sum(r.blocked) AS blocked,
    sum(r.dropped) AS dropped,
    sum(r.lost) AS lost,
    if(sum(r.requests) = 0, 0, sum(r.lost) / sum(r.requests)) AS lost_share,
    uniqCombined64Merge(r.callers) AS callers,
    uniqCombined64MergeState(r.callers) AS callers_state
FROM ${database}.requests_1m AS r FINAL
GROUP BY r.window, r.zone, r.host, r.surface, r.client_class, r.client_name, r.trust;

CREATE OR REPLACE VIEW ${database}.edge_vs_origin${on_cluster} AS
SELECT
    r.window AS window,
    r.zone AS zone,
    r.host AS host,
    r.surface AS surface,
    sum(r.requests) AS requests,
    sum(r.edge_errors) AS edge_errors,
    sum(r.origin_errors) AS origin_errors,
    sum(r.preflights) AS preflights,
    sum(r.event_only) AS event_only,
    sum(r.status_1xx) AS status_1xx,
    sum(r.status_2xx) AS status_2xx,
    sum(r.status_3xx) AS status_3xx,
    sum(r.status_4xx) AS status_4xx,
    sum(r.status_5xx) AS status_5xx,
    sum(r.status_other) AS status_other,
    sum(r.request_bytes) AS request_bytes,
    sum(r.response_bytes) AS response_bytes,
    sumForEach(r.latency) AS latency
FROM ${database}.requests_1m AS r FINAL
GROUP BY r.window, r.zone, r.host, r.surface;

CREATE OR REPLACE VIEW ${database}.data_quality${on_cluster} AS
SELECT
    q.window AS window,
    q.dataset AS dataset,
    sum(q.received) AS received,
    sum(q.counted) AS counted,
    sum(q.duplicates) AS duplicates,
    sum(q.dead_lettered) AS dead_lettered,
    toInt64(sum(q.received)) - toInt64(sum(q.counted)) - toInt64(sum(q.duplicates)) - toInt64(sum(q.dead_lettered)) AS in_flight,
    sum(q.late) AS late,
    sum(q.future) AS future,
    sum(q.unmatched) AS unmatched,
    sum(q.subrequests) AS subrequests,
    sum(q.internal) AS internal,
    sum(q.forced) AS forced
FROM ${database}.quality_1m AS q FINAL
GROUP BY q.window, q.dataset;
