-- What a phone sent under a key of its own, and how it was answered: sent again, it is answered the same and does nothing.
-- A refusal is not kept, since its transaction is undone: what was wrong may have been put right by the next try.
CREATE TABLE coldchain.request (
  key uuid PRIMARY KEY,
  -- SHA-256 of operation and content: a key stands for one request.
  digest text NOT NULL,
  answer jsonb,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
GRANT SELECT, INSERT, UPDATE (answer) ON coldchain.request TO vigil_app;
CALL vigil.protect('coldchain.request');

-- Boxes that lie at a holder, for the phone that must know them without a network.
CREATE INDEX ON coldchain.box (holder_id, uri) WHERE holder_id IS NOT NULL;
