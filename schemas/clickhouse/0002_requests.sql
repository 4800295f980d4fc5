-- Single requests and rejected bytes.

-- One row per kept request. `template` is the endpoint's path (the `path` of the aggregates), `path` is what was asked for.
-- Times not logged are 1970-01-01, durations not logged are -1, addresses not logged are '::'.
CREATE TABLE IF NOT EXISTS ${database}.requests${on_cluster}
(
    time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ray String CODEC(ZSTD(1)),
    partition UInt32,
    version UInt64 CODEC(Delta(8), ZSTD(1)),
    dataset LowCardinality(String),
    outcome LowCardinality(String),
    lost Bool,
    has_request Bool,
    has_events Bool,
    sampled Bool,
    preflight Bool,
    internal Bool,
    worker_subrequest Bool,
    has_origin_status Bool,
    weight Float64 CODEC(ZSTD(1)),
    subrequests UInt32 CODEC(T64, ZSTD(1)),
    announced_events Int16,

    zone LowCardinality(String),
    host LowCardinality(String),
    method LowCardinality(String),
    template LowCardinality(String),
    surface LowCardinality(String),
    path String CODEC(ZSTD(1)),
    query String CODEC(ZSTD(1)),
    scheme LowCardinality(String),
    protocol LowCardinality(String),

    client_class LowCardinality(String),
    client_name LowCardinality(String),
    trust LowCardinality(String),
    caller UInt64,
    network String CODEC(ZSTD(1)),
    client_ip IPv6 CODEC(ZSTD(1)),
    client_ip_class LowCardinality(String),
    asn UInt32,
    client_asn_description String CODEC(ZSTD(1)),
    country LowCardinality(String),
    client_region LowCardinality(String),
    client_device_type LowCardinality(String),
    client_request_source LowCardinality(String),
    user_agent String CODEC(ZSTD(1)),
    referer String CODEC(ZSTD(1)),
    x_requested_with String CODEC(ZSTD(1)),
    mtls_status LowCardinality(String),
    mtls_fingerprint String CODEC(ZSTD(1)),
    tls_protocol LowCardinality(String),
    ja3 String CODEC(ZSTD(1)),
    ja4 String CODEC(ZSTD(1)),

    bot_score UInt8,
    bot_score_source LowCardinality(String),
    bot_tags Array(LowCardinality(String)),
    bot_detection_ids Array(String) CODEC(ZSTD(1)),
    bot_detection_tags Array(LowCardinality(String)),
    verified_bot_category LowCardinality(String),
    js_detection LowCardinality(String),
    leaked_credentials LowCardinality(String),
    waf_score UInt8,
    waf_sqli_score UInt8,
    waf_xss_score UInt8,
    waf_rce_score UInt8,

    edge_status UInt16,
    origin_status UInt16,
    latency_ms Int32 CODEC(T64, ZSTD(1)),
    origin_ms Int32 CODEC(T64, ZSTD(1)),
    request_bytes UInt64 CODEC(T64, ZSTD(1)),
    response_bytes UInt64 CODEC(T64, ZSTD(1)),
    content_type LowCardinality(String),
    cache_status LowCardinality(String),
    colo LowCardinality(String),
    edge_pathing LowCardinality(String),
    origin_ip IPv6 CODEC(ZSTD(1)),
    worker_script String CODEC(ZSTD(1)),
    worker_status LowCardinality(String),
    operation_id String CODEC(ZSTD(1)),
    parent_ray String CODEC(ZSTD(1)),
    originator_ray String CODEC(ZSTD(1)),
    kind LowCardinality(String),
    metadata String CODEC(ZSTD(1)),

    match_control Array(LowCardinality(String)),
    match_action Array(LowCardinality(String)),
    match_rule_id Array(LowCardinality(String)),
    match_rule_ref Array(String) CODEC(ZSTD(1)),
    match_description Array(String) CODEC(ZSTD(1)),
    match_index Array(Int32) CODEC(ZSTD(1)),
    match_originator_ray Array(String) CODEC(ZSTD(1)),
    extra Map(LowCardinality(String), String) CODEC(ZSTD(1)),

    INDEX ray_bloom ray TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX parent_ray_bloom parent_ray TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX originator_ray_bloom match_originator_ray TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX client_ip_bloom client_ip TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX caller_bloom caller TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = ${replacing}
PARTITION BY toDate(time)
PRIMARY KEY (zone, host, toStartOfHour(time), ray)
ORDER BY (zone, host, toStartOfHour(time), ray, time, partition)
${ttl:requests:toDateTime(time, 'UTC')}
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, replicated_deduplication_window = 0, min_bytes_for_wide_part = 134217728;

-- What was no record. The key is the content, so that the same bytes read again, from a renamed file, or in another order change nothing.
-- Therefore there is no partition by day: the time is no part of the content.
CREATE TABLE IF NOT EXISTS ${database}.dead_letters${on_cluster}
(
    reason LowCardinality(String),
    content_hash UInt64,
    occurrence UInt32,
    dataset LowCardinality(String),
    time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    source String CODEC(ZSTD(1)),
    line_number UInt64 CODEC(T64, ZSTD(1)),
    byte_offset UInt64 CODEC(T64, ZSTD(1)),
    error_column UInt32 CODEC(T64, ZSTD(1)),
    length UInt64 CODEC(T64, ZSTD(1)),
    bytes String CODEC(ZSTD(3)),
    partition UInt32,
    version UInt64 CODEC(Delta(8), ZSTD(1))
)
ENGINE = ${replacing}
ORDER BY (reason, content_hash, occurrence, partition)
${ttl:dead_letters:if(toUnixTimestamp(toDateTime(time, 'UTC')) = 0, toDateTime('2070-01-01 00:00:00', 'UTC'), toDateTime(time, 'UTC'))}
SETTINGS materialize_ttl_recalculate_only = 1, replicated_deduplication_window = 0, min_bytes_for_wide_part = 134217728;
