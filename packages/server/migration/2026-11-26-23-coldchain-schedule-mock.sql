-- Exercises by schedule: from a day on, every so many months in each county of the area. Zero months: none any more.
CREATE TABLE coldchain.mock_rule (
  id uuid PRIMARY KEY,
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  valid_from date NOT NULL,
  months integer NOT NULL CHECK (months BETWEEN 0 AND 24),
  -- How many lots are drawn, and after how many hours an exercise is broken off.
  lots integer NOT NULL CHECK (lots BETWEEN 1 AND 20),
  hours integer NOT NULL CHECK (hours BETWEEN 1 AND 168),
  note text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL
);
COMMENT ON TABLE coldchain.mock_rule IS 'No row-level security: public facts; who may add one is checked by its path.';

-- What was drawn on a day that was due: the seed and a digest of what it was drawn from, so that the draw can be done again.
CREATE TABLE coldchain.mock_run (
  id uuid PRIMARY KEY,
  rule_id uuid NOT NULL REFERENCES coldchain.mock_rule,
  county text NOT NULL,
  due_on date NOT NULL,
  seed text NOT NULL,
  candidates integer NOT NULL,
  digest text NOT NULL,
  hours integer NOT NULL,
  recall_id uuid REFERENCES coldchain.recall,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  UNIQUE (county, due_on)
);
CREATE INDEX ON coldchain.mock_run (path, id);
CREATE INDEX ON coldchain.mock_run (recall_id) WHERE recall_id IS NOT NULL;
-- Score of an exercise, from its end on.
ALTER TABLE coldchain.recall ADD score jsonb;

GRANT SELECT, INSERT ON coldchain.mock_rule TO vigil_app;
GRANT SELECT, INSERT, UPDATE ON coldchain.mock_run TO vigil_app;
CALL vigil.protect('coldchain.mock_run');
