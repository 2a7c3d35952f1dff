-- Temperatures that came with events: of a lot, of one box, of a way, or of the place (with all that lay there then), by device. Readings
-- as those of coldchain.temperature. Never changed; what they mean for the goods is judged when they are read.
CREATE TABLE coldchain.sensor (
  id uuid PRIMARY KEY,
  event_hash text NOT NULL,
  lot_id uuid REFERENCES coldchain.lot,
  box_uri text,
  dispatch_id uuid REFERENCES coldchain.dispatch,
  holder_id uuid REFERENCES coldchain.holder,
  device text NOT NULL,
  readings jsonb NOT NULL,
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL,
  CHECK (to_at >= from_at),
  CHECK (lot_id IS NOT NULL OR holder_id IS NOT NULL),
  CHECK (box_uri IS NULL OR lot_id IS NOT NULL)
);
CREATE INDEX ON coldchain.sensor (lot_id, from_at) WHERE lot_id IS NOT NULL;
CREATE INDEX ON coldchain.sensor (holder_id, from_at) WHERE lot_id IS NULL;
GRANT SELECT, INSERT ON coldchain.sensor TO vigil_app;
CALL vigil.protect('coldchain.sensor');
