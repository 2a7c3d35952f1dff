/**
 * Every difference between the three rollup tables and a recount of the purchases that are not undone, by plain SQL;
 * a row of zeros counts as absent. No row: no drift.
 */
export const recountSql = `
WITH item AS (
  SELECT p.id AS purchase_id, p.county, l.class, sum(l.quantity) AS units
  FROM pharmacy.purchase p, unnest(p.drug_classes, p.quantities) AS l(class, quantity) GROUP BY 1, 2, 3
), mark AS (
  SELECT p.id, p.county, p.store_code, p.day, p.person_index, p.fever, i.class, i.units
  FROM pharmacy.purchase p JOIN item i ON i.purchase_id = p.id AND i.county = p.county WHERE p.status <> 'undone'
  UNION ALL
  SELECT p.id, p.county, p.store_code, p.day, p.person_index, p.fever, 'all', sum(i.units)
  FROM pharmacy.purchase p JOIN item i ON i.purchase_id = p.id AND i.county = p.county WHERE p.status <> 'undone' GROUP BY 1, 2, 3, 4, 5, 6
), truth AS (
  SELECT 'store' AS kind, county, store_code AS scope, class, day, NULL::bytea AS person, count(*) AS purchases, count(DISTINCT person_index) AS buyers,
    sum(units) AS units, count(*) FILTER (WHERE fever) AS fever FROM mark GROUP BY 2, 3, 4, 5
  UNION ALL
  SELECT 'county', county, county, class, day, NULL, count(*), count(DISTINCT person_index), sum(units), count(*) FILTER (WHERE fever) FROM mark GROUP BY 2, 4, 5
  UNION ALL
  SELECT 'buyer', county, store_code, class, day, person_index, count(*), 0, 0, 0 FROM mark GROUP BY 2, 3, 4, 5, 6
), kept AS (
  SELECT 'store' AS kind, county, store_code AS scope, class, day, NULL::bytea AS person, purchases, buyers, units, fever FROM pharmacy.rollup_store_day
  UNION ALL
  SELECT 'county', county, county, class, day, NULL, sum(purchases), sum(buyers), sum(units), sum(fever) FROM pharmacy.rollup_county_day GROUP BY county, class, day
  UNION ALL
  SELECT 'buyer', county, split_part(m, ':', 2), split_part(substr(m, 2), ':', 1), day, person_index, sum(CASE left(m, 1) WHEN '+' THEN 1 ELSE -1 END), 0, 0, 0
  FROM pharmacy.buyer_day, unnest(marks) AS m GROUP BY 2, 3, 4, 5, 6
), both_sides AS (
  SELECT *, 'truth' AS side FROM truth
  UNION ALL
  SELECT *, 'kept' FROM kept WHERE (purchases, buyers, units, fever) <> (0, 0, 0, 0)
)
SELECT kind, county, scope, class, day::text, encode(person, 'hex') AS person, purchases, buyers, units, fever, string_agg(side, '+') AS side
FROM both_sides GROUP BY kind, county, scope, class, day, person, purchases, buyers, units, fever HAVING count(*) <> 2 ORDER BY 1, 2, 3, 4, 5`
