-- Any list, by template, also for the system itself (pushes), with each row of a file traced to its record.

ALTER TABLE export.export DROP CONSTRAINT export_list_check;
ALTER TABLE export.export
  -- None for what the system orders.
  ALTER COLUMN owner_id DROP NOT NULL,
  -- None for lists without a period.
  ALTER COLUMN from_day DROP NOT NULL,
  ALTER COLUMN to_day DROP NOT NULL,
  ADD COLUMN template_id uuid,
  ADD COLUMN template_version integer,
  -- Queue that is told, in the transaction that ends the export.
  ADD COLUMN tell text,
  -- Number of the first data row in the spreadsheet.
  ADD COLUMN first_row integer NOT NULL DEFAULT 2,
  ADD COLUMN traced boolean NOT NULL DEFAULT false;

CREATE TABLE export.template (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  list text NOT NULL,
  area_code text NOT NULL,
  -- The template is for this area and everything below it; that of the whole country has '/'.
  path text COLLATE "C" NOT NULL,
  -- The newest version.
  version integer NOT NULL,
  archived boolean NOT NULL DEFAULT false,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL
);

-- Never changed: a file names the version that it was made with.
CREATE TABLE export.template_version (
  template_id uuid NOT NULL REFERENCES export.template,
  version integer NOT NULL,
  path text COLLATE "C" NOT NULL,
  grain text NOT NULL CHECK (grain IN ('record', 'item')),
  sheet text NOT NULL,
  head_from integer NOT NULL,
  head_to integer NOT NULL,
  columns jsonb NOT NULL,
  problems jsonb NOT NULL,
  workbook bytea NOT NULL,
  workbook_name text NOT NULL,
  note text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (template_id, version)
);

-- Which record each row of a file came from, and its revision at that time: 1,000 rows in one. The values that were sent
-- follow from the revisions of the record itself, so no personal data is kept twice. Gone when their month is shredded.
CREATE TABLE export.row_chunk (
  export_id uuid NOT NULL REFERENCES export.export,
  first_row integer NOT NULL,
  rows integer NOT NULL,
  path text COLLATE "C" NOT NULL,
  -- 16 bytes each, in the order of the rows.
  ids bytea NOT NULL,
  -- 2 bytes each, big-endian.
  revisions bytea NOT NULL,
  PRIMARY KEY (export_id, first_row)
);

GRANT SELECT, INSERT, UPDATE ON export.template TO vigil_app;
GRANT SELECT, INSERT ON export.template_version TO vigil_app;
GRANT SELECT, INSERT, DELETE ON export.row_chunk TO vigil_app;
CALL vigil.protect('export.row_chunk');

-- True for the areas above the own ones too: the city's template serves its counties.
CREATE FUNCTION export.in_line(path text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN vigil.in_scope(path) OR EXISTS (
  SELECT FROM unnest(vigil.paths()) AS own WHERE own ^@ path);
GRANT EXECUTE ON FUNCTION export.in_line(text) TO vigil_app;

-- Who may change one above the own area is decided by the service: only the template that every installation starts with.
ALTER TABLE export.template ENABLE ROW LEVEL SECURITY;
ALTER TABLE export.template_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON export.template TO vigil_app
  USING (vigil.in_scope(path) OR export.in_line(path)) WITH CHECK (vigil.in_scope(path) OR export.in_line(path));
CREATE POLICY scope ON export.template_version TO vigil_app
  USING (vigil.in_scope(path) OR export.in_line(path)) WITH CHECK (vigil.in_scope(path) OR export.in_line(path));

UPDATE access.role SET permissions = permissions || '{template.manage}'
  WHERE code = 'city-director' AND NOT permissions @> '{template.manage}';
