CREATE SCHEMA party;
GRANT USAGE ON SCHEMA party TO vigil_app;

CREATE TABLE party.party (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  credit_code text UNIQUE,
  kind text NOT NULL CHECK (kind IN ('enterprise', 'sole-trader', 'other')),
  licence_no text,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'closed')),
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON party.party (path);
CREATE INDEX ON party.party (name);

CREATE TABLE party.premises (
  id uuid PRIMARY KEY,
  party_id uuid NOT NULL REFERENCES party.party,
  name text NOT NULL,
  address text NOT NULL,
  lon double precision,
  lat double precision,
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'closed')),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (party_id, address)
);
CREATE INDEX ON party.premises (path);

GRANT SELECT, INSERT, UPDATE ON party.party, party.premises TO vigil_app;
CALL vigil.protect('party.party');
CALL vigil.protect('party.premises');
