-- What an import brought into being once and only the person who ran it may fetch, once: invitation codes. Sealed, written in
-- the transaction of the rows that it belongs to, gone as it is handed out or when the codes have expired.
CREATE TABLE import.handout (
  run_id uuid NOT NULL REFERENCES import.run ON DELETE CASCADE,
  position integer NOT NULL,
  path text COLLATE "C" NOT NULL,
  sealed bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (run_id, position)
);
CREATE INDEX ON import.handout (expires_at);
-- Rows that wait to be fetched, until when, and when such rows were fetched last.
ALTER TABLE import.run ADD handout integer NOT NULL DEFAULT 0, ADD handout_until timestamptz, ADD handout_fetched_at timestamptz;

GRANT SELECT, INSERT, DELETE ON import.handout TO vigil_app;
CALL vigil.protect('import.handout');
