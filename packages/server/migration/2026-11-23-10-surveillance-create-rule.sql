CREATE SCHEMA surveillance;
GRANT USAGE ON SCHEMA surveillance TO vigil_app;

-- A rule by its name and place; what it says is in its versions, of which none is ever changed.
CREATE TABLE surveillance.rule (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  -- None: the rule is paused.
  active_version integer,
  latest_version integer NOT NULL,
  revision integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL
);
CREATE TABLE surveillance.version (
  rule_id uuid NOT NULL REFERENCES surveillance.rule,
  version integer NOT NULL,
  path text COLLATE "C" NOT NULL,
  settings jsonb NOT NULL,
  note text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (rule_id, version)
);

-- What the rule in force says of a unit and class, a month in one row: a row for each day would be six million for 3,000
-- areas and 400 days. Layout of `days` in pack.domain.ts.
CREATE TABLE surveillance.month (
  unit text NOT NULL,
  class text NOT NULL,
  rule_id uuid NOT NULL,
  month date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('county', 'office', 'store')),
  county text NOT NULL,
  path text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  days bytea NOT NULL,
  PRIMARY KEY (unit, class, rule_id, month)
);
-- Rows of a day are rewritten as sales come in: room in the page keeps that cheap, and these bytes do not compress.
ALTER TABLE surveillance.month ALTER COLUMN days SET STORAGE EXTERNAL, SET (fillfactor = 70);

-- Which process evaluates, and until when it is believed to be alive.
CREATE TABLE surveillance.lease (
  name text PRIMARY KEY,
  by uuid NOT NULL,
  until timestamptz NOT NULL
);
COMMENT ON TABLE surveillance.lease IS 'No row-level security: which process evaluates, for the installation.';

-- Share of a day's sales by hour, from the days before `day`.
CREATE TABLE surveillance.profile (
  county text NOT NULL,
  day date NOT NULL,
  path text COLLATE "C" NOT NULL,
  shares double precision[] NOT NULL,
  PRIMARY KEY (county)
);

GRANT SELECT, INSERT, UPDATE ON surveillance.rule, surveillance.lease, surveillance.profile TO vigil_app;
GRANT SELECT, INSERT ON surveillance.version TO vigil_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON surveillance.month TO vigil_app;
CALL vigil.protect('surveillance.rule');
CALL vigil.protect('surveillance.version');
CALL vigil.protect('surveillance.month');
CALL vigil.protect('surveillance.profile');
