-- Destruction of recalled goods: who saw it, and what proves it. The grams are in the ledger, under the order.
CREATE TABLE coldchain.disposal (
  id uuid PRIMARY KEY,
  recall_id uuid NOT NULL REFERENCES coldchain.recall,
  order_id uuid NOT NULL UNIQUE REFERENCES coldchain.destroy_order,
  witness text NOT NULL,
  note text NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE INDEX ON coldchain.disposal (recall_id, id);
CREATE TABLE coldchain.disposal_file (
  id uuid PRIMARY KEY,
  disposal_id uuid NOT NULL REFERENCES coldchain.disposal,
  file_id uuid NOT NULL,
  filename text NOT NULL,
  media_type text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE INDEX ON coldchain.disposal_file (disposal_id, id);
GRANT SELECT, INSERT ON coldchain.disposal, coldchain.disposal_file TO vigil_app;
CALL vigil.protect('coldchain.disposal');
CALL vigil.protect('coldchain.disposal_file');
