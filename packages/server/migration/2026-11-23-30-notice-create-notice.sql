CREATE SCHEMA notice;
GRANT USAGE ON SCHEMA notice TO vigil_app;

-- What a store's counter is told, and what came back. Kept for good: it proves that the store knew.
CREATE TABLE notice.notice (
  id uuid PRIMARY KEY,
  store_code text NOT NULL,
  -- Of the store itself.
  path text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  needs text NOT NULL CHECK (needs IN ('read', 'sign', 'answer')),
  questions jsonb NOT NULL DEFAULT '[]',
  -- Module that sent it and its own id of the cause: the same cause is told to a store once.
  source_module text NOT NULL,
  source_id text NOT NULL,
  state text NOT NULL DEFAULT 'sent' CHECK (state IN ('sent', 'read', 'done', 'withdrawn')),
  sent_at timestamptz NOT NULL,
  sent_by text NOT NULL,
  due_at timestamptz,
  read_at timestamptz,
  done_at timestamptz,
  -- Name of the signer and the answers, sealed.
  sealed_reply bytea,
  UNIQUE (source_module, source_id, store_code),
  CHECK ((state = 'done') = (done_at IS NOT NULL))
);
CREATE INDEX notice_open_idx ON notice.notice (store_code, id) WHERE state IN ('sent', 'read');
CREATE INDEX notice_store_idx ON notice.notice (store_code, id);

GRANT SELECT, INSERT, UPDATE ON notice.notice TO vigil_app;
CALL vigil.protect('notice.notice');
