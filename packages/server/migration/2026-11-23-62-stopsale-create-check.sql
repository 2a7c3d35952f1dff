-- An inspection of all stores of an area, and one task for each of them.
CREATE TABLE stopsale.campaign (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  area_code text NOT NULL REFERENCES area.area,
  path text COLLATE "C" NOT NULL,
  order_id uuid REFERENCES stopsale.stop_order,
  due_on date NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
  created_at timestamptz NOT NULL,
  created_by text NOT NULL
);
COMMENT ON TABLE stopsale.campaign IS 'No row-level security: public facts; its tasks are behind the wall.';

CREATE TABLE stopsale.task (
  id uuid PRIMARY KEY,
  campaign_id uuid NOT NULL REFERENCES stopsale.campaign,
  store_code text NOT NULL,
  county text NOT NULL,
  area_code text NOT NULL,
  -- Of the store itself.
  path text COLLATE "C" NOT NULL,
  result text NOT NULL DEFAULT 'pending' CHECK (result IN ('pending', 'pass', 'fail')),
  -- {"sealed": "yes", …} by point of the checklist
  answers jsonb NOT NULL DEFAULT '{}',
  note text NOT NULL DEFAULT '',
  officer_id uuid,
  officer text,
  done_at timestamptz,
  revision integer NOT NULL DEFAULT 0,
  UNIQUE (campaign_id, store_code),
  CHECK ((result = 'pending') = (done_at IS NULL))
);
CREATE INDEX ON stopsale.task (store_code);

CREATE TABLE stopsale.photo (
  id uuid PRIMARY KEY,
  task_id uuid NOT NULL REFERENCES stopsale.task,
  path text COLLATE "C" NOT NULL,
  file_id uuid NOT NULL,
  filename text NOT NULL,
  media_type text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE INDEX ON stopsale.photo (task_id);

GRANT SELECT, INSERT, UPDATE ON stopsale.campaign, stopsale.task TO vigil_app;
GRANT SELECT, INSERT ON stopsale.photo TO vigil_app;
CALL vigil.protect('stopsale.task');
CALL vigil.protect('stopsale.photo');
