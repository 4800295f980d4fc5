-- Which objects of a place (a bucket or a folder) are on the log, so that each is read once. A row with an empty key is the place itself:
-- what was modified before `modified` and from `start` on is read. Rows of single objects are needed for what was modified since, for all
-- files that a folder still has, and for what was read as a backfill.
CREATE TABLE IF NOT EXISTS ${database}.objects_read${on_cluster}
(
    place String,
    key String,
    tag String,
    modified DateTime64(9, 'UTC'),
    start DateTime64(9, 'UTC'),
    is_backfill UInt8,
    updated DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ${replacing}
ORDER BY (place, key)
SETTINGS replicated_deduplication_window = 0, min_bytes_for_wide_part = 134217728;
