CREATE SCHEMA area;
GRANT USAGE ON SCHEMA area TO vigil_app;

-- GB/T 2260 units and, below them, offices and grids. `path` is the materialised list of codes: a subtree is a prefix.
CREATE TABLE area.area (
  code text PRIMARY KEY,
  name text NOT NULL,
  level text NOT NULL CHECK (level IN ('province', 'city', 'county', 'office', 'grid')),
  parent text REFERENCES area.area,
  path text COLLATE "C" NOT NULL UNIQUE CHECK (path LIKE '/%/'),
  lon double precision,
  lat double precision,
  standard boolean NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON area.area (parent);
GRANT SELECT, INSERT, UPDATE ON area.area TO vigil_app;
-- Outside the wall, for a reason.
COMMENT ON TABLE area.area IS 'No row-level security: public facts (GB/T 2260 and the offices of a bureau).';
