-- What the rule in force says of the running day of a unit and class. It changes with every sale, a month's row of a
-- thousand bytes does not: a look at a city in a rush wrote all of them anew, and counters waited for the disk.
CREATE TABLE surveillance.running (
  unit text NOT NULL,
  class text NOT NULL,
  rule_id uuid NOT NULL,
  day date NOT NULL,
  path text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  -- A day before this one that others are still told of had a grade.
  uneasy boolean NOT NULL,
  -- One day of the layout of `surveillance.month.days`.
  cell bytea NOT NULL,
  PRIMARY KEY (unit, class, rule_id)
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE, DELETE ON surveillance.running TO vigil_app;
CALL vigil.protect('surveillance.running');
