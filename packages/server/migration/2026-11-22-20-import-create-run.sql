CREATE SCHEMA import;
GRANT USAGE ON SCHEMA import TO vigil_app;

-- One uploaded file and what became of it. `position` and the counts move in the transaction that writes the rows, so that
-- a killed run goes on behind the last row that is in.
CREATE TABLE import.run (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  -- Null for the command line.
  owner_id uuid,
  created_by text NOT NULL,
  store_code text,
  path text COLLATE "C" NOT NULL,
  -- Subtrees in which the owner may import this kind.
  scope text[] NOT NULL,
  filename text NOT NULL,
  -- The uploaded file; null once it is not needed any more.
  file_id uuid,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  -- Where a person says that the columns are; null where the heads themselves say it.
  assigned jsonb,
  status text NOT NULL DEFAULT 'uploaded' CHECK (status IN ('uploaded', 'checking', 'checked', 'running', 'done', 'failed', 'cancelled')),
  -- Counts up: only the newest attempt may write.
  attempts integer NOT NULL DEFAULT 0,
  -- Attempts in a row that ended without a step forward.
  failures integer NOT NULL DEFAULT 0,
  -- Data rows of the file that are dealt with, and the share of the file that they are.
  position integer NOT NULL DEFAULT 0,
  share real NOT NULL DEFAULT 0,
  total integer NOT NULL DEFAULT 0,
  fresh integer NOT NULL DEFAULT 0,
  changed integer NOT NULL DEFAULT 0,
  unchanged integer NOT NULL DEFAULT 0,
  refused integer NOT NULL DEFAULT 0,
  -- Counts of the dry run.
  preview jsonb,
  -- The first problems, sealed: a message may repeat what stands in a cell.
  sealed_problems bytea,
  error text,
  error_file_id uuid,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  touched_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX ON import.run (owner_id, id);
CREATE INDEX ON import.run (expires_at);
CREATE INDEX ON import.run (touched_at) WHERE status IN ('checking', 'running');

-- Row numbers and reasons of the rows that one chunk refused, sealed; gone once they stand in the error file.
CREATE TABLE import.refusal (
  run_id uuid NOT NULL REFERENCES import.run ON DELETE CASCADE,
  position integer NOT NULL,
  path text COLLATE "C" NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (run_id, position)
);

-- Columns that a person has put by hand, remembered for the next file with the same head.
CREATE TABLE import.mapping (
  kind text NOT NULL,
  signature text NOT NULL,
  path text COLLATE "C" NOT NULL,
  assigned jsonb NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, signature, path)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON import.run, import.refusal, import.mapping TO vigil_app;
CALL vigil.protect('import.run');
CALL vigil.protect('import.refusal');
CALL vigil.protect('import.mapping');
