-- When stock last moved, and when it was last counted: for the daily list of gaps, which must not read the ledger's history.
ALTER TABLE coldchain.balance ADD moved_at timestamptz, ADD counted_at timestamptz;
UPDATE coldchain.balance b SET moved_at = (SELECT max(m.at) FROM coldchain.movement m
  WHERE m.lot_id = b.lot_id AND m.holder_id = b.holder_id AND m.grams <> 0);
ALTER TABLE coldchain.balance ALTER moved_at SET NOT NULL;
ALTER TABLE coldchain.movement DROP CONSTRAINT movement_kind_check, DROP CONSTRAINT movement_check;
ALTER TABLE coldchain.movement
  ADD CONSTRAINT movement_kind_check CHECK (kind IN ('enter', 'receive', 'make', 'difference', 'sample', 'ship', 'use', 'sell', 'lose', 'destroy', 'handle', 'observe', 'count')),
  ADD CONSTRAINT movement_check CHECK (CASE
    WHEN kind IN ('enter', 'receive', 'make') THEN grams > 0
    WHEN kind IN ('handle', 'observe', 'count') THEN grams = 0
    WHEN kind = 'difference' THEN grams <> 0
    ELSE grams < 0 END);

CREATE OR REPLACE FUNCTION coldchain.pass_gate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, coldchain, pg_temp AS $$
DECLARE
  shut text;
BEGIN
  IF NOT (NEW.kind IN ('enter', 'sample', 'observe', 'count') OR (NEW.kind = 'destroy' AND EXISTS (
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
    UPDATE coldchain.balance SET grams = grams + NEW.grams, since = CASE WHEN grams = 0 THEN NEW.at ELSE since END,
        moved_at = greatest(moved_at, NEW.at), counted_at = CASE WHEN grams = 0 THEN NULL ELSE counted_at END
      WHERE lot_id = NEW.lot_id AND holder_id = NEW.holder_id;
    IF NOT FOUND THEN
      INSERT INTO coldchain.balance VALUES (NEW.lot_id, NEW.holder_id, NEW.grams, NEW.path, NEW.at, NEW.at)
        ON CONFLICT (lot_id, holder_id) DO UPDATE SET grams = balance.grams + excluded.grams, moved_at = greatest(balance.moved_at, excluded.moved_at);
    END IF;
  END IF;
  IF NEW.kind = 'count' THEN
    UPDATE coldchain.balance SET counted_at = greatest(counted_at, NEW.at) WHERE lot_id = NEW.lot_id AND holder_id = NEW.holder_id;
  END IF;
  RETURN NEW;
END $$;
