-- Lines that the medical insurance paid, and the order that each breaks.
CREATE TABLE stopsale.line (
  id uuid PRIMARY KEY,
  -- Keyed digest of what the row says, and of how often the file says it: the same row is there once.
  digest bytea NOT NULL UNIQUE,
  store_code text NOT NULL,
  county text NOT NULL,
  area_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  drug_id uuid NOT NULL,
  day date NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  serial text,
  -- The insured person, where the file names one: index and sealed data go when the month is shredded.
  person_index bytea,
  key_month text,
  sealed bytea,
  match text NOT NULL CHECK (match IN ('matched', 'partial', 'none')),
  order_id uuid REFERENCES stopsale.stop_order,
  imported_at timestamptz NOT NULL,
  imported_by text NOT NULL,
  CHECK ((match = 'none') = (order_id IS NULL))
);
CREATE INDEX line_day_idx ON stopsale.line (day, id);
CREATE INDEX line_match_idx ON stopsale.line (day, id) WHERE match <> 'none';
CREATE INDEX line_store_idx ON stopsale.line (store_code, day);

GRANT SELECT, INSERT ON stopsale.line TO vigil_app;
GRANT UPDATE (match, order_id, person_index) ON stopsale.line TO vigil_app;
CALL vigil.protect('stopsale.line');
