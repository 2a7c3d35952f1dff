import type { PurchaseTotal } from '@vigil/contract'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { conditions, isKeyed, place, type ResolvedFilter } from './purchase.filter.ts'

/** From the rollups: exact, at a cost that does not depend on the number of sales. */
async function fromRollups(tx: Tx, filter: ResolvedFilter, byCounty: boolean): Promise<number> {
  const table = byCounty ? sql`pharmacy.rollup_county_day p` : sql`pharmacy.rollup_store_day p`
  const figure = filter.fever === true ? sql`p.fever` : sql`p.purchases`
  const county = filter.county ? sql`AND p.county = ${filter.county}` : sql``
  const { rows } = await sql<{ total: number }>`
    SELECT coalesce(sum(${figure}), 0)::int AS total FROM ${table}
    WHERE p.class = ${filter.class ?? 'all'} AND p.day BETWEEN ${filter.from} AND ${filter.to} ${county}
      AND ${filter.store ? sql`p.store_code = ${filter.store}` : sql`p.path ^@ ANY (${[...filter.scope]}::text[])`}`.execute(
    tx,
  )
  return rows[0]!.total
}

/** What the planner expects a filter to find: no row is read. */
async function expected(tx: Tx, filter: ResolvedFilter): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`
    EXPLAIN (FORMAT JSON) SELECT FROM pharmacy.purchase p WHERE ${conditions(filter)}`.execute(tx)
  return rows[0]!['QUERY PLAN'][0].Plan['Plan Rows']
}

/** The rollups' number times the share of it that the planner's statistics give to what the rollups do not know. */
async function estimate(tx: Tx, filter: ResolvedFilter, byCounty: boolean): Promise<number> {
  const { scope, store, county, from, to } = filter
  const known = { scope, store, county, from, to }
  const share = (await expected(tx, filter)) / Math.max(await expected(tx, known), 1)
  return Math.round((await fromRollups(tx, known, byCounty)) * Math.min(share, 1))
}

/** Rows that an index gives directly are counted up to this many. */
const mostCounted = 5_000

async function fromRows(tx: Tx, filter: ResolvedFilter): Promise<number | undefined> {
  const { rows } = await sql<{ total: number }>`SELECT count(*)::int AS total FROM (
    SELECT FROM pharmacy.purchase p WHERE ${conditions(filter)} AND ${place(filter)} LIMIT ${mostCounted + 1}) few`.execute(
    tx,
  )
  return rows[0]!.total > mostCounted ? undefined : rows[0]!.total
}

/**
 * Number of purchases of a filter: from the rollups where they know it, counted where they are few, else estimated and said
 * to be so.
 * @param byCounty the scope is made of whole counties
 * @param listed the number of rows when the first page holds all of them
 */
export async function countPurchases(
  tx: Tx,
  filter: ResolvedFilter,
  byCounty: boolean,
  listed?: number,
): Promise<PurchaseTotal> {
  if (listed !== undefined) return { count: listed, estimated: false }
  if (isKeyed(filter)) {
    const few = await fromRows(tx, filter)
    if (few !== undefined) return { count: few, estimated: false }
  } else if (!filter.status && !filter.symptom && !filter.drugId && filter.fever !== false) {
    // The rollups leave out what was undone, the list does not.
    const undone = await fromRows(tx, { ...filter, status: 'undone' })
    const count = (await fromRollups(tx, filter, byCounty)) + (undone ?? mostCounted)
    return { count, estimated: undone === undefined }
  }
  return { count: await estimate(tx, filter, byCounty), estimated: true }
}
