/**
 * SQL that turns marks into rollups. A mark is one purchase × class (and × 'all') with a sign: +1 counts it, −1 takes it
 * back, so that registration, correction and undo share one statement and a rollup cannot drift from the rows.
 *
 * Expects a CTE `mark(county, county_path, store_code, path, day, class, person_index, sign, units, fever)`.
 * A person is a buyer of a store or county while the sum of its marks there is above zero. `buyer_day` keeps the marks of a
 * person's day in one row; its lock orders two processes that sell to the same person at the same time, and what is appended
 * is told from what was there by its place at the end. Rows are touched in key order, which keeps deadlocks away; a loser
 * of one is retried by the caller.
 */
export const rollupCtes = `
person AS (
  SELECT county, day, person_index, array_agg(CASE WHEN sign > 0 THEN '+' ELSE '-' END || class || ':' || store_code) AS marks
  FROM mark GROUP BY 1, 2, 3
), counted AS (
  INSERT INTO pharmacy.buyer_day AS b (county, day, person_index, marks)
  SELECT county, day, person_index, marks FROM person ORDER BY 1, 2, 3
  ON CONFLICT (county, day, person_index) DO UPDATE SET marks = b.marks || EXCLUDED.marks
  RETURNING county, day, person_index, marks
), step AS (
  SELECT c.county, c.day, c.person_index, split_part(substr(m.mark, 2), ':', 1) AS class, split_part(m.mark, ':', 2) AS store,
    CASE left(m.mark, 1) WHEN '+' THEN 1 ELSE -1 END AS sign, m.place > cardinality(c.marks) - cardinality(p.marks) AS added
  FROM counted c JOIN person p USING (county, day, person_index), unnest(c.marks) WITH ORDINALITY AS m(mark, place)
), scoped AS (
  SELECT county, day, store AS scope, class, sum(sign) AS after, coalesce(sum(sign) FILTER (WHERE NOT added), 0) AS before
  FROM step GROUP BY county, day, person_index, store, class
  UNION ALL
  SELECT county, day, county, class, sum(sign), coalesce(sum(sign) FILTER (WHERE NOT added), 0)
  FROM step GROUP BY county, day, person_index, class
), buyer AS (
  SELECT county, day, scope, class, sum((after > 0)::int - (before > 0)::int)::int AS buyers FROM scoped GROUP BY 1, 2, 3, 4
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
  ON CONFLICT (county, class, day, slot) DO UPDATE SET purchases = r.purchases + EXCLUDED.purchases,
    buyers = r.buyers + EXCLUDED.buyers, units = r.units + EXCLUDED.units, fever = r.fever + EXCLUDED.fever
  RETURNING 1
)`

/** Path of the county in a store's path: `/350000/350500/350582/350582S01/P1/` → `/350000/350500/350582/`. */
export function countyPath(path: string, county: string): string {
  const end = path.indexOf(`/${county}/`)
  if (end < 0) throw new Error(`county ${county} is not in path ${path}`)
  return path.slice(0, end + county.length + 2)
}
