import { addDays, type Day, daysBetween } from '@vigil/codes'
import { sql } from 'kysely'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type DelayCount, type LateStore, lateStores, learnedDays } from './lateness.ts'

/** How far the id's time may lie before the day of sale. */
const idDays = 4

/** When the sales of some days came in: reads the entries of these days by key, once a day. */
async function readDelays(tx: Tx, county: string, from: Day, to: Day): Promise<DelayCount[]> {
  const { rows } = await sql<{ store: string; day: Day; delay: number; count: number }>`
    SELECT store_code AS store, day, (received_at AT TIME ZONE 'Asia/Shanghai')::date - day AS delay, count(*)::int AS count
    FROM pharmacy.purchase WHERE county = ${county} AND day BETWEEN ${from}::date AND ${to}::date
      AND id >= vigil.uuid_floor(${addDays(from, -idDays)}::date) AND status <> 'undone'
    GROUP BY 1, 2, 3`.execute(tx)
  return rows.map((row) => ({ ...row, day: daysBetween(from, row.day) }))
}

/** Stores of a county that report late, by the four weeks before a day; learned once a day and kept. */
export async function findLateStores(
  kernel: Pick<Kernel, 'db'>,
  { county, path }: { readonly county: string; readonly path: string },
  today: Day,
): Promise<readonly LateStore[]> {
  return withScope(kernel.db, systemScope, async (tx) => {
    const kept = await tx
      .selectFrom('surveillance.lateness')
      .select('stores')
      .where('county', '=', county)
      .where('day', '=', today)
      .executeTakeFirst()
    if (kept) return kept.stores
    const found = lateStores(await readDelays(tx, county, addDays(today, -learnedDays), addDays(today, -1)))
    const stores = JSON.stringify(found)
    await tx
      .insertInto('surveillance.lateness')
      .values({ county, day: today, path, stores })
      .onConflict((conflict) => conflict.column('county').doUpdateSet({ day: today, stores }))
      .execute()
    return found
  })
}
