CREATE SCHEMA followup;
GRANT USAGE ON SCHEMA followup TO vigil_app;

-- What makes a buyer a person to follow up, by area: the newest version of the nearest area above a store counts there.
CREATE TABLE followup.rule_set (
  id uuid PRIMARY KEY,
  area_code text NOT NULL REFERENCES area.area,
  version integer NOT NULL,
  rules jsonb NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  UNIQUE (area_code, version)
);
COMMENT ON TABLE followup.rule_set IS 'No row-level security: thresholds without personal data; who may change them is checked by the path of the area.';

-- A person to follow up. What is known of the person is sealed under the key of the month of the newest purchase; it and the
-- keyed indexes go with that key.
CREATE TABLE followup.entry (
  id uuid PRIMARY KEY,
  area_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  document_type text NOT NULL,
  person_index bytea,
  mobile_index bytea,
  address_index bytea,
  key_month text NOT NULL,
  sealed bytea,
  causes text[] NOT NULL,
  grade text NOT NULL CHECK (grade IN ('blue', 'yellow', 'orange', 'red')),
  state text NOT NULL CHECK (state IN ('new', 'in-hand', 'handed', 'closed')),
  -- None once closed.
  due_at timestamptz CHECK ((due_at IS NULL) = (state = 'closed')),
  opened_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  closed_at timestamptz,
  outcome text CHECK (outcome IN ('well', 'sent', 'tested', 'positive', 'unreachable', 'other', 'withdrawn')),
  reopened integer NOT NULL DEFAULT 0,
  assignee_id uuid,
  assignee text,
  sheet_id uuid,
  revision integer NOT NULL DEFAULT 0
);
-- Two processes cannot both open one for the same person.
CREATE UNIQUE INDEX entry_open_person_idx ON followup.entry (person_index) WHERE state <> 'closed';
CREATE INDEX entry_person_idx ON followup.entry (person_index, id);
CREATE INDEX entry_mobile_idx ON followup.entry (mobile_index);
CREATE INDEX entry_address_idx ON followup.entry (address_index);
CREATE INDEX entry_due_idx ON followup.entry (due_at, id) WHERE state <> 'closed';
CREATE INDEX entry_closed_idx ON followup.entry (closed_at, id) WHERE state = 'closed';
CREATE INDEX entry_month_idx ON followup.entry (key_month);

-- Why: one row for each rule that was met, with figures only.
CREATE TABLE followup.cause (
  entry_id uuid NOT NULL REFERENCES followup.entry,
  kind text NOT NULL CHECK (kind IN ('fever', 'repeat', 'classes', 'mobile', 'address', 'proxy')),
  path text COLLATE "C" NOT NULL,
  grade text NOT NULL,
  rule_version integer NOT NULL,
  detail jsonb NOT NULL,
  found_at timestamptz NOT NULL,
  PRIMARY KEY (entry_id, kind)
);

-- The person's own purchases behind a cause. They go with the key of their month, so that nothing ties a person who is
-- still known to sales whose buyer was forgotten.
CREATE TABLE followup.evidence (
  entry_id uuid NOT NULL REFERENCES followup.entry,
  kind text NOT NULL,
  purchase_id uuid NOT NULL,
  path text COLLATE "C" NOT NULL,
  key_month text NOT NULL,
  PRIMARY KEY (entry_id, kind, purchase_id)
);
CREATE INDEX evidence_month_idx ON followup.evidence (key_month);
CREATE INDEX evidence_purchase_idx ON followup.evidence (purchase_id);

-- What happened to an entry, and who did it. Never changed.
CREATE TABLE followup.event (
  id uuid PRIMARY KEY,
  entry_id uuid NOT NULL REFERENCES followup.entry,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  kind text NOT NULL,
  detail jsonb NOT NULL,
  -- What somebody typed, which may be about the person: sealed under the key of a month.
  key_month text,
  sealed bytea
);
CREATE INDEX event_entry_idx ON followup.event (entry_id, id);

-- Hand-over sheets to a community or a CDC, and their receipts.
CREATE TABLE followup.sheet (
  id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE,
  area_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  recipient text NOT NULL CHECK (recipient IN ('community', 'cdc', 'other')),
  recipient_name text NOT NULL,
  persons integer NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  receipt_number text,
  receipt_note text,
  receipt_at timestamptz,
  receipt_by text
);
CREATE INDEX sheet_path_idx ON followup.sheet (id) WHERE receipt_at IS NULL;
CREATE TABLE followup.sheet_line (
  sheet_id uuid NOT NULL REFERENCES followup.sheet,
  line integer NOT NULL,
  entry_id uuid NOT NULL REFERENCES followup.entry,
  path text COLLATE "C" NOT NULL,
  PRIMARY KEY (sheet_id, line)
);
CREATE INDEX sheet_line_entry_idx ON followup.sheet_line (entry_id);

CREATE TABLE followup.counter (
  day date PRIMARY KEY,
  last integer NOT NULL
);
COMMENT ON TABLE followup.counter IS 'No row-level security: a running number for the installation.';

-- Addresses of persons who met a rule (ADR 0017), as keyed indexes, for as long as they count.
CREATE TABLE followup.address (
  address_index bytea NOT NULL,
  person_index bytea NOT NULL,
  last_day date NOT NULL,
  key_month text NOT NULL,
  PRIMARY KEY (address_index, person_index)
);
CREATE INDEX address_month_idx ON followup.address (key_month);

-- What of each store's day was looked at: where the rollup says otherwise, it is looked at again.
CREATE TABLE followup.seen (
  county text NOT NULL,
  store_code text NOT NULL,
  day date NOT NULL,
  purchases integer NOT NULL,
  buyers integer NOT NULL,
  units integer NOT NULL,
  fever integer NOT NULL,
  PRIMARY KEY (county, store_code, day)
);

-- Which process looks, until when it is believed to be alive, and the last day that was gone through as a whole.
CREATE TABLE followup.lease (
  name text PRIMARY KEY,
  holder uuid,
  until timestamptz,
  swept_day date
);
COMMENT ON TABLE followup.lease IS 'No row-level security: which process looks, for the installation.';

GRANT SELECT, INSERT, UPDATE ON followup.rule_set, followup.entry, followup.sheet, followup.sheet_line, followup.counter, followup.lease TO vigil_app;
GRANT SELECT, INSERT ON followup.event TO vigil_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON followup.cause, followup.evidence, followup.address, followup.seen TO vigil_app;
CALL vigil.protect('followup.entry');
CALL vigil.protect('followup.cause');
CALL vigil.protect('followup.evidence');
CALL vigil.protect('followup.event');
CALL vigil.protect('followup.sheet');
CALL vigil.protect('followup.sheet_line');
ALTER TABLE followup.address ENABLE ROW LEVEL SECURITY;
CREATE POLICY whole ON followup.address TO vigil_app USING ((SELECT vigil.in_scope('/'))) WITH CHECK ((SELECT vigil.in_scope('/')));
COMMENT ON TABLE followup.address IS 'Keyed indexes of addresses and persons; for finding households alone, in the scope of the whole country.';
ALTER TABLE followup.seen ENABLE ROW LEVEL SECURITY;
CREATE POLICY whole ON followup.seen TO vigil_app USING ((SELECT vigil.in_scope('/'))) WITH CHECK ((SELECT vigil.in_scope('/')));
COMMENT ON TABLE followup.seen IS 'Totals that were looked at; for the background work alone, in the scope of the whole country.';
