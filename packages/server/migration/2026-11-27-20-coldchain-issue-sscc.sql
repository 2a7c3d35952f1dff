-- Numbers for pallets (SSCC): the GS1 company prefixes that the bureau or a business was given, and how far each is counted. A number
-- is never given again; `next` only grows. A prefix without a holder is for everybody below its path.
CREATE TABLE coldchain.sscc_prefix (
  prefix text PRIMARY KEY CHECK (prefix ~ '^[0-9]{4,12}$'),
  holder_id uuid REFERENCES coldchain.holder,
  next bigint NOT NULL DEFAULT 1,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
GRANT SELECT, INSERT, UPDATE (next) ON coldchain.sscc_prefix TO vigil_app;
CALL vigil.protect('coldchain.sscc_prefix');

-- Pallets that were given a number here. What stands on them is said by the boxes; those that goods bring along are not in it.
CREATE TABLE coldchain.pallet (
  sscc text PRIMARY KEY CHECK (sscc ~ '^[0-9]{18}$'),
  holder_id uuid NOT NULL REFERENCES coldchain.holder,
  path text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL
);
GRANT SELECT, INSERT ON coldchain.pallet TO vigil_app;
CALL vigil.protect('coldchain.pallet');
