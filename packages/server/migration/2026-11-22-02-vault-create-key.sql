CREATE SCHEMA vault;
GRANT USAGE ON SCHEMA vault TO vigil_app;

-- Data keys, wrapped by a master key that is never in the database: one per month ('YYYY-MM', Asia/Shanghai) for personal
-- data, and three that stay: 'install' (secrets derived from it), 'index' (keyed index), 'long-term' (TOTP secrets).
CREATE TABLE vault.data_key (
  name text COLLATE "C" PRIMARY KEY
    CHECK (name ~ '^[0-9]{4}-(0[1-9]|1[0-2])$' OR name IN ('install', 'index', 'long-term')),
  suite text NOT NULL CHECK (suite IN ('aes-256-gcm', 'sm4-ctr-hmac-sm3')),
  wrapped bytea,
  master_key_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  rotated_at timestamptz,
  shredded_at timestamptz,
  CHECK ((wrapped IS NULL) = (shredded_at IS NOT NULL)),
  CHECK (shredded_at IS NULL OR name ~ '^[0-9]')
);

-- Shredding is final, also for a faulty program: a destroyed key cannot be put back, and no key is ever removed.
CREATE FUNCTION vault.keep_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'data key % cannot be deleted', OLD.name;
  END IF;
  IF OLD.shredded_at IS NOT NULL THEN
    RAISE EXCEPTION 'data key % is shredded', OLD.name;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_final BEFORE UPDATE OR DELETE ON vault.data_key FOR EACH ROW EXECUTE FUNCTION vault.keep_final();

GRANT SELECT, INSERT (name, suite, wrapped, master_key_id), UPDATE (wrapped, master_key_id, rotated_at, shredded_at)
  ON vault.data_key TO vigil_app;
-- Outside the wall, for a reason.
COMMENT ON TABLE vault.data_key IS 'No row-level security: keys of the whole installation, wrapped by a master key that is not in the database.';
