CREATE SCHEMA sharing;
GRANT USAGE ON SCHEMA sharing TO vigil_app;

-- Last running number of the deliveries of each day.
CREATE TABLE sharing.counter (
  day date PRIMARY KEY,
  last integer NOT NULL
);
COMMENT ON TABLE sharing.counter IS 'No row-level security: a running number for the installation.';

-- To whom the city sends its data, what, when and how.
CREATE TABLE sharing.destination (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('province', 'digital-office', 'medical-insurance', 'other')),
  url text NOT NULL,
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  list text NOT NULL CHECK (list IN ('purchases')),
  format text NOT NULL CHECK (format IN ('csv', 'xlsx', 'jsonl')),
  clear boolean NOT NULL,
  -- Why personal data goes there in clear; by whom is in the audit log.
  clear_reason text,
  state text NOT NULL CHECK (state IN ('active', 'paused')),
  -- {"every":"day","at":"06:30"}, {"every":"hours","hours":4}, {"every":"week","weekday":1,"at":"06:30"}
  schedule jsonb NOT NULL,
  cover text NOT NULL CHECK (cover IN ('yesterday', 'since-acknowledged')),
  -- {"kind":"status"}, {"kind":"json","field":"code","value":"0",…}
  receipt jsonb NOT NULL,
  timeout_seconds integer NOT NULL,
  retry_seconds integer NOT NULL,
  max_attempts integer NOT NULL,
  max_age_hours integer NOT NULL,
  -- One more header, such as Authorization; its value is sealed and never shown again.
  secret_header text,
  sealed_secret bytea,
  -- Certificates (PEM) that are trusted besides the public ones.
  ca text,
  -- When the next push is due; none while paused.
  next_at timestamptz,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  revision integer NOT NULL DEFAULT 0
);
CREATE INDEX ON sharing.destination (next_at) WHERE state = 'active';

-- Signing keys of a destination. The private part is sealed, and gone as soon as another key takes its place.
CREATE TABLE sharing.key (
  id text PRIMARY KEY,
  destination_id uuid NOT NULL REFERENCES sharing.destination,
  path text COLLATE "C" NOT NULL,
  algorithm text NOT NULL CHECK (algorithm IN ('ed25519', 'sm2')),
  state text NOT NULL CHECK (state IN ('next', 'active', 'retired')),
  public_key text NOT NULL,
  sealed_private bytea,
  created_at timestamptz NOT NULL,
  activated_at timestamptz,
  retired_at timestamptz
);
CREATE UNIQUE INDEX ON sharing.key (destination_id) WHERE state = 'active';
CREATE UNIQUE INDEX ON sharing.key (destination_id) WHERE state = 'next';

-- What is to be sent once: its number is the idempotency key of every attempt.
CREATE TABLE sharing.delivery (
  id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE,
  destination_id uuid NOT NULL REFERENCES sharing.destination,
  path text COLLATE "C" NOT NULL,
  area_code text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('scheduled', 'manual', 'test')),
  from_day date NOT NULL,
  to_day date NOT NULL,
  version integer NOT NULL,
  -- The due time of the schedule that this delivery answers.
  slot_at timestamptz,
  format text NOT NULL,
  clear boolean NOT NULL,
  status text NOT NULL DEFAULT 'preparing'
    CHECK (status IN ('preparing', 'waiting', 'acknowledged', 'dead', 'closed')),
  file_id uuid,
  rows integer NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0,
  sha256 text,
  -- All attempts, and those since it was made or sent again by hand, which alone count against the limit.
  attempts integer NOT NULL DEFAULT 0,
  tries integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  give_up_at timestamptz NOT NULL,
  -- Which process is at it, and until when it is believed to be alive.
  lease_by uuid,
  lease_until timestamptz,
  error_code text,
  error text,
  receipt_number text,
  sealed_receipt bytea,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  acknowledged_at timestamptz
);
CREATE UNIQUE INDEX ON sharing.delivery (destination_id, (kind = 'test'), from_day, to_day, version);
-- Two processes cannot both answer the same due time.
CREATE UNIQUE INDEX ON sharing.delivery (destination_id, slot_at);
CREATE INDEX ON sharing.delivery (destination_id, id);
CREATE INDEX ON sharing.delivery (next_at) WHERE status IN ('preparing', 'waiting');
CREATE INDEX ON sharing.delivery (destination_id, status) WHERE status IN ('preparing', 'waiting', 'dead');

-- Every try, written before the first byte leaves.
CREATE TABLE sharing.attempt (
  delivery_id uuid NOT NULL REFERENCES sharing.delivery,
  number integer NOT NULL,
  path text COLLATE "C" NOT NULL,
  lease_by uuid NOT NULL,
  outcome text NOT NULL DEFAULT 'running' CHECK (outcome IN ('running', 'acknowledged', 'failed', 'unknown')),
  started_at timestamptz NOT NULL,
  duration_ms integer,
  http_status integer,
  error_code text,
  error text,
  -- Beginning of the answer, without what looks like personal data.
  answer text,
  PRIMARY KEY (delivery_id, number)
);

GRANT SELECT, INSERT, UPDATE ON sharing.counter, sharing.destination, sharing.key, sharing.delivery, sharing.attempt TO vigil_app;
CALL vigil.protect('sharing.destination');
CALL vigil.protect('sharing.key');
CALL vigil.protect('sharing.delivery');
CALL vigil.protect('sharing.attempt');
