-- A log that is processed again from an earlier place (`cflogstream reset`): late rows of windows before `kept_before` stay in chunks below
-- `kept_chunks_before`. While `reset_pending`, the rows from there on are not yet deleted; the partition's next owner does that first.
ALTER TABLE ${database}.progress${on_cluster}
    ADD COLUMN IF NOT EXISTS kept_before DateTime('UTC'),
    ADD COLUMN IF NOT EXISTS kept_chunks_before UInt64,
    ADD COLUMN IF NOT EXISTS reset_pending UInt8;

-- When a line was given to the log again (`cflogstream dead-letters replay`); 1970-01-01 while it was not. Such a row has the highest bit of its version
-- set, so that writing the rejected line again does not undo it.
ALTER TABLE ${database}.dead_letters${on_cluster}
    ADD COLUMN IF NOT EXISTS replayed DateTime64(3, 'UTC');
