CREATE SCHEMA stopsale;
GRANT USAGE ON SCHEMA stopsale TO vigil_app;

-- An order that bars drugs from sale (S2 暂停销售目录). It binds between two instants, so that what was sold in the morning
-- of the day of issue stays lawful; neither is ever moved into the past.
CREATE TABLE stopsale.stop_order (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  from_day date NOT NULL,
  -- Last day, included; null until lifted.
  to_day date,
  reason text NOT NULL,
  document_no text NOT NULL DEFAULT '',
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'issued', 'dropped')),
  starts_at timestamptz,
  ends_at timestamptz,
  issued_at timestamptz,
  issued_by text,
  lifted_at timestamptz,
  lifted_by text,
  lift_reason text,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  revision integer NOT NULL DEFAULT 0,
  CHECK (to_day IS NULL OR to_day >= from_day),
  CHECK ((status = 'issued') = (starts_at IS NOT NULL AND issued_at IS NOT NULL))
);
COMMENT ON TABLE stopsale.stop_order IS 'No row-level security: public facts; who may change one is checked by its path.';

-- What an order names: one drug, all of a generic name, all of a class. A line that left the order keeps its time in it.
CREATE TABLE stopsale.order_item (
  id uuid PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES stopsale.stop_order,
  kind text NOT NULL CHECK (kind IN ('drug', 'generic', 'class')),
  value text NOT NULL,
  -- When counters were told of it, and from when to when it binds; all null in a draft.
  told_at timestamptz,
  added_at timestamptz,
  removed_at timestamptz
);
CREATE INDEX ON stopsale.order_item (order_id);
COMMENT ON TABLE stopsale.order_item IS 'No row-level security: public facts, as their order.';

-- Scans of the official document; added, never taken away.
CREATE TABLE stopsale.document (
  id uuid PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES stopsale.stop_order,
  file_id uuid NOT NULL,
  filename text NOT NULL,
  media_type text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE INDEX ON stopsale.document (order_id);
COMMENT ON TABLE stopsale.document IS 'No row-level security: public facts, as their order.';

GRANT SELECT, INSERT, UPDATE ON stopsale.stop_order TO vigil_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON stopsale.order_item TO vigil_app;
GRANT SELECT, INSERT ON stopsale.document TO vigil_app;
