-- A log that is processed again from an earlier place (`cflogstream reset`): late rows of windows before `kept_before` stay in chunks below
-- `kept_chunks_before`. While `reset_pending`, the rows from there on are not yet deleted; the partition's next owner does that first.
ALTER TABLE ${database}.progress${on_cluster}
    ADD COLUMN IF NOT EXISTS kept_before DateTime('UTC'),
    ADD COLUMN IF NOT EXISTS kept_chunks_before UInt64,
    ADD COLUMN IF NOT EXISTS reset_pending UInt8;
