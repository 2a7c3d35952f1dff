import { addDays, type Day, daysBetween } from '@vigil/codes'
import type { PurchaseTotal } from '@vigil/contract'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { countByDrug, salesOfDrug } from './purchase.by-drug.ts'
import { begin, conditions, place, type ResolvedFilter } from './purchase.filter.ts'
import type { Units } from './purchase.units.ts'

/** From the rollups of the period, or of some of its days: exact, at a cost that does not depend on the number of sales. */
async function fromRollups(tx: Tx, filter: ResolvedFilter, units: Units, only?: readonly Day[]): Promise<number> {
  const table = units.whole ? sql`pharmacy.rollup_county_day p` : sql`pharmacy.rollup_store_day p`
  const figure = filter.fever === true ? sql`p.fever` : sql`p.purchases`
  const inStores = units.column === 'storeCode' ? sql`AND p.store_code = ANY (${units.codes}::text[])` : sql``
  const inPaths = units.whole || units.column === 'storeCode' ? sql`` : sql`AND ${place(filter)}`
  const days = only ? sql`p.day = ANY (${only}::date[])` : sql`p.day BETWEEN ${filter.from} AND ${filter.to}`
  const { rows } = await sql<{ total: number }>`${begin(filter)}
    SELECT coalesce(sum(${figure}), 0)::int AS total FROM ${table}
    WHERE p.county = ANY (${units.counties}::text[]) AND p.class = ${filter.class ?? 'all'}
      AND ${days} ${inStores} ${inPaths}`.execute(tx)
  return rows[0]!.total
}

/** Rows of stores' days that are summed for a number; each may lie on a page of its own. */
const mostStoreDays = 3_000
/** Of more than these so many are summed. */
const pickedShare = 0.12

/**
 * Of many stores over a long period: every n-th day is summed and stands for the days between. n is never a whole number of
 * weeks, so that the days of the week are met alike.
 * @param most store-days that are summed
 */
async function fromStores(tx: Tx, filter: ResolvedFilter, units: Units, most: number): Promise<PurchaseTotal> {
  const days = daysBetween(filter.from, filter.to) + 1
  const rows = days * units.codes.length
  let step = Math.ceil(rows / (most * pickedShare))
  if (step % 7 === 0) step += 1
  if (units.column !== 'storeCode' || rows <= most || step > days)
    return { count: await fromRollups(tx, filter, units), estimated: false }
  const picked: Day[] = []
  for (let day = filter.to; day >= filter.from; day = addDays(day, -step)) picked.push(day)
  const sum = await fromRollups(tx, filter, units, picked)
  return { count: Math.round((sum * days) / picked.length), estimated: true }
}

/** Newest days of a period by which a share is told: planning over years of months takes longer than reading a page. */
const shareDays = 62

/** Share of what a place and period hold that a filter finds, as the planner expects it: no row is read. */
async function expectedShare(tx: Tx, filter: ResolvedFilter, known: ResolvedFilter): Promise<number> {
  const recent = addDays(filter.to, 1 - shareDays)
  const from = recent > filter.from ? recent : filter.from
  const found = await expected(tx, { ...filter, from })
  return Math.min(found / Math.max(await expected(tx, { ...known, from }), 1), 1)
}

async function expected(tx: Tx, filter: ResolvedFilter): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`
    EXPLAIN (FORMAT JSON) SELECT FROM pharmacy.purchase p WHERE ${conditions(filter)}`.execute(tx)
  return rows[0]!['QUERY PLAN'][0].Plan['Plan Rows']
}

async function fromRows(tx: Tx, filter: ResolvedFilter, most: number): Promise<number | undefined> {
  const { rows } = await sql<{ total: number }>`${begin(filter)}
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

/** Days over which all sales of a drug in a county are looked through for those of one store. */
const mostStoreDrugDays = 92

/** Of a drug: those of a rare one are looked at, else its entries in the index times the share of the rest of the filter. */
async function ofDrug(
  tx: Tx,
  filter: ResolvedFilter & { drugId: string },
  known: ResolvedFilter,
  units: Units,
): Promise<PurchaseTotal> {
  const sales = await salesOfDrug(tx, filter, units)
  const short = daysBetween(filter.from, filter.to) < mostStoreDrugDays
  if (sales <= mostOfPerson && (short || !filter.store))
    return { count: await countByDrug(tx, filter, units), estimated: false }
  const { drugId: _, ...others } = filter
  const demands = others.class ?? others.symptom ?? others.status ?? others.fever
  if (demands === undefined) return { count: sales, estimated: true }
  return { count: Math.round(sales * (await expectedShare(tx, others, known))), estimated: true }
}

/**
 * What the rollups do not know: counted where place and period hold few sales, else the rollups' number times the share of it
 * that the planner's statistics give.
 */
async function fromShare(tx: Tx, filter: ResolvedFilter, units: Units): Promise<PurchaseTotal> {
  const { scope, store, county, from, to, drugId } = filter
  const known = { scope, store, county, from, to }
  if (drugId) return ofDrug(tx, { ...filter, drugId }, known, units)
  const all = (await fromStores(tx, known, units, mostStoreDays)).count
  const read = all <= mostRead ? await fromRows(tx, filter, mostRead) : undefined
  if (read !== undefined) return { count: read, estimated: false }
  return { count: Math.round(all * (await expectedShare(tx, filter, known))), estimated: true }
}

/**
 * Number of purchases of a filter: from the rollups where they know it (those undone are then left out), counted where they
 * are few, else estimated and said to be so.
 * @param listed the number of rows when the first page holds all of them
 * @param mostDays days of stores, summed over the stores, from which on their number is estimated
 */
export async function countPurchases(
  tx: Tx,
  filter: ResolvedFilter,
  units: Units,
  listed?: number,
  mostDays = mostStoreDays,
): Promise<PurchaseTotal> {
  if (listed !== undefined) return { count: listed, estimated: false }
  if (filter.person || filter.mobileKey) {
    const few = await fromRows(tx, filter, mostOfPerson)
    if (few !== undefined) return { count: few, estimated: false }
  } else if (!filter.status && !filter.symptom && !filter.drugId && filter.fever !== false)
    return fromStores(tx, filter, units, mostDays)
  return fromShare(tx, filter, units)
}
