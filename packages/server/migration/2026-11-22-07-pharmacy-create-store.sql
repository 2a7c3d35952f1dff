CREATE SCHEMA pharmacy;
GRANT USAGE ON SCHEMA pharmacy TO vigil_app;

-- One store, one code, one account: the code is the key, the last step of the path and the user name.
CREATE TABLE pharmacy.store (
  code text PRIMARY KEY CHECK (code ~ '^[0-9A-Z-]{3,24}$'),
  party_id uuid REFERENCES party.party,
  name text NOT NULL,
  address text NOT NULL,
  licence_no text,
  phone text,
  chain text,
  lon double precision,
  lat double precision,
  county text NOT NULL REFERENCES area.area,
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL UNIQUE,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'closed')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON pharmacy.store (area_code);
CREATE INDEX ON pharmacy.store (county, code);

CREATE TABLE pharmacy.drug (
  id uuid PRIMARY KEY,
  class text NOT NULL CHECK (class IN ('antipyretic', 'cough', 'antibiotic', 'antiviral')),
  generic text NOT NULL,
  brand text NOT NULL DEFAULT '',
  form text NOT NULL DEFAULT '',
  strength text NOT NULL DEFAULT '',
  maker text NOT NULL DEFAULT '',
  approval_no text,
  ean13 text,
  trace_prefix text,
  active boolean NOT NULL DEFAULT true,
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE NULLS NOT DISTINCT (generic, brand, form, strength, maker, approval_no)
);
CREATE INDEX ON pharmacy.drug (ean13) WHERE ean13 IS NOT NULL;
CREATE INDEX ON pharmacy.drug (trace_prefix) WHERE trace_prefix IS NOT NULL;

-- Which classes must be registered, in which subtree, from when to when.
CREATE TABLE pharmacy.duty (
  id uuid PRIMARY KEY,
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  classes text[] NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  note text NOT NULL DEFAULT '',
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);

CREATE TABLE pharmacy.clinic (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  address text NOT NULL,
  phone text NOT NULL,
  lon double precision NOT NULL,
  lat double precision NOT NULL,
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  active boolean NOT NULL DEFAULT true,
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (name, address)
);

-- Activation codes of a batch, encrypted, until the sheet was fetched or a day has passed.
CREATE TABLE pharmacy.account_batch (
  id uuid PRIMARY KEY,
  path text COLLATE "C" NOT NULL,
  area_code text NOT NULL,
  sealed bytea,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  fetched_at timestamptz
);

GRANT SELECT, INSERT, UPDATE ON pharmacy.store, pharmacy.drug, pharmacy.clinic, pharmacy.account_batch TO vigil_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON pharmacy.duty TO vigil_app;
CALL vigil.protect('pharmacy.store');
CALL vigil.protect('pharmacy.account_batch');
-- Duties and clinics are public facts: a store must find the clinic across the county border.
-- Outside the wall, for a reason.
COMMENT ON TABLE pharmacy.drug IS 'No row-level security: public facts, one catalogue for the installation.';
COMMENT ON TABLE pharmacy.duty IS 'No row-level security: public facts; who may change one is checked by its path.';
COMMENT ON TABLE pharmacy.clinic IS 'No row-level security: public facts; a store must find the clinic across the border.';
