/**
 * SQL that turns marks into rollups. A mark is one purchase × class (and × 'all') with a sign: +1 counts it, −1 takes it
 * back, so that registration, correction and undo share one statement and a rollup cannot drift from the rows.
 *
 * Expects a CTE `mark(county, county_path, store_code, path, day, class, person_index, sign, units, fever)`.
 * A person is a buyer of a scope while the count of its purchases there is above zero; `buyer_day` holds that count, and
 * its row lock orders two processes that sell to the same person at the same time. Rows are touched in key order, which
 * keeps deadlocks away; a loser of one is retried by the caller.
 */
export const rollupCtes = `
delta AS (
  SELECT county, day, scope, class, person_index, sum(sign)::int AS d FROM (
    SELECT county, day, store_code AS scope, class, person_index, sign FROM mark
    UNION ALL
    SELECT county, day, county AS scope, class, person_index, sign FROM mark
  ) both_scopes GROUP BY 1, 2, 3, 4, 5 HAVING sum(sign) <> 0
), counted AS (
  INSERT INTO pharmacy.buyer_day AS b (county, day, scope, class, person_index, purchases)
  SELECT county, day, scope, class, person_index, d FROM delta ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (county, day, scope, class, person_index) DO UPDATE SET purchases = b.purchases + EXCLUDED.purchases
  RETURNING county, day, scope, class, person_index, purchases
), buyer AS (
  SELECT c.county, c.day, c.scope, c.class, sum((c.purchases > 0)::int - (c.purchases - d.d > 0)::int)::int AS buyers
  FROM counted c JOIN delta d USING (county, day, scope, class, person_index)
  GROUP BY 1, 2, 3, 4
), by_store AS (
  INSERT INTO pharmacy.rollup_store_day AS r (county, store_code, path, class, day, purchases, buyers, units, fever)
  SELECT m.county, m.store_code, m.path, m.class, m.day, sum(m.sign), coalesce(max(b.buyers), 0), sum(m.sign * m.units), coalesce(sum(m.sign) FILTER (WHERE m.fever), 0)
  FROM mark m LEFT JOIN buyer b ON b.county = m.county AND b.day = m.day AND b.scope = m.store_code AND b.class = m.class
  GROUP BY m.county, m.store_code, m.path, m.class, m.day ORDER BY 1, 2, 4, 5
  ON CONFLICT (county, store_code, class, day) DO UPDATE SET purchases = r.purchases + EXCLUDED.purchases,
    buyers = r.buyers + EXCLUDED.buyers, units = r.units + EXCLUDED.units, fever = r.fever + EXCLUDED.fever
  RETURNING 1
), by_county AS (
  INSERT INTO pharmacy.rollup_county_day AS r (county, path, class, day, purchases, buyers, units, fever)
  SELECT m.county, m.county_path, m.class, m.day, sum(m.sign), coalesce(max(b.buyers), 0), sum(m.sign * m.units), coalesce(sum(m.sign) FILTER (WHERE m.fever), 0)
  FROM mark m LEFT JOIN buyer b ON b.county = m.county AND b.day = m.day AND b.scope = m.county AND b.class = m.class
  GROUP BY m.county, m.county_path, m.class, m.day ORDER BY 1, 3, 4
  ON CONFLICT (county, class, day) DO UPDATE SET purchases = r.purchases + EXCLUDED.purchases,
    buyers = r.buyers + EXCLUDED.buyers, units = r.units + EXCLUDED.units, fever = r.fever + EXCLUDED.fever
  RETURNING 1
)`

/** Path of the county in a store's path: `/350000/350500/350582/350582S01/P1/` → `/350000/350500/350582/`. */
export function countyPath(path: string, county: string): string {
  const end = path.indexOf(`/${county}/`)
  if (end < 0) throw new Error(`county ${county} is not in path ${path}`)
  return path.slice(0, end + county.length + 2)
}
