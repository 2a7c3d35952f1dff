CREATE SCHEMA alert;
GRANT USAGE ON SCHEMA alert TO vigil_app;

-- Last running number of the alerts of each day.
CREATE TABLE alert.counter (
  day date PRIMARY KEY,
  last integer NOT NULL
);
COMMENT ON TABLE alert.counter IS 'No row-level security: a running number for the installation.';

-- Minutes to the first response by grade, and days of quiet after which an alert fades; the newest that has begun counts.
CREATE TABLE alert.policy (
  valid_from date PRIMARY KEY,
  blue integer NOT NULL,
  yellow integer NOT NULL,
  orange integer NOT NULL,
  red integer NOT NULL,
  quiet_days integer NOT NULL CHECK (quiet_days BETWEEN 1 AND 14),
  set_by text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE alert.policy IS 'No row-level security: rules of the whole installation, without area.';
INSERT INTO alert.policy (valid_from, blue, yellow, orange, red, quiet_days, set_by) VALUES ('2020-01-01', 1440, 240, 60, 30, 3, '系统');

-- One event of demand: one class, one or more touching counties, days in a row.
CREATE TABLE alert.alert (
  id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE,
  class text NOT NULL,
  -- Deepest path that contains all its units.
  path text COLLATE "C" NOT NULL,
  grade text NOT NULL CHECK (grade IN ('blue', 'yellow', 'orange', 'red')),
  state text NOT NULL CHECK (state IN ('new', 'taken', 'checking', 'found', 'closed', 'faded', 'merged')),
  first_day date NOT NULL,
  last_day date NOT NULL,
  opened_at timestamptz NOT NULL,
  -- When the first response is due, and when it came.
  due_at timestamptz NOT NULL,
  answered_at timestamptz,
  answered_by text,
  -- When it goes to the next level, if nobody answers; none at the top.
  escalate_at timestamptz,
  -- Level that it has reached, from which the next one is counted.
  level_path text COLLATE "C" NOT NULL,
  escalations integer NOT NULL DEFAULT 0,
  assignee_id uuid,
  assignee text,
  finding text CHECK (finding IN ('true', 'false', 'explained')),
  explanation text CHECK (explanation IN ('promotion', 'holiday', 'stock-up', 'other')),
  found_at timestamptz,
  closed_at timestamptz,
  faded_at timestamptz,
  merged_into uuid REFERENCES alert.alert
);
CREATE INDEX ON alert.alert (class, last_day) WHERE state NOT IN ('merged');
CREATE INDEX ON alert.alert (escalate_at) WHERE state = 'new';
CREATE INDEX ON alert.alert (state) WHERE state IN ('new', 'taken', 'checking', 'found');
CREATE INDEX ON alert.alert (opened_at);

-- Counties, offices and stores of an event. Who may see one of them may see the alert, and of its units only these.
CREATE TABLE alert.unit (
  alert_id uuid NOT NULL REFERENCES alert.alert,
  kind text NOT NULL CHECK (kind IN ('county', 'office', 'store')),
  code text NOT NULL,
  name text NOT NULL,
  county text NOT NULL,
  path text COLLATE "C" NOT NULL,
  PRIMARY KEY (alert_id, kind, code)
);
CREATE INDEX ON alert.unit (path);

-- What the rules found: the evidence. One row for each unit, day and rule, whatever is computed again.
CREATE TABLE alert.signal (
  alert_id uuid NOT NULL REFERENCES alert.alert,
  class text NOT NULL,
  kind text NOT NULL,
  code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  day date NOT NULL,
  rule_id text NOT NULL,
  rule_version integer NOT NULL,
  rule_name text NOT NULL,
  observed double precision NOT NULL,
  expected double precision,
  lower double precision,
  upper double precision,
  score double precision,
  p double precision,
  -- None when the day, computed again, is inside its band.
  grade text CHECK (grade IN ('blue', 'yellow', 'orange', 'red')),
  reason text NOT NULL,
  completeness double precision NOT NULL,
  PRIMARY KEY (class, kind, code, day, rule_id)
);
CREATE INDEX ON alert.signal (alert_id);
CREATE INDEX ON alert.signal (rule_id, rule_version);

CREATE TABLE alert.step (
  id uuid PRIMARY KEY,
  alert_id uuid NOT NULL REFERENCES alert.alert,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  kind text NOT NULL,
  text text NOT NULL
);
CREATE INDEX ON alert.step (alert_id, id);

CREATE TABLE alert.question (
  id uuid PRIMARY KEY,
  alert_id uuid NOT NULL REFERENCES alert.alert,
  store_code text NOT NULL,
  store_name text NOT NULL,
  path text COLLATE "C" NOT NULL,
  text text NOT NULL,
  asked_at timestamptz NOT NULL,
  asked_by text NOT NULL,
  due_at timestamptz NOT NULL,
  -- What a store writes may tell of its customers: sealed.
  sealed_answer bytea,
  answered_at timestamptz
);
CREATE INDEX ON alert.question (alert_id);

CREATE TABLE alert.referral (
  id uuid PRIMARY KEY,
  alert_id uuid NOT NULL REFERENCES alert.alert,
  recipient text NOT NULL,
  text text NOT NULL,
  sent_at timestamptz NOT NULL,
  sent_by text NOT NULL,
  receipt text,
  received_at timestamptz,
  received_by text
);
CREATE INDEX ON alert.referral (alert_id);

GRANT SELECT, INSERT, UPDATE ON alert.counter, alert.policy, alert.alert, alert.unit, alert.signal, alert.step, alert.question, alert.referral TO vigil_app;
GRANT DELETE ON alert.unit TO vigil_app;
CALL vigil.protect('alert.unit');
CALL vigil.protect('alert.signal');
CALL vigil.protect('alert.question');

-- An event over two counties belongs to both: it is as visible as any of its units. The background work, which sees the
-- whole country, opens it before it has any.
CREATE PROCEDURE vigil.protect_by_alert(target regclass, key text)
LANGUAGE plpgsql AS $$
DECLARE
  rule text := format('EXISTS (SELECT FROM alert.unit u WHERE u.alert_id = %s.%I AND u.path ^@ ANY ((SELECT vigil.paths())::text[]))
    OR ''/'' = ANY ((SELECT vigil.paths())::text[])', target, key);
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY scope ON %1$s TO vigil_app USING (%2$s) WITH CHECK (%2$s)', target, rule);
END $$;
CALL vigil.protect_by_alert('alert.alert', 'id');
CALL vigil.protect_by_alert('alert.step', 'alert_id');
CALL vigil.protect_by_alert('alert.referral', 'alert_id');
DROP PROCEDURE vigil.protect_by_alert(regclass, text);
