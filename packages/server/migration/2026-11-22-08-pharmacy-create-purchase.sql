-- Sales under the buyer's real name. Partitioned by month through the time in the UUIDv7 key, so that the id alone is
-- unique and finds its partition; the key holds the county, so that Citus can distribute by it.
CREATE TABLE pharmacy.purchase (
  id uuid NOT NULL,
  county text NOT NULL,
  store_code text NOT NULL,
  area_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  sold_at timestamptz NOT NULL,
  -- Calendar day of the sale in Asia/Shanghai.
  day date NOT NULL,
  received_at timestamptz NOT NULL,
  revision smallint NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'valid' CHECK (status IN ('valid', 'corrected', 'undone')),
  document_type text NOT NULL,
  -- Keyed indexes (HMAC): a person is found without decryption. Emptied when the month is shredded.
  person_index bytea,
  mobile_index bytea,
  -- Month of the data key and the personal data under it.
  key_month text NOT NULL,
  sealed bytea NOT NULL,
  classes text[] NOT NULL,
  units integer NOT NULL,
  symptoms text[] NOT NULL,
  temperature_tenths smallint,
  fever boolean NOT NULL,
  -- Fever clinics that the buyer was sent to.
  clinic_ids uuid[] NOT NULL DEFAULT '{}',
  proxy boolean NOT NULL,
  offline boolean NOT NULL,
  account_id uuid,
  -- Keyed digest of what was sent: tells a retry from another sale under the same id.
  digest bytea NOT NULL,
  PRIMARY KEY (id, county)
) PARTITION BY RANGE (id);
-- Lists: newest first by day of sale, which an id of up to three days later must not hide.
CREATE INDEX purchase_county_idx ON pharmacy.purchase (county, day, id);
CREATE INDEX purchase_store_idx ON pharmacy.purchase (store_code, day, id);
-- Corrected and undone entries are few.
CREATE INDEX purchase_changed_idx ON pharmacy.purchase (county, day, id) WHERE status <> 'valid';
CREATE INDEX purchase_person_idx ON pharmacy.purchase (person_index, id);
CREATE INDEX purchase_mobile_idx ON pharmacy.purchase (mobile_index, id);

CREATE TABLE pharmacy.purchase_item (
  purchase_id uuid NOT NULL,
  county text NOT NULL,
  line smallint NOT NULL,
  drug_id uuid NOT NULL,
  class text NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (purchase_id, county, line)
) PARTITION BY RANGE (purchase_id);
CREATE INDEX purchase_item_drug_idx ON pharmacy.purchase_item (drug_id, county, purchase_id);

-- Earlier versions of corrected and undone entries: never changed, never removed before their month is shredded.
CREATE TABLE pharmacy.purchase_revision (
  purchase_id uuid NOT NULL,
  county text NOT NULL,
  revision smallint NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  account_id uuid,
  actor text NOT NULL,
  reason text NOT NULL,
  -- The entry as it was before: columns of purchase and its items; personal data stays sealed.
  before jsonb NOT NULL,
  sealed bytea NOT NULL,
  key_month text NOT NULL,
  PRIMARY KEY (purchase_id, county, revision)
) PARTITION BY RANGE (purchase_id);

-- Sales that were refused at the counter (stop-sale order).
CREATE TABLE pharmacy.refusal (
  id uuid NOT NULL,
  county text NOT NULL,
  store_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  person_index bytea,
  drug_ids uuid[] NOT NULL,
  reason_code text NOT NULL,
  title text NOT NULL,
  PRIMARY KEY (id, county)
) PARTITION BY RANGE (id);

-- What a person bought in a county on a day, one mark per purchase and class (and 'all'): '+class:store', or '-class:store'
-- where a correction or an undo took one back. The sum of the marks of a store, or of all stores, says whether the person is
-- a buyer there: what makes the number of buyers exact.
CREATE TABLE pharmacy.buyer_day (
  county text NOT NULL,
  day date NOT NULL,
  person_index bytea NOT NULL,
  marks text[] NOT NULL,
  PRIMARY KEY (county, day, person_index)
);

-- Rollups: always equal to a count over the purchases that are not undone.
CREATE TABLE pharmacy.rollup_store_day (
  county text NOT NULL,
  store_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  class text NOT NULL,
  day date NOT NULL,
  purchases integer NOT NULL,
  buyers integer NOT NULL,
  units integer NOT NULL,
  fever integer NOT NULL,
  PRIMARY KEY (county, store_code, class, day)
);
CREATE INDEX rollup_store_day_idx ON pharmacy.rollup_store_day (county, day);

-- A county has few rows and every sale touches them: each database session counts in a slot of its own, so that two processes
-- never wait for each other's commit. A figure is the sum over the slots.
CREATE TABLE pharmacy.rollup_county_day (
  county text NOT NULL,
  path text COLLATE "C" NOT NULL,
  class text NOT NULL,
  day date NOT NULL,
  slot smallint NOT NULL DEFAULT pg_backend_pid() % 8,
  purchases integer NOT NULL,
  buyers integer NOT NULL,
  units integer NOT NULL,
  fever integer NOT NULL,
  PRIMARY KEY (county, class, day, slot)
);
CREATE INDEX rollup_county_day_idx ON pharmacy.rollup_county_day (day);

-- Look-ups of returning buyers by account and hour: fishing is stopped, and it shows.
CREATE TABLE pharmacy.lookup_hour (
  account text NOT NULL,
  hour timestamptz NOT NULL,
  lookups integer NOT NULL,
  PRIMARY KEY (account, hour)
);

INSERT INTO vigil.monthly (target, by_uuid) VALUES
  ('pharmacy.purchase', true), ('pharmacy.purchase_item', true), ('pharmacy.purchase_revision', true), ('pharmacy.refusal', true);
SELECT vigil.ensure_month(date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai')::date);
SELECT vigil.ensure_month((date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') + interval '1 month')::date);

GRANT SELECT, INSERT, UPDATE ON pharmacy.purchase, pharmacy.buyer_day, pharmacy.rollup_store_day, pharmacy.rollup_county_day TO vigil_app;
GRANT SELECT, INSERT, DELETE ON pharmacy.purchase_item TO vigil_app;
GRANT SELECT, INSERT ON pharmacy.purchase_revision, pharmacy.refusal TO vigil_app;
GRANT UPDATE (person_index) ON pharmacy.refusal TO vigil_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON pharmacy.lookup_hour TO vigil_app;
GRANT DELETE ON pharmacy.buyer_day TO vigil_app;
CALL vigil.protect('pharmacy.purchase');
CALL vigil.protect('pharmacy.purchase_revision');
CALL vigil.protect('pharmacy.refusal');
CALL vigil.protect('pharmacy.rollup_store_day');
CALL vigil.protect('pharmacy.rollup_county_day');
-- Items are seen where their purchase is seen; writing them needs the purchase in the same statement anyway.
ALTER TABLE pharmacy.purchase_item ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope_read ON pharmacy.purchase_item FOR SELECT TO vigil_app
  USING (EXISTS (SELECT 1 FROM pharmacy.purchase p WHERE p.id = purchase_id AND p.county = purchase_item.county));
CREATE POLICY scope_insert ON pharmacy.purchase_item FOR INSERT TO vigil_app WITH CHECK (true);
CREATE POLICY scope_delete ON pharmacy.purchase_item FOR DELETE TO vigil_app
  USING (EXISTS (SELECT 1 FROM pharmacy.purchase p WHERE p.id = purchase_id AND p.county = purchase_item.county));

-- Tables without a path that tell of persons or accounts: only statements that see the whole country reach them, and none
-- of those gives its rows to a caller.
ALTER TABLE pharmacy.buyer_day ENABLE ROW LEVEL SECURITY;
CREATE POLICY whole ON pharmacy.buyer_day TO vigil_app USING ((SELECT vigil.in_scope('/'))) WITH CHECK ((SELECT vigil.in_scope('/')));
COMMENT ON TABLE pharmacy.buyer_day IS 'Keyed indexes of persons by day; for the counting of buyers alone, in the scope of the whole country.';
ALTER TABLE pharmacy.lookup_hour ENABLE ROW LEVEL SECURITY;
CREATE POLICY whole ON pharmacy.lookup_hour TO vigil_app USING ((SELECT vigil.in_scope('/'))) WITH CHECK ((SELECT vigil.in_scope('/')));
COMMENT ON TABLE pharmacy.lookup_hour IS 'Counts by account; for the limit of look-ups alone, in the scope of the whole country.';
