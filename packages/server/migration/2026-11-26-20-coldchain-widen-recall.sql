-- Where goods of a recall are collected, and where each gram was when it was closed: {"total": …, "byFate": {…}}.
ALTER TABLE coldchain.recall ADD collector_id uuid REFERENCES coldchain.holder, ADD final jsonb;
-- Reminders of a holder who has not counted yet.
ALTER TABLE coldchain.recall_notice ADD reminded_at timestamptz, ADD reminders integer NOT NULL DEFAULT 0;
GRANT UPDATE ON coldchain.recall_notice TO vigil_app;

-- Recalls in earnest that a lot stands under, of itself or of what it was made of: from the call until a release that is later.
CREATE FUNCTION coldchain.recalls_of(lot uuid) RETURNS TABLE (recall_id uuid, collector_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, coldchain, pg_temp AS $$
  SELECT c.id, c.collector_id FROM coldchain.lot_root r JOIN coldchain.recall_lot x ON x.lot_id = r.root_id
    JOIN coldchain.recall c ON c.id = x.recall_id
  WHERE r.lot_id = lot AND c.kind = 'real' AND c.state <> 'draft'
    AND NOT EXISTS (SELECT FROM coldchain.release l WHERE l.lot_id = r.root_id AND l.kind = 'release' AND l.at > c.opened_at)
$$;
REVOKE ALL ON FUNCTION coldchain.recalls_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION coldchain.recalls_of(uuid) TO vigil_app;

-- While a recall freezes a lot, what is on the way may be received by whom it was sent to, and what lies somewhere may be returned
-- to who sent it there or to where the recall collects it. See recall.way.domain.ts.
CREATE FUNCTION coldchain.goes_back(lot uuid, way uuid, kind text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, coldchain, pg_temp AS $$
  SELECT EXISTS (SELECT FROM coldchain.dispatch d WHERE d.id = way AND d.lot_id = lot
    AND EXISTS (SELECT FROM coldchain.recalls_of(lot))
    AND (kind = 'receive' OR (d.returned AND (
      EXISTS (SELECT FROM coldchain.recalls_of(lot) c WHERE c.collector_id = d.to_id)
      OR EXISTS (SELECT FROM coldchain.dispatch e WHERE e.lot_id = lot AND e.from_id = d.to_id AND e.to_id = d.from_id
        AND e.received_at IS NOT NULL)))))
$$;
REVOKE ALL ON FUNCTION coldchain.goes_back(uuid, uuid, text) FROM PUBLIC;

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
    IF FOUND AND NOT (NEW.kind IN ('ship', 'receive') AND coldchain.goes_back(NEW.lot_id, NEW.dispatch_id, NEW.kind)) THEN
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
