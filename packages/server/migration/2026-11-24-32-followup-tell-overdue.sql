-- The due time of which those in charge were told that it has passed: another one is told of again.
ALTER TABLE followup.entry ADD COLUMN told_due timestamptz;
CREATE INDEX entry_untold_idx ON followup.entry (due_at) WHERE state <> 'closed' AND told_due IS DISTINCT FROM due_at;
