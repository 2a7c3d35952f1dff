CREATE SCHEMA coldchain;
GRANT USAGE ON SCHEMA coldchain TO vigil_app;

-- Who has to do with imported cold-chain goods: a party of the kernel at one place, named in events by its URIs.
CREATE TABLE coldchain.holder (
  id uuid PRIMARY KEY,
  party_id uuid NOT NULL REFERENCES party.party,
  code text NOT NULL UNIQUE,
  name text NOT NULL,
  credit_code text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('importer', 'warehouse', 'trader', 'processor', 'shop')),
  address text NOT NULL,
  -- As a party and as a location of events: PGLN and SGLN of its GLN, or a URI of our own for both.
  uri text NOT NULL UNIQUE,
  location_uri text NOT NULL UNIQUE,
  -- Of a warehouse: how much it can hold, and how many declarations it takes in an hour.
  capacity_grams bigint CHECK (capacity_grams > 0),
  slots_per_hour integer CHECK (slots_per_hour BETWEEN 1 AND 100),
  area_code text NOT NULL REFERENCES area.area,
  -- Area path + code + '/': a grant may end here.
  path text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  CHECK ((kind = 'warehouse') = (capacity_grams IS NOT NULL AND slots_per_hour IS NOT NULL))
);
CREATE INDEX ON coldchain.holder (path);
CREATE INDEX ON coldchain.holder (party_id);
COMMENT ON TABLE coldchain.holder IS 'No row-level security: names of businesses, which trade across counties.';

CREATE SEQUENCE coldchain.gtin_number MAXVALUE 9999999999;
CREATE TABLE coldchain.goods (
  id uuid PRIMARY KEY,
  gtin text NOT NULL UNIQUE CHECK (gtin ~ '^[0-9]{14}$'),
  name text NOT NULL,
  category text NOT NULL,
  spec text NOT NULL,
  -- Highest temperature that the product may have, in 0.1 °C.
  limit_tenths integer NOT NULL CHECK (limit_tenths BETWEEN -800 AND 300),
  shelf_life_days integer CHECK (shelf_life_days > 0),
  created_at timestamptz NOT NULL,
  created_by text NOT NULL
);
CREATE INDEX ON coldchain.goods (name);

-- Dated rules of an area: a new one follows the old one, so that what held on a past day stays as it was.
CREATE TABLE coldchain.rule (
  id uuid PRIMARY KEY,
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  valid_from date NOT NULL,
  -- What two weighings of the same goods may differ by, in millionths of their mass.
  tolerance_ppm integer NOT NULL CHECK (tolerance_ppm BETWEEN 0 AND 50000),
  -- Hours between declaration and arrival.
  notice_hours integer NOT NULL CHECK (notice_hours BETWEEN 0 AND 240),
  -- Days that a nucleic-acid test or a disinfection may be old on arrival.
  test_days integer NOT NULL CHECK (test_days BETWEEN 1 AND 90),
  note text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL
);
COMMENT ON TABLE coldchain.rule IS 'No row-level security: public facts; who may add one is checked by its path.';

-- A lot: imported, or made out of others. Its facts are never changed.
CREATE TABLE coldchain.lot (
  id uuid PRIMARY KEY,
  uri text NOT NULL UNIQUE,
  gtin text NOT NULL,
  lot_no text NOT NULL,
  goods_id uuid REFERENCES coldchain.goods,
  goods_name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('imported', 'foreign', 'made')),
  origin text,
  plant_no text,
  supplier_lot text,
  container_no text,
  produced_on date,
  expires_on date,
  owner_id uuid REFERENCES coldchain.holder,
  -- Where it first came to: its warehouse, or who made it.
  holder_id uuid NOT NULL REFERENCES coldchain.holder,
  path text COLLATE "C" NOT NULL,
  -- Rows of coldchain.release: changed with each, so that no transaction with an older view passes the gate.
  releases integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL
);
CREATE INDEX ON coldchain.lot (path, id);
CREATE INDEX ON coldchain.lot (supplier_lot) WHERE supplier_lot IS NOT NULL;
CREATE INDEX ON coldchain.lot (container_no) WHERE container_no IS NOT NULL;
CREATE INDEX ON coldchain.lot (lot_no);
CREATE INDEX ON coldchain.lot (gtin);
COMMENT ON TABLE coldchain.lot IS 'No row-level security: facts of goods, which are traded across counties; lists are cut by path.';

-- The imported lots that a lot comes from, itself when it was imported: whose releases it stands under.
CREATE TABLE coldchain.lot_root (
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  root_id uuid NOT NULL REFERENCES coldchain.lot,
  PRIMARY KEY (lot_id, root_id)
);
CREATE INDEX ON coldchain.lot_root (root_id);

-- Releases and withdrawals of a lot, numbered; the last one counts. Never changed.
CREATE TABLE coldchain.release (
  id uuid PRIMARY KEY,
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  number integer NOT NULL CHECK (number > 0),
  kind text NOT NULL CHECK (kind IN ('release', 'withdraw')),
  -- What it rests on: hashes of documents and results, and the SHA-256 of their list.
  evidence jsonb NOT NULL,
  digest text NOT NULL,
  reason text NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL,
  UNIQUE (lot_id, number)
);

-- Running stock per lot and holder. Only the trigger of coldchain.movement writes it.
CREATE TABLE coldchain.balance (
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  holder_id uuid NOT NULL REFERENCES coldchain.holder,
  grams bigint NOT NULL CONSTRAINT balance_not_negative CHECK (grams >= 0),
  path text COLLATE "C" NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (lot_id, holder_id)
);
CREATE INDEX ON coldchain.balance (holder_id, lot_id) WHERE grams > 0;

-- By which goods are destroyed, whether they were released or not.
CREATE TABLE coldchain.destroy_order (
  id uuid PRIMARY KEY,
  number text NOT NULL,
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  grams bigint NOT NULL CHECK (grams > 0),
  reason text NOT NULL,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE INDEX ON coldchain.destroy_order (lot_id, id);

-- The ledger: what an event did to a lot at a holder, in grams; zero for what was only seen or handled. Never changed.
CREATE TABLE coldchain.movement (
  id uuid PRIMARY KEY,
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  holder_id uuid NOT NULL REFERENCES coldchain.holder,
  kind text NOT NULL CHECK (kind IN ('enter', 'receive', 'make', 'difference', 'sample', 'ship', 'use', 'sell', 'lose', 'destroy', 'handle', 'observe')),
  grams bigint NOT NULL,
  event_hash text NOT NULL,
  at timestamptz NOT NULL,
  -- Other holder of a handing over.
  other_id uuid REFERENCES coldchain.holder,
  dispatch_id uuid,
  order_id uuid REFERENCES coldchain.destroy_order,
  path text COLLATE "C" NOT NULL,
  CHECK (CASE
    WHEN kind IN ('enter', 'receive', 'make') THEN grams > 0
    WHEN kind IN ('handle', 'observe') THEN grams = 0
    WHEN kind = 'difference' THEN grams <> 0
    ELSE grams < 0 END)
);
CREATE INDEX ON coldchain.movement (lot_id, id);
CREATE INDEX ON coldchain.movement (event_hash);
CREATE INDEX ON coldchain.movement (holder_id, id);
CREATE INDEX ON coldchain.movement (order_id) WHERE order_id IS NOT NULL;
-- A lot comes in once.
CREATE UNIQUE INDEX ON coldchain.movement (lot_id) WHERE kind = 'enter';

-- What went from which lot into which, by the gram. From nothing: of goods that are not followed; to nothing: lost in processing.
CREATE TABLE coldchain.flow (
  id uuid PRIMARY KEY,
  from_lot uuid REFERENCES coldchain.lot,
  to_lot uuid REFERENCES coldchain.lot,
  grams bigint NOT NULL CHECK (grams > 0),
  holder_id uuid NOT NULL REFERENCES coldchain.holder,
  event_hash text NOT NULL,
  at timestamptz NOT NULL,
  CHECK (from_lot IS NOT NULL OR to_lot IS NOT NULL)
);
CREATE INDEX ON coldchain.flow (from_lot, id);
CREATE INDEX ON coldchain.flow (to_lot, id);

-- Goods on the way from one holder to another, per lot. What is open is in transit.
CREATE TABLE coldchain.dispatch (
  id uuid PRIMARY KEY,
  -- Its despatch advice in events.
  uri text NOT NULL,
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  from_id uuid NOT NULL REFERENCES coldchain.holder,
  to_id uuid NOT NULL REFERENCES coldchain.holder,
  returned boolean NOT NULL,
  -- Sent, and of it declared lost on the way.
  grams bigint NOT NULL CHECK (grams > 0),
  lost_grams bigint NOT NULL DEFAULT 0 CHECK (lost_grams BETWEEN 0 AND grams),
  sent_at timestamptz NOT NULL,
  received_at timestamptz,
  received_grams bigint,
  from_path text COLLATE "C" NOT NULL,
  to_path text COLLATE "C" NOT NULL,
  UNIQUE (uri, lot_id)
);
CREATE INDEX ON coldchain.dispatch (lot_id, id);
CREATE INDEX ON coldchain.dispatch (to_id, sent_at) WHERE received_at IS NULL;
CREATE INDEX ON coldchain.dispatch (from_id, sent_at) WHERE received_at IS NULL;

-- Boxes with codes of their own, and the pallet they stand on. Where one is follows from the events that name it.
CREATE TABLE coldchain.box (
  uri text PRIMARY KEY,
  lot_id uuid NOT NULL REFERENCES coldchain.lot,
  grams bigint NOT NULL CHECK (grams > 0),
  parent_uri text,
  -- Null on the way, and once it is gone.
  holder_id uuid REFERENCES coldchain.holder,
  dispatch_uri text,
  gone boolean NOT NULL DEFAULT false,
  scans integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL
);
CREATE INDEX ON coldchain.box (lot_id);
CREATE INDEX ON coldchain.box (parent_uri) WHERE parent_uri IS NOT NULL;
CREATE INDEX ON coldchain.box (dispatch_uri) WHERE dispatch_uri IS NOT NULL;

-- Locks lots and the imported ones they come from, all in one order, so that what is read of them holds until the end of the
-- transaction. SECURITY DEFINER because the application role may not change lots.
CREATE FUNCTION coldchain.lock_lots(lots uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, coldchain, pg_temp AS $$
DECLARE
  entry record;
BEGIN
  FOR entry IN
    SELECT id, bool_or(own) AS own FROM (
      SELECT unnest(lots) AS id, true AS own UNION ALL SELECT root_id, false FROM coldchain.lot_root WHERE lot_id = ANY (lots)
    ) AS every GROUP BY id ORDER BY id LOOP
    IF entry.own THEN PERFORM FROM coldchain.lot WHERE id = entry.id FOR NO KEY UPDATE;
    ELSE PERFORM FROM coldchain.lot WHERE id = entry.id FOR SHARE;
    END IF;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION coldchain.lock_lots(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION coldchain.lock_lots(uuid[]) TO vigil_app;

-- The gate and the balance, for whoever writes: nothing of a lot moves before the releases of all imported lots in it stand,
-- but for its entry, samples, and destruction by order; and what is not there cannot leave.
CREATE FUNCTION coldchain.pass_gate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, coldchain, pg_temp AS $$
DECLARE
  shut text;
BEGIN
  IF NOT (NEW.kind IN ('enter', 'sample', 'observe') OR (NEW.kind = 'destroy' AND EXISTS (
      SELECT FROM coldchain.destroy_order o WHERE o.id = NEW.order_id AND o.lot_id = NEW.lot_id))) THEN
    PERFORM FROM coldchain.lot l JOIN coldchain.lot_root r ON r.root_id = l.id WHERE r.lot_id = NEW.lot_id ORDER BY l.id FOR SHARE OF l;
    IF NOT EXISTS (SELECT FROM coldchain.lot_root WHERE lot_id = NEW.lot_id) THEN
      RAISE EXCEPTION 'lot % has no origin', NEW.lot_id USING ERRCODE = 'check_violation', CONSTRAINT = 'release_gate';
    END IF;
    SELECT l.lot_no INTO shut FROM coldchain.lot_root r JOIN coldchain.lot l ON l.id = r.root_id
      WHERE r.lot_id = NEW.lot_id AND (
        SELECT last.kind FROM coldchain.release last WHERE last.lot_id = r.root_id ORDER BY last.number DESC LIMIT 1
      ) IS DISTINCT FROM 'release' LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'lot % is not released', shut USING ERRCODE = 'check_violation', CONSTRAINT = 'release_gate';
    END IF;
  END IF;
  IF NEW.grams <> 0 THEN
    UPDATE coldchain.balance SET grams = grams + NEW.grams, since = CASE WHEN grams = 0 THEN NEW.at ELSE since END
      WHERE lot_id = NEW.lot_id AND holder_id = NEW.holder_id;
    IF NOT FOUND THEN
      INSERT INTO coldchain.balance VALUES (NEW.lot_id, NEW.holder_id, NEW.grams, NEW.path, NEW.at)
        ON CONFLICT (lot_id, holder_id) DO UPDATE SET grams = balance.grams + excluded.grams;
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER gate BEFORE INSERT ON coldchain.movement FOR EACH ROW EXECUTE FUNCTION coldchain.pass_gate();

-- A release or withdrawal waits for the movements under way, and those after it see it. They alternate.
CREATE FUNCTION coldchain.count_release() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, coldchain, pg_temp AS $$
DECLARE
  counted integer;
BEGIN
  UPDATE coldchain.lot SET releases = releases + 1 WHERE id = NEW.lot_id RETURNING releases INTO counted;
  IF NEW.number IS DISTINCT FROM counted OR (NEW.kind = 'release') <> (counted % 2 = 1) THEN
    RAISE EXCEPTION 'a lot is released, then withdrawn, in turn' USING ERRCODE = 'check_violation', CONSTRAINT = 'release_order';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER count BEFORE INSERT ON coldchain.release FOR EACH ROW EXECUTE FUNCTION coldchain.count_release();

GRANT SELECT, INSERT ON coldchain.holder, coldchain.goods, coldchain.rule, coldchain.lot, coldchain.lot_root, coldchain.release, coldchain.destroy_order,
  coldchain.movement, coldchain.flow TO vigil_app;
GRANT SELECT ON coldchain.balance TO vigil_app;
GRANT SELECT, INSERT, UPDATE ON coldchain.dispatch, coldchain.box TO vigil_app;
GRANT USAGE ON SEQUENCE coldchain.gtin_number TO vigil_app;
CALL vigil.protect('coldchain.release');
CALL vigil.protect('coldchain.destroy_order');
CALL vigil.protect('coldchain.balance');
CALL vigil.protect('coldchain.movement');
-- Both ends of a way see it.
ALTER TABLE coldchain.dispatch ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON coldchain.dispatch TO vigil_app
  USING (from_path ^@ ANY ((SELECT vigil.paths())::text[]) OR to_path ^@ ANY ((SELECT vigil.paths())::text[]))
  WITH CHECK (from_path ^@ ANY ((SELECT vigil.paths())::text[]) OR to_path ^@ ANY ((SELECT vigil.paths())::text[]));
