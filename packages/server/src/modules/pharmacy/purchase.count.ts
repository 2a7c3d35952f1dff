import type { PurchaseTotal } from '@vigil/contract'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { conditions, place, type ResolvedFilter } from './purchase.filter.ts'
import type { Units } from './purchase.units.ts'

/** From the rollups: exact, at a cost that does not depend on the number of sales. */
async function fromRollups(tx: Tx, filter: ResolvedFilter, units: Units): Promise<number> {
  const table = units.whole ? sql`pharmacy.rollup_county_day p` : sql`pharmacy.rollup_store_day p`
  const figure = filter.fever === true ? sql`p.fever` : sql`p.purchases`
  const inStores = units.column === 'storeCode' ? sql`AND p.store_code = ANY (${units.codes}::text[])` : sql``
  const inPaths = units.whole || units.column === 'storeCode' ? sql`` : sql`AND ${place(filter)}`
  const { rows } = await sql<{ total: number }>`
    SELECT coalesce(sum(${figure}), 0)::int AS total FROM ${table}
    WHERE p.county = ANY (${units.counties}::text[]) AND p.class = ${filter.class ?? 'all'}
      AND p.day BETWEEN ${filter.from} AND ${filter.to} ${inStores} ${inPaths}`.execute(tx)
  return rows[0]!.total
}

/** What the planner expects a filter to find: no row is read. */
async function expected(tx: Tx, filter: ResolvedFilter): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`
    EXPLAIN (FORMAT JSON) SELECT FROM pharmacy.purchase p WHERE ${conditions(filter)}`.execute(tx)
  return rows[0]!['QUERY PLAN'][0].Plan['Plan Rows']
}

async function fromRows(tx: Tx, filter: ResolvedFilter, most: number): Promise<number | undefined> {
  const { rows } = await sql<{ total: number }>`
    SELECT count(*)::int AS total FROM (
      SELECT FROM pharmacy.purchase p WHERE ${conditions(filter)} AND ${place(filter)} LIMIT ${most + 1}) few`.execute(
    tx,
  )
  return rows[0]!.total > most ? undefined : rows[0]!.total
}

/** Rows of a person or a mobile are counted up to this many. */
const mostOfPerson = 300
/** So few sales of a place and period are read one by one. */
const mostRead = 3_000

/**
 * What the rollups do not know: counted where place and period hold few sales, else the rollups' number times the share of it
 * that the planner's statistics give.
 */
async function fromShare(tx: Tx, filter: ResolvedFilter, units: Units): Promise<PurchaseTotal> {
  const { scope, store, county, from, to } = filter
  const known = { scope, store, county, from, to }
  const all = await fromRollups(tx, known, units)
  const read = all <= mostRead ? await fromRows(tx, filter, mostRead) : undefined
  if (read !== undefined) return { count: read, estimated: false }
  const share = (await expected(tx, filter)) / Math.max(await expected(tx, known), 1)
  return { count: Math.round(all * Math.min(share, 1)), estimated: true }
}

/**
 * Number of purchases of a filter: from the rollups where they know it (those undone are then left out), counted where they
 * are few, else estimated and said to be so.
 * @param listed the number of rows when the first page holds all of them
 */
export async function countPurchases(
  tx: Tx,
  filter: ResolvedFilter,
  units: Units,
  listed?: number,
): Promise<PurchaseTotal> {
  if (listed !== undefined) return { count: listed, estimated: false }
  if (filter.person || filter.mobileKey) {
    const few = await fromRows(tx, filter, mostOfPerson)
    if (few !== undefined) return { count: few, estimated: false }
  } else if (!filter.status && !filter.symptom && !filter.drugId && filter.fever !== false)
    return { count: await fromRollups(tx, filter, units), estimated: false }
  return fromShare(tx, filter, units)
}
