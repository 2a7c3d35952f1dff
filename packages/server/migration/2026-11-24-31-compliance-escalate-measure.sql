-- How often what nobody has done in time goes one level up, from which day on. Never changed: a new rule follows the old one.
CREATE TABLE compliance.overdue_rule (
  id uuid PRIMARY KEY,
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  valid_from date NOT NULL,
  -- Days from one level to the next; the first is told when the measure is due.
  up_days integer NOT NULL CHECK (up_days BETWEEN 1 AND 30),
  note text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL
);
COMMENT ON TABLE compliance.overdue_rule IS 'No row-level security: public facts; who may add one is checked by its path.';

ALTER TABLE compliance.measure
  -- Account of who does it; older rows have a name only.
  ADD COLUMN assignee_id uuid,
  -- When it is next told of while nobody has done it; null once the last level knows.
  ADD COLUMN escalate_at timestamptz,
  -- How often it was told of as overdue, when last, and the level it has come to.
  ADD COLUMN escalations integer NOT NULL DEFAULT 0,
  ADD COLUMN escalated_at timestamptz,
  ADD COLUMN escalated_to text COLLATE "C";
-- What is long overdue when this comes into force is told of once.
UPDATE compliance.measure SET escalate_at = due_at WHERE state = 'open';
CREATE INDEX measure_escalate_idx ON compliance.measure (escalate_at) WHERE state = 'open' AND escalate_at IS NOT NULL;

GRANT SELECT, INSERT ON compliance.overdue_rule TO vigil_app;
