CREATE SCHEMA channel;
GRANT USAGE ON SCHEMA channel TO vigil_app;

-- Where messages go: a group robot or mailbox of an area, or a person's own.
CREATE TABLE channel.target (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('wecom', 'dingtalk', 'email')),
  name text NOT NULL,
  -- The account whose own it is; none for that of an area.
  owner_id uuid,
  area_code text REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  -- Webhooks hold the key that opens them, addresses are personal data: sealed, and never shown again.
  sealed_address bytea NOT NULL,
  sealed_secret bytea,
  hint text NOT NULL,
  grades text[] NOT NULL,
  -- {"from":"22:00","to":"07:00"}
  quiet jsonb,
  active boolean NOT NULL,
  removed_at timestamptz,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  revision integer NOT NULL DEFAULT 0,
  CHECK ((owner_id IS NULL) = (area_code IS NOT NULL))
);
CREATE INDEX ON channel.target (owner_id) WHERE owner_id IS NOT NULL;

CREATE TABLE channel.message (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  grade text CHECK (grade IN ('blue', 'yellow', 'orange', 'red')),
  path text COLLATE "C" NOT NULL,
  -- Level that it was escalated to: told there whatever grades were chosen.
  escalated_to text COLLATE "C",
  title text NOT NULL,
  text text NOT NULL,
  -- Page of the console, from its root.
  url text NOT NULL,
  created_at timestamptz NOT NULL
);

-- One message to one recipient.
CREATE TABLE channel.delivery (
  id uuid PRIMARY KEY,
  message_id uuid NOT NULL REFERENCES channel.message,
  target_id uuid NOT NULL REFERENCES channel.target,
  -- The target's place: who manages it sees what became of its messages.
  path text COLLATE "C" NOT NULL,
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'sent', 'dead', 'dropped')),
  attempts integer NOT NULL DEFAULT 0,
  tries integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  give_up_at timestamptz NOT NULL,
  -- Which process is at it, and until when it is believed to be alive.
  lease_by uuid,
  lease_until timestamptz,
  error_code text,
  error text,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  UNIQUE (message_id, target_id)
);
CREATE INDEX ON channel.delivery (next_at) WHERE status = 'waiting';
CREATE INDEX ON channel.delivery (target_id, id);

GRANT SELECT, INSERT, UPDATE ON channel.target, channel.message, channel.delivery TO vigil_app;
CALL vigil.protect('channel.target');
CALL vigil.protect('channel.delivery');
-- The message is about another place than those who are told of it may be at.
ALTER TABLE channel.message ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON channel.message TO vigil_app USING (
  EXISTS (SELECT FROM channel.delivery d WHERE d.message_id = message.id AND d.path ^@ ANY ((SELECT vigil.paths())::text[]))
  OR '/' = ANY ((SELECT vigil.paths())::text[])
) WITH CHECK ('/' = ANY ((SELECT vigil.paths())::text[]));
