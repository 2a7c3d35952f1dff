import { addDays, dayOf } from '@vigil/codes'
import type { Kernel } from '../../kernel/kernel.ts'

/** Days up to the running one in which most late sales come: their slots stay apart. */
const openDays = 2

// Rows are locked in the order in which sales touch them; a sale that comes meanwhile waits and opens its slot anew.
const foldSql = `
WITH held AS MATERIALIZED (
  SELECT county, class, slot FROM pharmacy.rollup_county_day WHERE day = $1 AND slot <> 0 ORDER BY county, class, slot FOR UPDATE
), gone AS (
  DELETE FROM pharmacy.rollup_county_day r USING held h
  WHERE r.day = $1 AND r.county = h.county AND r.class = h.class AND r.slot = h.slot RETURNING r.*
)
INSERT INTO pharmacy.rollup_county_day AS r (county, path, class, day, slot, purchases, buyers, units, fever)
SELECT county, min(path), class, day, 0, sum(purchases), sum(buyers), sum(units), sum(fever) FROM gone GROUP BY county, class, day ORDER BY 1, 3
ON CONFLICT (county, class, day, slot) DO UPDATE SET purchases = r.purchases + EXCLUDED.purchases,
  buyers = r.buyers + EXCLUDED.buyers, units = r.units + EXCLUDED.units, fever = r.fever + EXCLUDED.fever`

/**
 * Adds the slots of the counties' rollups together for days that are over, one day a transaction; sums stay what they are at
 * every moment. Run again, or in two processes at once, it finds nothing more to do.
 * @returns days that had slots
 */
export async function foldRollups({ connections, clock }: Pick<Kernel, 'connections' | 'clock'>): Promise<number> {
  const { rows } = await connections.system.query<{ day: string }>(
    'SELECT DISTINCT day FROM pharmacy.rollup_county_day WHERE slot <> 0 AND day < $1 ORDER BY day',
    [addDays(dayOf(clock.now()), -openDays)],
  )
  for (const { day } of rows) await connections.system.query(foldSql, [day])
  return rows.length
}
