-- Aggregates: one row per window, dimensions, partition and chunk, always written whole; the newest version stands.
-- ORDER BY is the whole key, because two rows with the same ORDER BY become one. Read them through the views, or with FINAL and sum().

CREATE TABLE IF NOT EXISTS ${database}.requests_1m${on_cluster}
(
    window DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    zone LowCardinality(String),
    host LowCardinality(String),
    method LowCardinality(String),
    path LowCardinality(String),
    surface LowCardinality(String),
    client_class LowCardinality(String),
    client_name LowCardinality(String),
    trust LowCardinality(String),
    partition UInt32,
    chunk UInt64 CODEC(Delta(8), ZSTD(1)),
    version UInt64 CODEC(Delta(8), ZSTD(1)),
    requests UInt64 CODEC(T64, ZSTD(1)),
    event_only UInt64 CODEC(T64, ZSTD(1)),
    passed UInt64 CODEC(T64, ZSTD(1)),
    exempted UInt64 CODEC(T64, ZSTD(1)),
    logged UInt64 CODEC(T64, ZSTD(1)),
    challenged UInt64 CODEC(T64, ZSTD(1)),
    challenge_solved UInt64 CODEC(T64, ZSTD(1)),
    rate_limited UInt64 CODEC(T64, ZSTD(1)),
    blocked UInt64 CODEC(T64, ZSTD(1)),
    dropped UInt64 CODEC(T64, ZSTD(1)),
    lost UInt64 CODEC(T64, ZSTD(1)),
    edge_errors UInt64 CODEC(T64, ZSTD(1)),
    origin_errors UInt64 CODEC(T64, ZSTD(1)),
    preflights UInt64 CODEC(T64, ZSTD(1)),
    status_1xx UInt64 CODEC(T64, ZSTD(1)),
    status_2xx UInt64 CODEC(T64, ZSTD(1)),
    status_3xx UInt64 CODEC(T64, ZSTD(1)),
    status_4xx UInt64 CODEC(T64, ZSTD(1)),
    status_5xx UInt64 CODEC(T64, ZSTD(1)),
    status_other UInt64 CODEC(T64, ZSTD(1)),
    request_bytes UInt64 CODEC(T64, ZSTD(1)),
    response_bytes UInt64 CODEC(T64, ZSTD(1)),
    latency Array(UInt64) CODEC(ZSTD(1)),
    caller_hashes Array(UInt64) EPHEMERAL,
    callers AggregateFunction(uniqCombined64, UInt64) DEFAULT arrayReduce('uniqCombined64State', caller_hashes),
    callers_exact UInt32 CODEC(T64, ZSTD(1))
)
ENGINE = ${replacing}
PARTITION BY toDate(window)
PRIMARY KEY (zone, host, window)
ORDER BY (zone, host, window, path, method, surface, client_class, client_name, trust, partition, chunk)
${ttl:requests_1m:window}
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, replicated_deduplication_window = 0, min_bytes_for_wide_part = 134217728;

CREATE TABLE IF NOT EXISTS ${database}.mitigations_1m${on_cluster}
(
    window DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    zone LowCardinality(String),
    host LowCardinality(String),
    method LowCardinality(String),
    path LowCardinality(String),
    surface LowCardinality(String),
    client_class LowCardinality(String),
    client_name LowCardinality(String),
    trust LowCardinality(String),
    control LowCardinality(String),
    rule_id LowCardinality(String),
    action LowCardinality(String),
    partition UInt32,
    chunk UInt64 CODEC(Delta(8), ZSTD(1)),
    version UInt64 CODEC(Delta(8), ZSTD(1)),
    count UInt64 CODEC(T64, ZSTD(1)),
    lost UInt64 CODEC(T64, ZSTD(1)),
    first_seen DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    last_seen DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    bot_scores Array(UInt64) CODEC(ZSTD(1)),
    waf_scores Array(UInt64) CODEC(ZSTD(1)),
    caller_hashes Array(UInt64) EPHEMERAL,
    callers AggregateFunction(uniqCombined64, UInt64) DEFAULT arrayReduce('uniqCombined64State', caller_hashes),
    callers_exact UInt32 CODEC(T64, ZSTD(1)),
    example_rays Array(String) CODEC(ZSTD(1))
)
ENGINE = ${replacing}
PARTITION BY toDate(window)
PRIMARY KEY (zone, host, window)
ORDER BY (zone, host, window, control, rule_id, action, path, method, surface, client_class, client_name, trust, partition, chunk)
${ttl:mitigations_1m:window}
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, replicated_deduplication_window = 0, min_bytes_for_wide_part = 134217728;

CREATE TABLE IF NOT EXISTS ${database}.callers_1h${on_cluster}
(
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    zone LowCardinality(String),
    host LowCardinality(String),
    caller UInt64,
    client_class LowCardinality(String),
    client_name LowCardinality(String),
    trust LowCardinality(String),
    network String CODEC(ZSTD(1)),
    country LowCardinality(String),
    asn UInt32,
    partition UInt32,
    chunk UInt64 CODEC(Delta(8), ZSTD(1)),
    version UInt64 CODEC(Delta(8), ZSTD(1)),
    requests UInt64 CODEC(T64, ZSTD(1)),
    good UInt64 CODEC(T64, ZSTD(1)),
    lost UInt64 CODEC(T64, ZSTD(1)),
    endpoints UInt16,
    minutes UInt16,
    first_seen DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    last_seen DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    last_good DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    last_lost DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ${replacing}
PARTITION BY toDate(hour)
PRIMARY KEY (zone, host, hour, caller)
ORDER BY (zone, host, hour, caller, partition, chunk)
${ttl:callers_1h:hour}
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, replicated_deduplication_window = 0, min_bytes_for_wide_part = 134217728;

-- Kept for long and small: months, not days, so that a year of it is a dozen partitions.
CREATE TABLE IF NOT EXISTS ${database}.rules${on_cluster}
(
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    zone LowCardinality(String),
    control LowCardinality(String),
    rule_id LowCardinality(String),
    action LowCardinality(String),
    rule_ref String CODEC(ZSTD(1)),
    description String CODEC(ZSTD(1)),
    partition UInt32,
    chunk UInt64 CODEC(Delta(8), ZSTD(1)),
    version UInt64 CODEC(Delta(8), ZSTD(1)),
    count UInt64 CODEC(T64, ZSTD(1)),
    first_seen DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    last_seen DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ${replacing}
PARTITION BY toYYYYMM(hour)
ORDER BY (zone, control, rule_id, action, hour, partition, chunk)
${ttl:rules:hour}
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, replicated_deduplication_window = 0, min_bytes_for_wide_part = 134217728;

-- The window 1970-01-01 00:00 collects records without a usable time: it must not expire at once.
CREATE TABLE IF NOT EXISTS ${database}.quality_1m${on_cluster}
(
    window DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    dataset LowCardinality(String),
    partition UInt32,
    chunk UInt64 CODEC(Delta(8), ZSTD(1)),
    version UInt64 CODEC(Delta(8), ZSTD(1)),
    received UInt64 CODEC(T64, ZSTD(1)),
    counted UInt64 CODEC(T64, ZSTD(1)),
    duplicates UInt64 CODEC(T64, ZSTD(1)),
    dead_lettered UInt64 CODEC(T64, ZSTD(1)),
    late UInt64 CODEC(T64, ZSTD(1)),
    future UInt64 CODEC(T64, ZSTD(1)),
    unmatched UInt64 CODEC(T64, ZSTD(1)),
    subrequests UInt64 CODEC(T64, ZSTD(1)),
    internal UInt64 CODEC(T64, ZSTD(1)),
    forced UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = ${replacing}
PARTITION BY toDate(window)
ORDER BY (dataset, window, partition, chunk)
${ttl:quality_1m:if(toUnixTimestamp(window) = 0, toDateTime('2070-01-01 00:00:00', 'UTC'), window)}
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, replicated_deduplication_window = 0, min_bytes_for_wide_part = 134217728;
