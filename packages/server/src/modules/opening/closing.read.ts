import type { Day } from '@vigil/codes'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { closedDays, type DayStatement } from './closing.domain.ts'

/**
 * Days of a period for which stores had said that they are closed; stores without one are left out. Reads the period and,
 * for each store, the last day before it of which something was said.
 */
export async function declaredClosings(
  tx: Tx,
  codes: readonly string[],
  from: Day,
  to: Day,
): Promise<Map<string, ReadonlySet<Day>>> {
  const { rows } = await sql<DayStatement & { storeCode: string }>`
    SELECT d.store_code, d.day, d.state, d.back_on
    FROM unnest(${[...codes]}::text[]) AS c(code) CROSS JOIN LATERAL (
      SELECT * FROM opening.day WHERE store_code = c.code AND day BETWEEN ${from} AND ${to}
      UNION ALL
      (SELECT * FROM opening.day WHERE store_code = c.code AND day < ${from} ORDER BY day DESC LIMIT 1)
    ) d`.execute(tx)
  const byStore = Map.groupBy(rows, ({ storeCode }) => storeCode)
  const found = new Map<string, ReadonlySet<Day>>()
  for (const [code, statements] of byStore) {
    const closed = closedDays(statements, from, to)
    if (closed.size > 0) found.set(code, closed)
  }
  return found
}
