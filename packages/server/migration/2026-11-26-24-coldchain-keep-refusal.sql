-- A lot that an officer will not release, and why. The gate is shut anyway; the owner is told the reason, and a release later stands for itself.
CREATE TABLE coldchain.refusal (
  id uuid PRIMARY KEY,
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  reason text NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE INDEX ON coldchain.refusal (lot_id, id);
GRANT SELECT, INSERT ON coldchain.refusal TO vigil_app;
CALL vigil.protect('coldchain.refusal');
