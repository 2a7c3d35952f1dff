CREATE SCHEMA opening;
GRANT USAGE ON SCHEMA opening TO vigil_app;

-- Which status each store had since when: the denominator of the opening rate of any day. Written by triggers on the store
-- itself, whoever changes it and how, and by nobody else: a later suspension cannot rewrite the rate of a past day.
CREATE TABLE opening.store_state (
  store_code text NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  since timestamptz NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'suspended', 'closed')),
  county text NOT NULL,
  area_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  -- When the row was written: later than `since` where an earlier beginning was put on record.
  noted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (store_code, seq)
);
GRANT SELECT ON opening.store_state TO vigil_app;
CALL vigil.protect('opening.store_state');

CREATE FUNCTION opening.note_new_stores() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO opening.store_state (store_code, since, status, county, area_code, path)
  SELECT code, now(), status, county, area_code, path FROM fresh;
  RETURN NULL;
END $$;
CREATE FUNCTION opening.note_changed_stores() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO opening.store_state (store_code, since, status, county, area_code, path)
  SELECT fresh.code, now(), fresh.status, fresh.county, fresh.area_code, fresh.path
  FROM fresh JOIN stale USING (code) WHERE fresh.status <> stale.status;
  RETURN NULL;
END $$;
CREATE TRIGGER opening_note_new AFTER INSERT ON pharmacy.store
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION opening.note_new_stores();
CREATE TRIGGER opening_note_changed AFTER UPDATE ON pharmacy.store
  REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION opening.note_changed_stores();

-- What is known of the time before: active since it came in, and its present status since its last change.
INSERT INTO opening.store_state (store_code, since, status, county, area_code, path)
SELECT code, created_at, 'active', county, area_code, path FROM pharmacy.store;
INSERT INTO opening.store_state (store_code, since, status, county, area_code, path)
SELECT code, updated_at, status, county, area_code, path FROM pharmacy.store WHERE status <> 'active';

-- Puts an earlier beginning of stores on record, such as the date of the licence. Only ever the first state, only backwards.
CREATE FUNCTION opening.backdate(codes text[], at timestamptz) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH first AS (
    SELECT store_code, min(seq) AS seq FROM opening.store_state
    WHERE store_code = ANY (codes) AND path ^@ ANY (vigil.paths()) GROUP BY store_code
  ), moved AS (
    UPDATE opening.store_state s SET since = at, noted_at = now() FROM first f
    WHERE s.store_code = f.store_code AND s.seq = f.seq AND s.since > at RETURNING 1
  ) SELECT count(*)::integer FROM moved $$;
REVOKE ALL ON FUNCTION opening.backdate(text[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION opening.backdate(text[], timestamptz) TO vigil_app;

-- Days from `from_day` to before `end_day` at whose end a store was active.
CREATE VIEW opening.active_span WITH (security_invoker = true) AS
SELECT store_code, county, area_code, path, from_day, coalesce(end_day, 'infinity'::date) AS end_day
FROM (
  SELECT store_code, county, area_code, path, status, (since AT TIME ZONE 'Asia/Shanghai')::date AS from_day,
    lead((since AT TIME ZONE 'Asia/Shanghai')::date) OVER (PARTITION BY store_code ORDER BY since, seq) AS end_day
  FROM opening.store_state
) s WHERE status = 'active' AND (end_day IS NULL OR end_day > from_day);
GRANT SELECT ON opening.active_span TO vigil_app;

-- Every statement about a store's day, never changed.
CREATE TABLE opening.entry (
  id uuid PRIMARY KEY,
  day date NOT NULL,
  store_code text NOT NULL,
  county text NOT NULL,
  area_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'closed')),
  reason text,
  note text NOT NULL,
  back_on date,
  source text NOT NULL CHECK (source IN ('counter', 'call')),
  -- When it was said at the counter, and when it came in.
  said_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  actor text NOT NULL,
  account_id uuid,
  CHECK (state = 'open' OR reason IS NOT NULL)
);
CREATE INDEX ON opening.entry (store_code, day);

-- The last statement about a store's day: what rates and lists read.
CREATE TABLE opening.day (
  day date NOT NULL,
  store_code text NOT NULL,
  entry_id uuid NOT NULL,
  county text NOT NULL,
  area_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  state text NOT NULL,
  reason text,
  note text NOT NULL,
  back_on date,
  source text NOT NULL,
  said_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  -- When the store was first heard of that day, and how many statements there are.
  first_at timestamptz NOT NULL,
  entries integer NOT NULL,
  PRIMARY KEY (day, store_code)
);
CREATE INDEX ON opening.day (store_code, day);

-- Calls to stores that had not checked in.
CREATE TABLE opening.call (
  id uuid PRIMARY KEY,
  day date NOT NULL,
  store_code text NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  result text NOT NULL,
  note text NOT NULL,
  actor text NOT NULL,
  account_id uuid
);
CREATE INDEX ON opening.call (day, store_code);

GRANT SELECT, INSERT ON opening.entry, opening.call TO vigil_app;
GRANT SELECT, INSERT, UPDATE ON opening.day TO vigil_app;
CALL vigil.protect('opening.entry');
CALL vigil.protect('opening.day');
CALL vigil.protect('opening.call');
