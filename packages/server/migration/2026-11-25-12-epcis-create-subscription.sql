-- Who has new events of a kept query sent to him. Events are gone through in the order of their transactions, up to the oldest
-- one still under way: what becomes visible late is not passed over.
CREATE TABLE epcis.subscription (
  id uuid PRIMARY KEY,
  query_name text COLLATE "C" NOT NULL REFERENCES epcis.query ON DELETE CASCADE,
  path text COLLATE "C" NOT NULL,
  dest text NOT NULL,
  sealed_token bytea,
  stream boolean NOT NULL,
  -- {"hour":"1","minute":"5"}; null for a stream.
  schedule jsonb,
  report_if_empty boolean NOT NULL,
  initial_record_time timestamptz NOT NULL,
  -- Everything up to here was sent and acknowledged.
  after_txid xid8 NOT NULL,
  after_seq bigint NOT NULL,
  -- A batch that was begun ends here; it stays the same however often it is sent.
  until_txid xid8,
  until_seq bigint,
  -- Events of a batch; smaller once the recipient has found one too large.
  batch integer NOT NULL,
  next_at timestamptz NOT NULL,
  lease_until timestamptz,
  failures integer NOT NULL DEFAULT 0,
  error text,
  notified_at timestamptz,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  CHECK (stream = (schedule IS NULL)),
  CHECK ((until_txid IS NULL) = (until_seq IS NULL))
);
CREATE INDEX ON epcis.subscription (next_at);
CREATE INDEX ON epcis.subscription (query_name);
GRANT SELECT, INSERT, UPDATE, DELETE ON epcis.subscription TO vigil_app;
CALL vigil.protect('epcis.subscription');
