CREATE SCHEMA access;
GRANT USAGE ON SCHEMA access TO vigil_app;

CREATE TABLE access.role (
  code text PRIMARY KEY,
  name text NOT NULL,
  permissions text[] NOT NULL,
  requires_totp boolean NOT NULL DEFAULT false,
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE access.account (
  id uuid PRIMARY KEY,
  username text NOT NULL CHECK (username = lower(username)) UNIQUE,
  display_name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('person', 'store')),
  status text NOT NULL CHECK (status IN ('invited', 'active', 'disabled')),
  password_hash text,
  must_change_password boolean NOT NULL DEFAULT false,
  -- Sealed by the vault's long-term key; confirmed once a code was given.
  totp_sealed bytea,
  totp_confirmed_at timestamptz,
  totp_last_step bigint,
  recovery_hashes bytea[] NOT NULL DEFAULT '{}',
  -- Deepest path that contains all grants: who may see and manage the account.
  path text COLLATE "C" NOT NULL,
  store_code text,
  last_sign_in_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON access.account (path);
CREATE UNIQUE INDEX ON access.account (store_code) WHERE store_code IS NOT NULL;

CREATE TABLE access.api_key (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  prefix text NOT NULL,
  key_hash bytea NOT NULL UNIQUE,
  path text COLLATE "C" NOT NULL,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz
);

CREATE TABLE access.grant (
  id uuid PRIMARY KEY,
  account_id uuid REFERENCES access.account,
  api_key_id uuid REFERENCES access.api_key,
  role_code text NOT NULL REFERENCES access.role,
  area_code text NOT NULL REFERENCES area.area,
  store_code text,
  path text COLLATE "C" NOT NULL,
  CHECK (num_nonnulls(account_id, api_key_id) = 1)
);
CREATE INDEX ON access.grant (account_id);
CREATE INDEX ON access.grant (api_key_id);

-- One-time codes: first password of a person, activation of a store's device.
CREATE TABLE access.invitation (
  account_id uuid PRIMARY KEY REFERENCES access.account,
  code_hash bytea NOT NULL,
  uses_left integer NOT NULL DEFAULT 1,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE access.device (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES access.account,
  token_hash bytea NOT NULL UNIQUE,
  pin_hash text NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX ON access.device (account_id);

CREATE TABLE access.session (
  token_hash bytea PRIMARY KEY,
  -- Names the session in lists and when it is ended from outside; the hash stays inside.
  id uuid NOT NULL UNIQUE,
  account_id uuid NOT NULL REFERENCES access.account,
  device_id uuid REFERENCES access.device,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  idle_minutes integer NOT NULL,
  ip text NOT NULL,
  user_agent text NOT NULL
);
CREATE INDEX ON access.session (account_id);
CREATE INDEX ON access.session (expires_at);

-- Failed sign-ins by account, address, device and code; the wait doubles. Keys hold hashes of what was typed.
CREATE TABLE access.attempt (
  key text PRIMARY KEY,
  failures integer NOT NULL,
  last_at timestamptz NOT NULL,
  blocked_until timestamptz
);

GRANT SELECT, INSERT, UPDATE ON access.role, access.account, access.api_key, access.device TO vigil_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON access.grant, access.invitation, access.session, access.attempt TO vigil_app;
CALL vigil.protect('access.account');
CALL vigil.protect('access.api_key');
CALL vigil.protect('access.grant');

-- What hangs on an account is as visible as the account itself.
CREATE PROCEDURE vigil.protect_by_account(target regclass)
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY scope ON %1$s TO vigil_app USING (EXISTS (SELECT FROM access.account a WHERE a.id = account_id)) WITH CHECK (EXISTS (SELECT FROM access.account a WHERE a.id = account_id))', target);
END $$;
CALL vigil.protect_by_account('access.invitation');
CALL vigil.protect_by_account('access.device');
CALL vigil.protect_by_account('access.session');
DROP PROCEDURE vigil.protect_by_account(regclass);
-- Outside the wall, for a reason.
COMMENT ON TABLE access.role IS 'No row-level security: roles of the whole installation, without area.';
COMMENT ON TABLE access.attempt IS 'No row-level security: hashes of what was typed, counted before anybody is known.';
