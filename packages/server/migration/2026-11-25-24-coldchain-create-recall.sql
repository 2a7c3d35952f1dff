-- Recalls, in earnest or as an exercise. Its classification is written once, when it is called out; what holders find is appended.
CREATE SEQUENCE coldchain.recall_number;
CREATE TABLE coldchain.recall (
  id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('real', 'mock')),
  -- A draft is a proposal: nothing is frozen, nobody told.
  state text NOT NULL CHECK (state IN ('draft', 'open', 'closed')),
  reason text NOT NULL,
  ordered_by text NOT NULL,
  total_grams bigint NOT NULL DEFAULT 0 CHECK (total_grams >= 0),
  -- What the ledger does not bear out.
  problems jsonb NOT NULL DEFAULT '[]',
  outcome text NOT NULL DEFAULT '',
  path text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  opened_at timestamptz,
  opened_by text,
  closed_at timestamptz,
  closed_by text,
  CHECK ((state = 'draft') = (opened_at IS NULL)),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX ON coldchain.recall (path, id);

-- The recalled lots themselves, not what was made of them.
CREATE TABLE coldchain.recall_lot (
  recall_id uuid NOT NULL REFERENCES coldchain.recall,
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  PRIMARY KEY (recall_id, lot_id)
);
CREATE INDEX ON coldchain.recall_lot (lot_id);

-- Where each gram was when it was called out. Never changed: the lines of a recall sum to its total.
CREATE TABLE coldchain.recall_line (
  id uuid PRIMARY KEY,
  recall_id uuid NOT NULL REFERENCES coldchain.recall,
  fate text NOT NULL CHECK (fate IN ('on-hand', 'in-transit', 'left', 'consumed', 'destroyed', 'sampled', 'lost', 'unaccounted')),
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  holder_id uuid NOT NULL REFERENCES coldchain.holder,
  to_id uuid REFERENCES coldchain.holder,
  dispatch text,
  -- Of the recalled goods, and with what they were mixed with.
  grams bigint NOT NULL CHECK (grams > 0),
  mass bigint NOT NULL CHECK (mass >= grams),
  path text COLLATE "C" NOT NULL
);
CREATE INDEX ON coldchain.recall_line (recall_id, id);

-- Who was told.
CREATE TABLE coldchain.recall_notice (
  recall_id uuid NOT NULL REFERENCES coldchain.recall,
  holder_id uuid NOT NULL REFERENCES coldchain.holder,
  told_at timestamptz NOT NULL,
  path text COLLATE "C" NOT NULL,
  PRIMARY KEY (recall_id, holder_id)
);
CREATE INDEX ON coldchain.recall_notice (path, recall_id);

-- What a holder found when told to count. Never changed: the last word of a holder about a lot counts.
CREATE TABLE coldchain.recall_count (
  id uuid PRIMARY KEY,
  recall_id uuid NOT NULL REFERENCES coldchain.recall,
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  holder_id uuid NOT NULL REFERENCES coldchain.holder,
  grams bigint NOT NULL CHECK (grams >= 0),
  note text NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE INDEX ON coldchain.recall_count (recall_id, id);

GRANT USAGE ON SEQUENCE coldchain.recall_number TO vigil_app;
GRANT SELECT, INSERT, UPDATE ON coldchain.recall TO vigil_app;
GRANT SELECT, INSERT ON coldchain.recall_lot, coldchain.recall_line, coldchain.recall_notice, coldchain.recall_count TO vigil_app;
CALL vigil.protect('coldchain.recall');
CALL vigil.protect('coldchain.recall_line');
CALL vigil.protect('coldchain.recall_notice');
CALL vigil.protect('coldchain.recall_count');
