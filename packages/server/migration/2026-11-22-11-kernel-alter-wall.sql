-- What a review of the second wall found.

-- A new month is made beside its table and then attached, which waits for nobody: CREATE TABLE … PARTITION OF takes the
-- table for itself alone, so that behind one long export every sale would wait. The search path ends in pg_temp, so that a
-- temporary table of the caller is never taken for one of the catalogue.
CREATE OR REPLACE FUNCTION vigil.ensure_month(month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, vigil, pg_temp AS $$
DECLARE
  entry record;
  child text;
  lower_bound text;
  upper_bound text;
  starts timestamptz := date_trunc('month', month::timestamp) AT TIME ZONE 'Asia/Shanghai';
  ends timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') AT TIME ZONE 'Asia/Shanghai';
BEGIN
  IF month < date '2019-01-01' OR month > (now() + interval '13 months')::date THEN
    RAISE EXCEPTION 'month % is out of range', month;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('vigil.ensure_month'));
  FOR entry IN SELECT m.target, m.by_uuid, n.nspname, c.relname
      FROM vigil.monthly m JOIN pg_class c ON c.oid = m.target JOIN pg_namespace n ON n.oid = c.relnamespace LOOP
    child := entry.relname || to_char(month, '_YYYY_MM');
    IF to_regclass(format('%I.%I', entry.nspname, child)) IS NULL THEN
      lower_bound := CASE WHEN entry.by_uuid THEN vigil.uuid_floor(starts)::text ELSE starts::text END;
      upper_bound := CASE WHEN entry.by_uuid THEN vigil.uuid_floor(ends)::text ELSE ends::text END;
      EXECUTE format('CREATE TABLE %I.%I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', entry.nspname, child, entry.target);
      EXECUTE format('ALTER TABLE %s ATTACH PARTITION %I.%I FOR VALUES FROM (%L) TO (%L)', entry.target, entry.nspname, child, lower_bound, upper_bound);
    END IF;
  END LOOP;
END $$;

-- Tables without a path that tell of persons or accounts: only statements that see the whole country reach them, and none
-- of those gives its rows to a caller.
ALTER TABLE pharmacy.buyer_day ENABLE ROW LEVEL SECURITY;
CREATE POLICY whole ON pharmacy.buyer_day TO vigil_app USING (vigil.in_scope('/')) WITH CHECK (vigil.in_scope('/'));
COMMENT ON TABLE pharmacy.buyer_day IS 'Keyed indexes of persons by day; for the counting of buyers alone, in the scope of the whole country.';
ALTER TABLE pharmacy.lookup_hour ENABLE ROW LEVEL SECURITY;
CREATE POLICY whole ON pharmacy.lookup_hour TO vigil_app USING (vigil.in_scope('/')) WITH CHECK (vigil.in_scope('/'));
COMMENT ON TABLE pharmacy.lookup_hour IS 'Counts by account; for the limit of look-ups alone, in the scope of the whole country.';

-- The others stand outside the wall for a reason.
COMMENT ON TABLE vigil.setting IS 'No row-level security: settings of the whole installation, without area.';
COMMENT ON TABLE vault.data_key IS 'No row-level security: keys of the whole installation, wrapped by a master key that is not in the database.';
COMMENT ON TABLE audit.leaf IS 'No row-level security: hashes, from which no entry can be read.';
COMMENT ON TABLE audit.head IS 'No row-level security: signed hashes, made to be shown.';
COMMENT ON TABLE area.area IS 'No row-level security: public facts (GB/T 2260 and the offices of a bureau).';
COMMENT ON TABLE access.role IS 'No row-level security: roles of the whole installation, without area.';
COMMENT ON TABLE access.attempt IS 'No row-level security: hashes of what was typed, counted before anybody is known.';
COMMENT ON TABLE pharmacy.drug IS 'No row-level security: public facts, one catalogue for the installation.';
COMMENT ON TABLE pharmacy.duty IS 'No row-level security: public facts; who may change one is checked by its path.';
COMMENT ON TABLE pharmacy.clinic IS 'No row-level security: public facts; a store must find the clinic across the border.';
COMMENT ON TABLE export.counter IS 'No row-level security: a running number for the installation.';
