-- What the log's process must know again after a restart.

-- Slices of batches that were seen on a partition of the log, so that a batch sent again is known for a day of event time. `position` is the
-- offset of the message that brought the slice, `time` the watermark then. Kept for some days after `updated`, when the row was written.
CREATE TABLE IF NOT EXISTS ${database}.batches${on_cluster}
(
    log String,
    partition UInt32,
    source LowCardinality(String),
    batch UInt64,
    kind UInt8,
    part UInt32,
    position Int64,
    time DateTime64(9, 'UTC'),
    updated DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ${replacing}
ORDER BY (log, partition, batch, kind, part, position)
${ttl:batches:toDateTime(updated, 'UTC')}
SETTINGS materialize_ttl_recalculate_only = 1, replicated_deduplication_window = 0, min_bytes_for_wide_part = 134217728;

-- `next_message` is the offset of the message after the last one of which everything is written. Sources whose positions only grow have
-- their greatest position here, as it was at `read_from`, in the same row, so that both are always of one moment.
ALTER TABLE ${database}.progress${on_cluster}
    ADD COLUMN IF NOT EXISTS next_message UInt64,
    ADD COLUMN IF NOT EXISTS source_names Array(String),
    ADD COLUMN IF NOT EXISTS source_kinds Array(UInt8),
    ADD COLUMN IF NOT EXISTS source_positions Array(Int64);
