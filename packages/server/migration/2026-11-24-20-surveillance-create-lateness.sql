-- Stores of a county whose sales come in days later as a habit, learned once a day from the four weeks before `day`: a list of
-- {store, within}, where within[n] is the share of a day's sales that are in after n days.
CREATE TABLE surveillance.lateness (
  county text NOT NULL,
  day date NOT NULL,
  path text COLLATE "C" NOT NULL,
  stores jsonb NOT NULL,
  PRIMARY KEY (county)
);
GRANT SELECT, INSERT, UPDATE ON surveillance.lateness TO vigil_app;
CALL vigil.protect('surveillance.lateness');
