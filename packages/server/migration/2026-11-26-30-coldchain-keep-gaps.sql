-- Cases beside lots and tonnes.
ALTER TABLE coldchain.tally ADD boxes bigint NOT NULL DEFAULT 0;
UPDATE coldchain.tally t SET boxes = counted.boxes FROM (
  SELECT path, day, sum(boxes) AS boxes FROM (
    SELECT left(h.path, -length(h.code) - 1) AS path, (d.entered_at AT TIME ZONE 'Asia/Shanghai')::date AS day, d.entered_boxes AS boxes
    FROM coldchain.declaration d JOIN coldchain.holder h ON h.id = d.warehouse_id WHERE d.entered_boxes IS NOT NULL
    UNION ALL
    SELECT left(h.path, -length(h.code) - 1), (c.at AT TIME ZONE 'Asia/Shanghai')::date, c.boxes
    FROM coldchain.certificate c JOIN coldchain.lot l ON l.id = c.lot_id JOIN coldchain.holder h ON h.id = l.holder_id
    WHERE c.province IS NOT NULL
  ) AS each GROUP BY path, day
) AS counted WHERE counted.path = t.path AND counted.day = t.day;

-- The list of gaps as it was on a day, kept once: so that a past day can be shown as it was known then.
CREATE TABLE coldchain.gap_day (
  day date PRIMARY KEY,
  kept_at timestamptz NOT NULL,
  total integer NOT NULL
);
COMMENT ON TABLE coldchain.gap_day IS 'No row-level security: which days are kept, of the whole installation.';
CREATE TABLE coldchain.gap (
  day date NOT NULL REFERENCES coldchain.gap_day,
  -- The same every day until it is mended.
  key text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('not-received', 'not-sent-on', 'no-entry', 'expired', 'uncounted')),
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  holder_id uuid NOT NULL REFERENCES coldchain.holder,
  other_id uuid REFERENCES coldchain.holder,
  grams bigint NOT NULL CHECK (grams > 0),
  due timestamptz NOT NULL,
  path text COLLATE "C" NOT NULL,
  other_path text COLLATE "C",
  PRIMARY KEY (day, key)
);
GRANT SELECT, INSERT ON coldchain.gap_day, coldchain.gap TO vigil_app;
-- Both ends of a way see that it is open.
ALTER TABLE coldchain.gap ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON coldchain.gap TO vigil_app
  USING (path ^@ ANY ((SELECT vigil.paths())::text[]) OR other_path ^@ ANY ((SELECT vigil.paths())::text[]))
  WITH CHECK (path ^@ ANY ((SELECT vigil.paths())::text[]));

-- What was done about a violation, in order; between open and closed somebody is at it.
ALTER TABLE coldchain.violation DROP CONSTRAINT violation_state_check;
ALTER TABLE coldchain.violation ADD CONSTRAINT violation_state_check CHECK (state IN ('open', 'taken', 'closed'));
CREATE TABLE coldchain.violation_step (
  id uuid PRIMARY KEY,
  violation_id uuid NOT NULL REFERENCES coldchain.violation,
  kind text NOT NULL CHECK (kind IN ('take', 'note', 'close')),
  note text NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE INDEX ON coldchain.violation_step (violation_id, id);
GRANT SELECT, INSERT ON coldchain.violation_step TO vigil_app;
CALL vigil.protect('coldchain.violation_step');
-- Found by the number on the paper.
CREATE INDEX ON coldchain.certificate (number);
CREATE INDEX ON coldchain.violation (path) WHERE state <> 'closed';
