CREATE SCHEMA file;
GRANT USAGE ON SCHEMA file TO vigil_app;

-- Files on disk (error files of imports, exports), each encrypted with its own key, which the vault's long-term key seals:
-- without this row the bytes on disk mean nothing, so removing the row removes the file.
CREATE TABLE file.file (
  id uuid PRIMARY KEY,
  owner_id uuid,
  path text COLLATE "C" NOT NULL,
  filename text NOT NULL,
  media_type text NOT NULL,
  -- Size and SHA-256 of the content in clear.
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  suite text NOT NULL,
  sealed_key bytea NOT NULL,
  -- Name on disk: another one each time the content is written, so that a row always fits its bytes.
  blob text NOT NULL UNIQUE,
  -- Whether its owner fetches it by id alone; others are given out by the module that made them.
  direct boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX ON file.file (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON file.file TO vigil_app;
CALL vigil.protect('file.file');
