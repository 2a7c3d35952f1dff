-- From which time of day those in charge of an area are told of the stores that have not checked in, from which day on.
-- Never changed: a new rule follows the old one.
CREATE TABLE opening.reminder_rule (
  id uuid PRIMARY KEY,
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  valid_from date NOT NULL,
  -- HH:MM in Asia/Shanghai; null: nobody is told from that day on.
  at text CHECK (at ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  note text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL
);
COMMENT ON TABLE opening.reminder_rule IS 'No row-level security: public facts; who may add one is checked by its path.';

-- That the stores missing in an area were told of on a day: the key makes it once, whichever process comes first and however
-- its clock jumps.
CREATE TABLE opening.reminder (
  day date NOT NULL,
  path text COLLATE "C" NOT NULL,
  area_code text NOT NULL,
  at timestamptz NOT NULL,
  missing integer NOT NULL,
  recipients integer NOT NULL,
  PRIMARY KEY (day, path)
);

GRANT SELECT, INSERT ON opening.reminder_rule TO vigil_app;
GRANT SELECT, INSERT, UPDATE ON opening.reminder TO vigil_app;
CALL vigil.protect('opening.reminder');
