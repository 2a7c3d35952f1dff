CREATE SCHEMA staff;
GRANT USAGE ON SCHEMA staff TO vigil_app;

-- How often the workers of an area are tested, from which day on. Never changed: a new rule follows the old one, so that
-- what was required on a past day stays as it was.
CREATE TABLE staff.rule (
  id uuid PRIMARY KEY,
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  valid_from date NOT NULL,
  -- Longest time between two tests in days; null: none is required from that day on.
  cycle_days integer CHECK (cycle_days BETWEEN 1 AND 90),
  -- Days before the due day on which one is reminded, and within which a newcomer is tested first.
  warn_days integer NOT NULL CHECK (warn_days BETWEEN 0 AND 30),
  note text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL
);
COMMENT ON TABLE staff.rule IS 'No row-level security: public facts; who may add one is checked by its path.';

-- A worker in a store from a day to a day. What is known when: `recorded_at`, `left_recorded_at`, `void_at`.
CREATE TABLE staff.member (
  id uuid PRIMARY KEY,
  store_code text NOT NULL,
  county text NOT NULL,
  area_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  role text NOT NULL CHECK (role IN ('pharmacist', 'clerk', 'other')),
  document_type text NOT NULL,
  -- Keyed indexes, the same as those of purchases. Emptied when the data is destroyed.
  person_index bytea,
  mobile_index bytea,
  -- Month of the data key and the personal data under it; sealed again each month while the worker stays.
  key_month text NOT NULL,
  sealed bytea NOT NULL,
  -- Keyed digest of name, mobile and role: tells a row of a file that changes nothing.
  digest bytea,
  joined_on date NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by text NOT NULL,
  -- First day off.
  left_on date,
  left_reason text,
  left_recorded_at timestamptz,
  -- Entered by mistake: was never a worker here.
  void_at timestamptz,
  updated_at timestamptz NOT NULL,
  CHECK (left_on IS NULL OR left_on >= joined_on),
  CHECK ((left_on IS NULL) = (left_recorded_at IS NULL))
);
CREATE INDEX ON staff.member (store_code);
CREATE INDEX ON staff.member (path);
CREATE INDEX ON staff.member (person_index);
CREATE INDEX ON staff.member (key_month);
-- One person is on a store's roster once at a time.
CREATE UNIQUE INDEX ON staff.member (store_code, person_index) WHERE left_on IS NULL AND void_at IS NULL;

-- A test, once for each store that the person works in.
CREATE TABLE staff.result (
  id uuid PRIMARY KEY,
  member_id uuid NOT NULL REFERENCES staff.member,
  path text COLLATE "C" NOT NULL,
  sampled_at timestamptz NOT NULL,
  -- Calendar day of sampling in Asia/Shanghai.
  sampled_on date NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('pending', 'negative', 'positive')),
  outcome_at timestamptz,
  -- Code of tube or report.
  code text,
  lab text NOT NULL,
  source text NOT NULL CHECK (source IN ('store', 'supervisor', 'import', 'scanned')),
  entered_at timestamptz NOT NULL,
  entered_by text NOT NULL,
  -- Taken back: sample or entry was no good.
  void_at timestamptz,
  void_reason text
);
CREATE UNIQUE INDEX ON staff.result (member_id, sampled_at) WHERE void_at IS NULL;
CREATE INDEX ON staff.result (member_id, sampled_on);
CREATE INDEX ON staff.result (code) WHERE code IS NOT NULL;

-- Days on which a worker need not be tested.
CREATE TABLE staff.exemption (
  id uuid PRIMARY KEY,
  member_id uuid NOT NULL REFERENCES staff.member,
  path text COLLATE "C" NOT NULL,
  from_day date NOT NULL,
  to_day date NOT NULL,
  reason text NOT NULL,
  note text NOT NULL,
  entered_at timestamptz NOT NULL,
  entered_by text NOT NULL,
  void_at timestamptz,
  CHECK (to_day >= from_day)
);
CREATE INDEX ON staff.exemption (member_id);

GRANT SELECT, INSERT ON staff.rule TO vigil_app;
GRANT SELECT, INSERT, UPDATE ON staff.member, staff.result, staff.exemption TO vigil_app;
CALL vigil.protect('staff.member');
CALL vigil.protect('staff.result');
CALL vigil.protect('staff.exemption');
