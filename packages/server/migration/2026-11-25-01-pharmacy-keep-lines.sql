-- The lines of a sale stand in its row: a list, a file and a correction need no second look-up, and a registration writes one
-- row less for each line. Parallel arrays in the order of entry; the class is that of the day of sale.
-- Servers of the version before must be stopped: they would write lines where nobody reads them.
ALTER TABLE pharmacy.purchase
  ADD COLUMN drug_ids uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN drug_classes text[] NOT NULL DEFAULT '{}',
  ADD COLUMN quantities integer[] NOT NULL DEFAULT '{}';
UPDATE pharmacy.purchase p SET drug_ids = i.drug_ids, drug_classes = i.drug_classes, quantities = i.quantities
FROM (
  SELECT purchase_id, county, array_agg(drug_id ORDER BY line) AS drug_ids, array_agg(class ORDER BY line) AS drug_classes,
    array_agg(quantity ORDER BY line) AS quantities
  FROM pharmacy.purchase_item GROUP BY 1, 2
) i WHERE i.purchase_id = p.id AND i.county = p.county;
ALTER TABLE pharmacy.purchase
  ALTER COLUMN drug_ids DROP DEFAULT, ALTER COLUMN drug_classes DROP DEFAULT, ALTER COLUMN quantities DROP DEFAULT,
  ADD CHECK (cardinality(drug_ids) = cardinality(drug_classes) AND cardinality(drug_ids) = cardinality(quantities)),
  ADD CHECK (0 < ALL (quantities));

-- Which sales hold a drug: what a search by drug reads. The path in the index says whether the caller may see it, and in
-- which store it was, without a look at the sale.
CREATE TABLE pharmacy.purchase_drug (
  drug_id uuid NOT NULL,
  county text NOT NULL,
  purchase_id uuid NOT NULL,
  path text COLLATE "C" NOT NULL,
  PRIMARY KEY (drug_id, county, purchase_id) INCLUDE (path)
) PARTITION BY RANGE (purchase_id);

DELETE FROM vigil.monthly WHERE target = 'pharmacy.purchase_item'::regclass;
INSERT INTO vigil.monthly (target, by_uuid) VALUES ('pharmacy.purchase_drug', true);
-- A partition for each month that the sales have.
DO $$
DECLARE
  month text;
BEGIN
  FOR month IN SELECT right(inhrelid::regclass::text, 7) FROM pg_inherits WHERE inhparent = 'pharmacy.purchase'::regclass LOOP
    PERFORM vigil.ensure_month(to_date(month, 'YYYY_MM'));
  END LOOP;
END $$;
INSERT INTO pharmacy.purchase_drug (drug_id, county, purchase_id, path)
SELECT DISTINCT i.drug_id, p.county, p.id, p.path
FROM pharmacy.purchase_item i JOIN pharmacy.purchase p ON p.id = i.purchase_id AND p.county = i.county;
DROP TABLE pharmacy.purchase_item;

GRANT SELECT, INSERT, DELETE ON pharmacy.purchase_drug TO vigil_app;
CALL vigil.protect('pharmacy.purchase_drug');
