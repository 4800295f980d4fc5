-- What people and the program do about the traffic, and how far the log is written.

-- A change of Cloudflare configuration: from the audit logs, or marked by hand. `id` is stable: the audit log's, or the mark's.
CREATE TABLE IF NOT EXISTS ${database}.changes${on_cluster}
(
    time DateTime64(9, 'UTC'),
    id String,
    zone LowCardinality(String),
    source LowCardinality(String),
    kind LowCardinality(String),
    control LowCardinality(String),
    rule_id String,
    rule_ref String,
    actor String,
    actor_kind LowCardinality(String),
    summary String,
    old_value String,
    new_value String,
    owner String,
    ticket String,
    withdrawn Bool,
    version UInt64
)
ENGINE = ${replacing}
PARTITION BY toYYYYMM(time)
ORDER BY (time, id)
${ttl:changes:toDateTime(time, 'UTC')}
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, replicated_deduplication_window = 0, min_bytes_for_wide_part = 134217728;

-- Whether a change worked, per endpoint, client and rule: callers that tried and callers that lost, before and after.
CREATE TABLE IF NOT EXISTS ${database}.verdicts${on_cluster}
(
    change_time DateTime64(9, 'UTC'),
    change_id String,
    zone LowCardinality(String),
    host LowCardinality(String),
    method LowCardinality(String),
    path LowCardinality(String),
    client_class LowCardinality(String),
    client_name LowCardinality(String),
    control LowCardinality(String),
    rule_id String,
    verdict LowCardinality(String),
    before_from DateTime('UTC'),
    before_to DateTime('UTC'),
    before_tried UInt64,
    before_lost UInt64,
    after_from DateTime('UTC'),
    after_to DateTime('UTC'),
    after_tried UInt64,
    after_lost UInt64,
    evidence_log10 Float64,
    explanation String,
    details String,
    decided DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ${replacing}
PARTITION BY toYYYYMM(change_time)
ORDER BY (change_time, change_id, zone, host, method, path, client_class, client_name, control, rule_id)
${ttl:verdicts:toDateTime(change_time, 'UTC')}
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, replicated_deduplication_window = 0, min_bytes_for_wide_part = 134217728;

-- Alerts that fired, and when they were resolved (1970-01-01 while they have not been).
CREATE TABLE IF NOT EXISTS ${database}.alerts${on_cluster}
(
    started DateTime64(3, 'UTC'),
    fingerprint UInt64,
    name LowCardinality(String),
    severity LowCardinality(String),
    state LowCardinality(String),
    resolved DateTime64(3, 'UTC'),
    zone LowCardinality(String),
    host LowCardinality(String),
    method LowCardinality(String),
    path LowCardinality(String),
    client_class LowCardinality(String),
    client_name LowCardinality(String),
    control LowCardinality(String),
    rule_id String,
    owner String,
    evidence_log10 Float64,
    summary String,
    description String,
    labels Map(LowCardinality(String), String),
    version UInt64
)
ENGINE = ${replacing}
PARTITION BY toYYYYMM(started)
ORDER BY (started, fingerprint)
${ttl:alerts:toDateTime(started, 'UTC')}
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, replicated_deduplication_window = 0, min_bytes_for_wide_part = 134217728;

-- Per partition of a log: from where to read so that all live state is rebuilt, and what was closed and acknowledged before.
-- `newest_time_ns` is the newest event time before `read_from` (the smallest Int64 when there was none); a gap is a range of offsets
-- that the log no longer had. Never expires.
CREATE TABLE IF NOT EXISTS ${database}.progress${on_cluster}
(
    log String,
    partition UInt32,
    generation UInt32,
    read_from UInt64,
    newest_time_ns Int64,
    exact_from UInt64,
    next_offset UInt64,
    closed_minutes_before DateTime('UTC'),
    closed_hours_before DateTime('UTC'),
    closed_chunks_before UInt64,
    gap_from Array(UInt64),
    gap_to Array(UInt64),
    updated DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ${replacing}
ORDER BY (log, partition)
SETTINGS replicated_deduplication_window = 0, min_bytes_for_wide_part = 134217728;
