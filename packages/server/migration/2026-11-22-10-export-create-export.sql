CREATE SCHEMA export;
GRANT USAGE ON SCHEMA export TO vigil_app;

-- Last running number of each day. Its row is locked until the export that took a number commits: no gap, no repetition.
CREATE TABLE export.counter (
  day date PRIMARY KEY,
  last integer NOT NULL
);

CREATE TABLE export.export (
  id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE,
  list text NOT NULL CHECK (list IN ('purchases')),
  format text NOT NULL CHECK (format IN ('csv', 'xlsx')),
  clear boolean NOT NULL,
  reason text,
  owner_id uuid NOT NULL,
  created_by text NOT NULL,
  area_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  -- Subtrees that were exported: all that the owner was allowed to export at that time, narrowed by the filter.
  scope text[] NOT NULL,
  from_day date NOT NULL,
  to_day date NOT NULL,
  -- Sealed by the vault's long-term key, for it may hold the keyed index of one person.
  sealed_filter bytea NOT NULL,
  status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'ready', 'failed', 'expired')),
  attempts integer NOT NULL DEFAULT 0,
  rows integer NOT NULL DEFAULT 0,
  expected_rows integer NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0,
  sha256 text,
  error text,
  file_id uuid,
  created_at timestamptz NOT NULL,
  touched_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX ON export.export (owner_id, id);
CREATE INDEX ON export.export (touched_at) WHERE status = 'running';
GRANT SELECT, INSERT, UPDATE ON export.counter, export.export TO vigil_app;
CALL vigil.protect('export.export');
-- Outside the wall, for a reason.
COMMENT ON TABLE export.counter IS 'No row-level security: a running number for the installation.';
