-- Long computations with a result: back-tests of a rule version, and scans over stores. `partial` is what is done already,
-- so that another process goes on where a killed one stopped.
CREATE TABLE surveillance.study (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('backtest', 'scan')),
  path text COLLATE "C" NOT NULL,
  area_code text NOT NULL,
  rule_id uuid REFERENCES surveillance.rule,
  version integer,
  options jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  done integer NOT NULL DEFAULT 0,
  total integer NOT NULL DEFAULT 0,
  partial jsonb,
  result jsonb,
  error text,
  lease_by uuid,
  lease_until timestamptz,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  finished_at timestamptz
);
CREATE INDEX ON surveillance.study (kind, created_at DESC);
CREATE INDEX ON surveillance.study (rule_id, version, created_at DESC) WHERE kind = 'backtest';
-- The nightly scan of a day is ordered once.
CREATE UNIQUE INDEX ON surveillance.study (path, (options ->> 'day')) WHERE kind = 'scan' AND options ->> 'nightly' = 'true';
CREATE INDEX ON surveillance.study (created_at) WHERE state IN ('waiting', 'running');
GRANT SELECT, INSERT, UPDATE ON surveillance.study TO vigil_app;
CALL vigil.protect('surveillance.study');
