import { addDays, type Day, dayOf } from '@vigil/codes'
import { watchedClasses } from '@vigil/contract'
import { createRandom } from '@vigil/detection'
import type { TestApp } from '../../testing/app.ts'
import { stores } from '../../testing/shop.ts'

/** Counts of a store's classes on a day. */
export type Counting = (store: string, at: number, day: number) => number

/** Poisson counts around a mean, the same at every run. */
export function poisson(mean: number, seed = 7): Counting {
  const random = createRandom(seed)
  return () => random.poisson(mean)
}

/** Writes rollups of the two stores for some days up to yesterday, as if sales had been registered. */
export async function fillDays(app: TestApp, days: number, counting: Counting): Promise<void> {
  const today = dayOf(app.kernel.clock.now())
  const { reference } = app.modules.pharmacy.purchases
  const rows = Object.keys(stores).flatMap((code) => {
    const store = reference.store(code)!
    return Array.from({ length: days }, (_, at) => addDays(today, at - days)).flatMap((day, at) => {
      const counts = [0, 1, 2, 3].map((name) => counting(code, name, at))
      return [...counts, counts.reduce((sum, count) => sum + count, 0)].map((count, name) => ({
        ...{ county: store.county, code, path: store.path, class: watchedClasses[name]!, day, count },
      }))
    })
  })
  const column = (pick: (row: (typeof rows)[number]) => string | number) => rows.map(pick)
  const { system } = app.kernel.connections
  const given = [
    ...[column((row) => row.county), column((row) => row.code), column((row) => row.path)],
    ...[column((row) => row.class), column((row) => row.day), column((row) => row.count)],
  ]
  await system.query(
    `INSERT INTO pharmacy.rollup_store_day (county, store_code, path, class, day, purchases, buyers, units, fever)
     SELECT r.*, 0, 0, 0 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::int[]) r`,
    given,
  )
  await system.query(
    `INSERT INTO pharmacy.rollup_county_day (county, path, class, day, slot, purchases, buyers, units, fever)
     SELECT county, '/350000/350500/' || county || '/', class, day, 0, sum(purchases), 0, 0, 0 FROM pharmacy.rollup_store_day GROUP BY 1, 2, 3, 4`,
  )
}

/** Sets what a store has sold on a day, by class; all together follows. */
export async function putDay(app: TestApp, code: string, day: Day, counts: readonly number[]): Promise<void> {
  const store = app.modules.pharmacy.purchases.reference.store(code)!
  const all = [...counts, counts.reduce((sum, count) => sum + count, 0)]
  const countyPath = `/350000/350500/${store.county}/`
  for (const [at, count] of all.entries()) {
    const name = watchedClasses[at]
    const { rows } = await app.kernel.connections.system.query<{ purchases: number }>(
      `SELECT purchases FROM pharmacy.rollup_store_day WHERE county = $1 AND store_code = $2 AND class = $3 AND day = $4`,
      [store.county, code, name, day],
    )
    const change = count - (rows[0]?.purchases ?? 0)
    if (change === 0) continue
    await app.kernel.connections.system.query(
      `INSERT INTO pharmacy.rollup_store_day AS r (county, store_code, path, class, day, purchases, buyers, units, fever)
       VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0) ON CONFLICT (county, store_code, class, day) DO UPDATE SET purchases = r.purchases + $6`,
      [store.county, code, store.path, name, day, change],
    )
    await app.kernel.connections.system.query(
      `INSERT INTO pharmacy.rollup_county_day AS r (county, path, class, day, slot, purchases, buyers, units, fever)
       VALUES ($1, $2, $3, $4, 0, $5, 0, 0, 0) ON CONFLICT (county, class, day, slot) DO UPDATE SET purchases = r.purchases + $5`,
      [store.county, countyPath, name, day, change],
    )
  }
}
