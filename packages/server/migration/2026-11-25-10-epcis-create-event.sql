CREATE SCHEMA epcis;
GRANT USAGE ON SCHEMA epcis TO vigil_app;

-- An event of EPCIS 2.0 as it was captured, once. Its key is the hash of CBV 2.0, which leaves error declarations out: one of
-- those is a record of its own beside the event that it declares wrong.
CREATE TABLE epcis.event (
  -- Order of capture within a transaction; between transactions the order in which they become visible is that of txid.
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  declared_at timestamptz,
  txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  path text COLLATE "C" NOT NULL,
  -- Only what the sender gave; else the event goes by its hash.
  event_id text COLLATE "C",
  type text NOT NULL,
  action text,
  event_time timestamptz NOT NULL,
  record_time timestamptz NOT NULL,
  biz_step text COLLATE "C",
  disposition text COLLATE "C",
  read_point text COLLATE "C",
  biz_location text COLLATE "C",
  transformation_id text COLLATE "C",
  error_reason text,
  -- What its JSON-LD context holds beyond that of EPCIS: prefixes and addresses.
  context json,
  doc json NOT NULL,
  UNIQUE NULLS NOT DISTINCT (hash, declared_at)
);
CREATE INDEX ON epcis.event (txid, seq);
CREATE INDEX ON epcis.event (event_time, seq);
CREATE INDEX ON epcis.event (biz_step, event_time);
CREATE INDEX ON epcis.event (read_point, event_time);
CREATE INDEX ON epcis.event (biz_location, event_time);
CREATE INDEX ON epcis.event (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX ON epcis.event (transformation_id) WHERE transformation_id IS NOT NULL;

-- The things and classes of an event: what it is found by. Values are canonical Digital Links, so that a thing is one
-- however it was spelled.
CREATE TABLE epcis.thing (
  seq bigint NOT NULL REFERENCES epcis.event,
  path text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  role text NOT NULL CHECK (role IN ('epc', 'child', 'parent', 'input', 'output')),
  is_class boolean NOT NULL,
  quantity double precision,
  uom text
);
CREATE INDEX ON epcis.thing (value, seq);
CREATE INDEX ON epcis.thing (seq);

-- All else of an event that can be asked for by name: business documents, parties, corrections, extensions.
CREATE TABLE epcis.fact (
  seq bigint NOT NULL REFERENCES epcis.event,
  path text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  value text COLLATE "C",
  number double precision,
  at timestamptz
);
CREATE INDEX ON epcis.fact (name, value, seq);
CREATE INDEX ON epcis.fact (seq);

GRANT SELECT, INSERT ON epcis.event, epcis.thing, epcis.fact TO vigil_app;
CALL vigil.protect('epcis.event');
CALL vigil.protect('epcis.thing');
CALL vigil.protect('epcis.fact');
