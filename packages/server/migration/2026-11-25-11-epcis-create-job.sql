-- A captured document on its way into the repository. The document goes when the job has ended.
CREATE TABLE epcis.job (
  id uuid PRIMARY KEY,
  path text COLLATE "C" NOT NULL,
  behaviour text NOT NULL CHECK (behaviour IN ('rollback', 'proceed')),
  media_type text NOT NULL,
  -- Compressed (gzip); null once it has been worked off.
  document bytea,
  total integer NOT NULL,
  -- Events of the beginning that are worked off for good: where another process goes on.
  done integer NOT NULL DEFAULT 0,
  stored integer NOT NULL DEFAULT 0,
  known integer NOT NULL DEFAULT 0,
  refused integer NOT NULL DEFAULT 0,
  -- The first thousand: {"position","hash","path","rule","message"}.
  errors jsonb NOT NULL DEFAULT '[]',
  success boolean NOT NULL DEFAULT true,
  attempts integer NOT NULL DEFAULT 0,
  lease_until timestamptz,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  finished_at timestamptz,
  CHECK ((finished_at IS NULL) = (document IS NOT NULL))
);
CREATE INDEX ON epcis.job (created_at) WHERE finished_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON epcis.job TO vigil_app;
CALL vigil.protect('epcis.job');

-- Who polls asks for what was recorded since the last time.
CREATE INDEX ON epcis.event (record_time, seq);

-- Master data from the headers of captured documents: attributes of a URI; with an empty name the URIs directly within it.
CREATE TABLE epcis.master (
  uri text COLLATE "C" NOT NULL,
  path text COLLATE "C" NOT NULL,
  vocabulary text NOT NULL,
  name text COLLATE "C" NOT NULL,
  value text COLLATE "C"
);
CREATE INDEX ON epcis.master (uri, name);
CREATE INDEX ON epcis.master (name, value);
GRANT SELECT, INSERT, DELETE ON epcis.master TO vigil_app;
CALL vigil.protect('epcis.master');

CREATE INDEX ON epcis.event (disposition, event_time);

-- Queries that are kept under a name.
CREATE TABLE epcis.query (
  name text COLLATE "C" PRIMARY KEY,
  path text COLLATE "C" NOT NULL,
  definition jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL
);
GRANT SELECT, INSERT, DELETE ON epcis.query TO vigil_app;
CALL vigil.protect('epcis.query');
