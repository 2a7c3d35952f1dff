CREATE SCHEMA compliance;
GRANT USAGE ON SCHEMA compliance TO vigil_app;

-- Rules about stores as versioned data: the newest version of each is in force, older ones say what was in force.
CREATE TABLE compliance.rule_version (
  rule text NOT NULL,
  version integer NOT NULL,
  enabled boolean NOT NULL,
  weight numeric NOT NULL CHECK (weight BETWEEN 0 AND 100),
  values jsonb NOT NULL,
  note text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (rule, version)
);
COMMENT ON TABLE compliance.rule_version IS 'No row-level security: settings of the whole installation, without area.';

-- What the rules know of a store's day: derived once from its entries, keyed, without a name or number (ADR 0016).
CREATE TABLE compliance.fact_day (
  store_code text NOT NULL,
  day date NOT NULL,
  path text COLLATE "C" NOT NULL,
  -- Of the entries that this was derived from: a difference makes the day dirty.
  mark text NOT NULL,
  entries jsonb NOT NULL,
  PRIMARY KEY (store_code, day)
);
CREATE INDEX ON compliance.fact_day (day);

-- Where a store stands now.
CREATE TABLE compliance.store (
  store_code text PRIMARY KEY,
  path text COLLATE "C" NOT NULL,
  county text NOT NULL,
  score numeric NOT NULL,
  grade text CHECK (grade IN ('blue', 'yellow', 'orange', 'red')),
  parts jsonb NOT NULL,
  entries integer NOT NULL,
  from_day date NOT NULL,
  to_day date NOT NULL,
  -- Since when it has a grade without a break; what a later measure is counted from.
  graded_at timestamptz,
  judged_at timestamptz NOT NULL
);
CREATE INDEX ON compliance.store (score, store_code);
CREATE INDEX ON compliance.store (county, score, store_code);

-- What each rule points at, replaced at every judgement.
CREATE TABLE compliance.evidence (
  store_code text NOT NULL REFERENCES compliance.store ON DELETE CASCADE,
  rule text NOT NULL,
  key text NOT NULL,
  path text COLLATE "C" NOT NULL,
  position smallint NOT NULL,
  text text NOT NULL,
  from_day date NOT NULL,
  to_day date NOT NULL,
  count integer NOT NULL,
  purchase_ids uuid[] NOT NULL,
  PRIMARY KEY (store_code, rule, key)
);

-- Grade of a store by day, for its timeline.
CREATE TABLE compliance.score_day (
  store_code text NOT NULL,
  day date NOT NULL,
  path text COLLATE "C" NOT NULL,
  score numeric NOT NULL,
  grade text,
  PRIMARY KEY (store_code, day)
);

-- A finding that a supervisor has held off, with the reason: part of the rule's record.
CREATE TABLE compliance.dismissal (
  id uuid PRIMARY KEY,
  store_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  rule text NOT NULL,
  rule_version integer NOT NULL,
  reason text NOT NULL,
  by_name text NOT NULL,
  at timestamptz NOT NULL,
  -- Until when the rule takes no points from this store.
  until_day date NOT NULL
);
CREATE INDEX ON compliance.dismissal (store_code, until_day);
CREATE INDEX ON compliance.dismissal (rule);

-- Running number of letters by year.
CREATE TABLE compliance.counter (
  year integer PRIMARY KEY,
  last integer NOT NULL
);
COMMENT ON TABLE compliance.counter IS 'No row-level security: a running number for the installation.';

-- What was done about a store: warning, letter, interview, task of an inspector, pledge.
CREATE TABLE compliance.measure (
  id uuid PRIMARY KEY,
  number text UNIQUE,
  store_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  kind text NOT NULL CHECK (kind IN ('warning', 'letter', 'interview', 'task', 'pledge')),
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'done', 'cancelled')),
  -- Rules that pointed at the store, score and grade when it was decided.
  rules text[] NOT NULL,
  score numeric,
  grade text,
  reasons text[] NOT NULL,
  note text NOT NULL,
  assignee text,
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  answered_at timestamptz,
  closed_at timestamptz,
  closed_by text,
  outcome text CHECK (outcome IN ('confirmed', 'unfounded', 'rectified')),
  result text
);
CREATE INDEX ON compliance.measure (store_code, id);
CREATE INDEX measure_open_idx ON compliance.measure (due_at) WHERE state IN ('open', 'answered');

-- Runs over the stores of a subtree; a killed one goes on where its last part was committed.
CREATE TABLE compliance.run (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('nightly', 'demand', 'today')),
  path text COLLATE "C" NOT NULL,
  day date NOT NULL,
  -- Only these stores; all of the subtree when null.
  stores text[],
  cursor text NOT NULL DEFAULT '',
  judged integer NOT NULL DEFAULT 0,
  derived integer NOT NULL DEFAULT 0,
  asked_by text NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX run_open_idx ON compliance.run (id) WHERE finished_at IS NULL;
CREATE UNIQUE INDEX run_nightly_idx ON compliance.run (day) WHERE kind = 'nightly';

GRANT SELECT, INSERT ON compliance.rule_version, compliance.dismissal TO vigil_app;
GRANT SELECT, INSERT, UPDATE ON compliance.store, compliance.counter, compliance.measure, compliance.run TO vigil_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON compliance.fact_day, compliance.evidence, compliance.score_day TO vigil_app;
GRANT DELETE ON compliance.run TO vigil_app;
CALL vigil.protect('compliance.fact_day');
CALL vigil.protect('compliance.store');
CALL vigil.protect('compliance.evidence');
CALL vigil.protect('compliance.score_day');
CALL vigil.protect('compliance.dismissal');
CALL vigil.protect('compliance.measure');
CALL vigil.protect('compliance.run');
