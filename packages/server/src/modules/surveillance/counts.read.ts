import { setImmediate as turn } from 'node:timers/promises'
import { type Day, daysBetween } from '@vigil/codes'
import { type WatchedClass, watchedClasses } from '@vigil/contract'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { EngineCounts } from './engine.types.ts'

interface Row {
  readonly storeCode: string
  readonly class: WatchedClass
  readonly days: string
  readonly counts: string
}

/** Series after which others have a turn. */
const turnRows = 50
const numbers = (text: string): Int32Array => Int32Array.from(text.slice(1, -1).split(','), Number)

/**
 * Registered sales of a county's stores by class and day from a day on, from the rollups.
 * @param first day that counts as 0
 * @param stores all stores of the county unless named
 */
export async function readCounts(
  tx: Tx,
  county: string,
  first: Day,
  from: Day,
  stores?: readonly string[],
): Promise<EngineCounts[]> {
  const only = stores ? sql`AND store_code = ANY (${[...stores]}::text[])` : sql``
  const { rows } = await sql<Row>`
    SELECT store_code AS "storeCode", class, array_agg(day - ${first}::date)::text AS days, array_agg(purchases)::text AS counts
    FROM pharmacy.rollup_store_day WHERE county = ${county} AND day >= ${from}::date ${only} GROUP BY 1, 2`.execute(tx)
  const counts: EngineCounts[] = []
  for (const row of rows) {
    if (counts.length % turnRows === 0) await turn()
    const at = watchedClasses.indexOf(row.class)
    counts.push({ store: row.storeCode, class: at, days: numbers(row.days), counts: numbers(row.counts) })
  }
  return counts
}

/** Sums of every county from a day on, by `class|day` as the engines number them: what theirs are compared with. */
export async function readTotals(tx: Tx, first: Day, from: Day): Promise<Map<string, Map<string, number>>> {
  const { rows } = await sql<{ county: string; class: WatchedClass; day: Day; purchases: number }>`
    SELECT county, class, day, sum(purchases)::int AS purchases FROM pharmacy.rollup_county_day
    WHERE day >= ${from}::date GROUP BY 1, 2, 3 HAVING sum(purchases) <> 0`.execute(tx)
  const totals = new Map<string, Map<string, number>>()
  for (const { county, class: name, day, purchases } of rows) {
    const own = totals.get(county) ?? new Map<string, number>()
    own.set(`${watchedClasses.indexOf(name)}|${daysBetween(first, day)}`, purchases)
    totals.set(county, own)
  }
  return totals
}

/** Sales by hour of the day in some days before a day, 24 numbers. */
export async function readHours(tx: Tx, county: string, from: Day, to: Day): Promise<number[]> {
  const { rows } = await sql<{ hour: number; sales: number }>`
    SELECT extract(hour FROM sold_at AT TIME ZONE 'Asia/Shanghai')::int AS hour, count(*)::int AS sales
    FROM pharmacy.purchase WHERE county = ${county} AND day BETWEEN ${from}::date AND ${to}::date AND status <> 'undone'
    GROUP BY 1`.execute(tx)
  const hours = new Array<number>(24).fill(0)
  for (const { hour, sales } of rows) hours[hour] = sales
  return hours
}
