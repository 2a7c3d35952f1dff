-- The two mechanisms that every table of the product uses: the scope of the caller and time-ordered ids.

CREATE SCHEMA IF NOT EXISTS vigil;
GRANT USAGE ON SCHEMA vigil TO vigil_app;

-- The subtrees that the transaction was opened for (setting vigil.paths, comma-separated).
CREATE FUNCTION vigil.paths() RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN string_to_array(current_setting('vigil.paths', true), ',');

-- True when a row's path lies in one of these subtrees. Without the setting nothing is visible: deny by default. One
-- expression, so that the planner inlines it into the policy.
CREATE FUNCTION vigil.in_scope(path text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN path ^@ ANY (vigil.paths());

-- Puts the second wall around a table: rows outside the scope do not exist for the application role, in any statement.
-- The same rule as in_scope, as a subquery: so the setting is read once a statement and not once a row.
CREATE PROCEDURE vigil.protect(target regclass)
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY scope ON %s TO vigil_app USING (path ^@ ANY ((SELECT vigil.paths())::text[])) WITH CHECK (path ^@ ANY ((SELECT vigil.paths())::text[]))', target);
END $$;

-- Smallest UUIDv7 of an instant (RFC 9562): the bound of a monthly partition and of a period in a query by id.
CREATE FUNCTION vigil.uuid_floor(at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7000' || '8000000000000000')::uuid;

-- Makes the monthly partition of a table that is partitioned by UUIDv7 or by timestamptz. SECURITY DEFINER because the
-- application role owns nothing; the table must be listed in vigil.monthly. The search path ends in pg_temp, so that a
-- temporary table of the caller is never taken for one of the catalogue. A new month is made beside its table and then
-- attached, which waits for nobody: CREATE TABLE … PARTITION OF takes the table for itself alone, so that behind one long
-- export every sale would wait.
CREATE TABLE vigil.monthly (
  target regclass PRIMARY KEY,
  by_uuid boolean NOT NULL
);

CREATE FUNCTION vigil.ensure_month(month date) RETURNS void
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
REVOKE ALL ON FUNCTION vigil.ensure_month(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vigil.ensure_month(date) TO vigil_app;

-- Settings that the people of the bureau change while the system runs.
CREATE TABLE vigil.setting (
  name text PRIMARY KEY,
  value jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON vigil.setting TO vigil_app;
COMMENT ON TABLE vigil.setting IS 'No row-level security: settings of the whole installation, without area.';
