-- A lot announced for a warehouse, with its slot. Its own facts are those of the lot that it makes.
CREATE SEQUENCE coldchain.declaration_number;
CREATE TABLE coldchain.declaration (
  id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE,
  lot_id uuid NOT NULL UNIQUE REFERENCES coldchain.lot,
  owner_id uuid NOT NULL REFERENCES coldchain.holder,
  warehouse_id uuid NOT NULL REFERENCES coldchain.holder,
  -- Hour that was booked.
  slot_at timestamptz NOT NULL,
  vehicle text NOT NULL,
  -- Driver: name and mobile under the data key of the month; null once forgotten.
  key_month text NOT NULL,
  sealed bytea,
  boxes integer NOT NULL CHECK (boxes > 0),
  grams bigint NOT NULL CHECK (grams > 0),
  state text NOT NULL DEFAULT 'declared' CHECK (state IN ('declared', 'disputed', 'entered', 'cancelled')),
  path text COLLATE "C" NOT NULL,
  owner_path text COLLATE "C" NOT NULL,
  declared_at timestamptz NOT NULL,
  declared_by text NOT NULL,
  -- What both sides agreed on.
  entered_at timestamptz,
  entered_boxes integer,
  entered_grams bigint,
  CHECK ((state = 'entered') = (entered_at IS NOT NULL AND entered_boxes IS NOT NULL AND entered_grams IS NOT NULL))
);
CREATE INDEX ON coldchain.declaration (warehouse_id, slot_at) WHERE state <> 'cancelled';
CREATE INDEX ON coldchain.declaration (owner_id, id);
CREATE INDEX ON coldchain.declaration (key_month);
-- What is being waited for, and what is under test.
CREATE INDEX ON coldchain.declaration (slot_at) WHERE state IN ('declared', 'disputed');

-- The four documents of a declaration, each version kept.
CREATE TABLE coldchain.document (
  id uuid PRIMARY KEY,
  declaration_id uuid NOT NULL REFERENCES coldchain.declaration,
  kind text NOT NULL CHECK (kind IN ('customs', 'quarantine', 'test', 'disinfection')),
  number text NOT NULL,
  issued_on date NOT NULL,
  file_id uuid NOT NULL,
  filename text NOT NULL,
  media_type text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  path text COLLATE "C" NOT NULL,
  owner_path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE INDEX ON coldchain.document (declaration_id, id);

-- What each side counted on arrival. Never changed: a side that counted again adds a row, and the last ones must agree.
CREATE TABLE coldchain.figure (
  id uuid PRIMARY KEY,
  declaration_id uuid NOT NULL REFERENCES coldchain.declaration,
  side text NOT NULL CHECK (side IN ('consignor', 'warehouse')),
  boxes integer NOT NULL CHECK (boxes > 0),
  grams bigint NOT NULL CHECK (grams > 0),
  -- Why it differs from what the side said before.
  reason text NOT NULL,
  path text COLLATE "C" NOT NULL,
  owner_path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE INDEX ON coldchain.figure (declaration_id, id);

-- A difference between the two sides: opened when their figures disagree, settled when both have said the same.
CREATE TABLE coldchain.discrepancy (
  declaration_id uuid PRIMARY KEY REFERENCES coldchain.declaration,
  consignor_boxes integer NOT NULL,
  consignor_grams bigint NOT NULL,
  warehouse_boxes integer NOT NULL,
  warehouse_grams bigint NOT NULL,
  opened_at timestamptz NOT NULL,
  settled_at timestamptz,
  settled_boxes integer,
  settled_grams bigint,
  path text COLLATE "C" NOT NULL,
  owner_path text COLLATE "C" NOT NULL,
  CHECK ((settled_at IS NULL) = (settled_boxes IS NULL) AND (settled_at IS NULL) = (settled_grams IS NULL))
);

-- Samples of goods, their packaging, and the vehicle.
CREATE TABLE coldchain.sample (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE,
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  subject text NOT NULL CHECK (subject IN ('goods', 'packaging', 'vehicle')),
  grams integer NOT NULL CHECK (grams >= 0),
  result text NOT NULL DEFAULT 'pending' CHECK (result IN ('pending', 'negative', 'positive')),
  lab text NOT NULL DEFAULT '',
  report_no text NOT NULL DEFAULT '',
  result_at timestamptz,
  result_by text,
  path text COLLATE "C" NOT NULL,
  taken_at timestamptz NOT NULL,
  taken_by text NOT NULL,
  CHECK ((result = 'pending') = (result_at IS NULL))
);
CREATE INDEX ON coldchain.sample (lot_id, id);
CREATE INDEX ON coldchain.sample (path) WHERE result = 'pending';

CREATE TABLE coldchain.disinfection (
  id uuid PRIMARY KEY,
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  agent text NOT NULL,
  done_at timestamptz NOT NULL,
  note text NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE INDEX ON coldchain.disinfection (lot_id, id);

-- Exit certificates 出仓证明, and those of other provinces.
CREATE SEQUENCE coldchain.certificate_number;
CREATE TABLE coldchain.certificate (
  id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE,
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  -- Null: issued by us.
  province text,
  issuer text NOT NULL,
  issued_on date NOT NULL,
  grams bigint NOT NULL CHECK (grams > 0),
  boxes integer NOT NULL CHECK (boxes > 0),
  -- What its QR code carries: of ours, unguessable and signed.
  token text NOT NULL UNIQUE,
  scans integer NOT NULL DEFAULT 0,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE INDEX ON coldchain.certificate (lot_id);

-- A code that was scanned and should not be here.
CREATE TABLE coldchain.violation (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('unknown-code', 'not-released', 'not-here', 'no-entry')),
  code text NOT NULL,
  lot_id uuid REFERENCES coldchain.lot,
  holder_id uuid REFERENCES coldchain.holder,
  place text NOT NULL,
  lon double precision,
  lat double precision,
  grams bigint CHECK (grams > 0),
  note text NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
  outcome text NOT NULL DEFAULT '',
  -- Kilograms of it that were taken off sale, in grams.
  withdrawn_grams bigint NOT NULL DEFAULT 0 CHECK (withdrawn_grams >= 0),
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL,
  closed_at timestamptz,
  closed_by text
);
CREATE INDEX ON coldchain.violation (path, id);
CREATE TABLE coldchain.photo (
  id uuid PRIMARY KEY,
  violation_id uuid NOT NULL REFERENCES coldchain.violation,
  file_id uuid NOT NULL,
  filename text NOT NULL,
  media_type text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE INDEX ON coldchain.photo (violation_id);

-- Figures of a county and day, kept with what they count: a year of a city is some thousand rows.
CREATE TABLE coldchain.tally (
  county text NOT NULL,
  path text COLLATE "C" NOT NULL,
  day date NOT NULL,
  lots integer NOT NULL DEFAULT 0,
  grams bigint NOT NULL DEFAULT 0,
  released integer NOT NULL DEFAULT 0,
  violations integer NOT NULL DEFAULT 0,
  withdrawn_grams bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (path, day)
);

GRANT USAGE ON SEQUENCE coldchain.declaration_number, coldchain.certificate_number TO vigil_app;
GRANT SELECT, INSERT ON coldchain.document, coldchain.figure, coldchain.disinfection, coldchain.photo TO vigil_app;
GRANT SELECT, INSERT, UPDATE ON coldchain.declaration, coldchain.discrepancy, coldchain.sample, coldchain.certificate,
  coldchain.violation, coldchain.tally TO vigil_app;
CALL vigil.protect('coldchain.sample');
CALL vigil.protect('coldchain.disinfection');
CALL vigil.protect('coldchain.certificate');
CALL vigil.protect('coldchain.violation');
CALL vigil.protect('coldchain.photo');
CALL vigil.protect('coldchain.tally');
-- The warehouse's county and the owner, who may be elsewhere, both see a declaration and what hangs on it.
DO $$
DECLARE
  target text;
BEGIN
  FOREACH target IN ARRAY ARRAY['declaration', 'document', 'figure', 'discrepancy'] LOOP
    EXECUTE format('ALTER TABLE coldchain.%I ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY scope ON coldchain.%I TO vigil_app
      USING (path ^@ ANY ((SELECT vigil.paths())::text[]) OR owner_path ^@ ANY ((SELECT vigil.paths())::text[]))
      WITH CHECK (path ^@ ANY ((SELECT vigil.paths())::text[]) OR owner_path ^@ ANY ((SELECT vigil.paths())::text[]))', target);
  END LOOP;
END $$;
