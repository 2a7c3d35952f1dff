CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO vigil_app;

-- One row per command, reveal, export, sign-in and refusal, written in the transaction of what it tells about.
CREATE TABLE audit.entry (
  seq bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor_id uuid,
  actor text NOT NULL,
  action text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
  object text NOT NULL,
  area_code text,
  path text COLLATE "C" NOT NULL CHECK (path LIKE '/%'),
  ip text NOT NULL,
  user_agent text NOT NULL,
  request_id text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (seq, at)
) PARTITION BY RANGE (at);

INSERT INTO vigil.monthly (target, by_uuid) VALUES ('audit.entry', false);
SELECT vigil.ensure_month(month::date)
  FROM (SELECT date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') AS first) AS clock,
       LATERAL (VALUES (first), (first + interval '1 month')) AS needed (month);

-- Leaves of the Merkle tree (RFC 9162, 2.1) in the order of sealing, and the signed heads.
CREATE TABLE audit.leaf (
  leaf_index bigint PRIMARY KEY CHECK (leaf_index >= 0),
  seq bigint NOT NULL UNIQUE,
  at timestamptz NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32)
);

CREATE TABLE audit.head (
  tree_size bigint PRIMARY KEY CHECK (tree_size > 0),
  root bytea NOT NULL CHECK (length(root) = 32),
  -- Roots of the perfect subtrees, largest first: enough to append without reading the leaves.
  frontier bytea[] NOT NULL,
  max_seq bigint NOT NULL,
  signed_at timestamptz NOT NULL,
  key_id text NOT NULL,
  signature bytea NOT NULL
);
CREATE INDEX ON audit.head (signed_at);

-- The application can add and read. It cannot choose number and time of an entry: those columns are not granted.
GRANT SELECT, INSERT (actor_id, actor, action, outcome, object, area_code, path, ip, user_agent, request_id, detail)
  ON audit.entry TO vigil_app;
GRANT SELECT, INSERT ON audit.leaf, audit.head TO vigil_app;

-- Reading is bound to the scope; writing is not: a refusal outside one's own area must be recorded too.
ALTER TABLE audit.entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON audit.entry FOR SELECT TO vigil_app USING (path ^@ ANY ((SELECT vigil.paths())::text[]));
CREATE POLICY append ON audit.entry FOR INSERT TO vigil_app WITH CHECK (true);

-- A hurdle against accidents and hasty hands, also those of the owner. It is not the proof: who owns the table can switch
-- it off. The proof is the signed tree and its heads kept outside the database.
CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only: % on %.% refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.entry FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.leaf FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.head FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit.entry FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit.leaf FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit.head FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
-- Outside the wall, for a reason.
COMMENT ON TABLE audit.leaf IS 'No row-level security: hashes, from which no entry can be read.';
COMMENT ON TABLE audit.head IS 'No row-level security: signed hashes, made to be shown.';
