-- A logger's file about a lot at a holder: its readings as [milliseconds since 1970, 0.1 °C] in order of time, and the rows that were
-- not taken. Never changed; what it means for the goods is judged against their limit when it is read.
CREATE TABLE coldchain.temperature (
  id uuid PRIMARY KEY,
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  holder_id uuid NOT NULL REFERENCES coldchain.holder,
  filename text NOT NULL,
  sha256 text NOT NULL,
  maker text,
  serial text,
  readings jsonb NOT NULL,
  problems jsonb NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL,
  UNIQUE (lot_id, holder_id, sha256)
);
GRANT SELECT, INSERT ON coldchain.temperature TO vigil_app;
CALL vigil.protect('coldchain.temperature');
