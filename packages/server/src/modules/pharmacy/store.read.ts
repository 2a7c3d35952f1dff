import { type Day, dayOf } from '@vigil/codes'
import type { pharmacyStoreRoutes, QueryOf, StoreItem } from '@vigil/contract'
import { type RawBuilder, sql } from 'kysely'
import { type Caller, narrow, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { idBounds } from './purchase.filter.ts'
import type { Reference } from './reference.ts'

type Parts = Pick<Kernel, 'db' | 'clock'>
type Row = Omit<StoreItem, 'areaName' | 'countyName' | 'lastPurchaseAt'> & { readonly lastDay: Day | null }

/**
 * Subtrees of the caller narrowed to an area that was picked.
 * @throws Problem 404 when the area is unknown or outside
 */
export function pickedScope(reference: Reference, scope: Scope, area: string | undefined): Scope {
  if (area === undefined) return narrow(scope, undefined)
  const known = reference.area(area)
  if (!known) throw notFound('区划')
  return narrow(scope, known.path)
}

/** Pattern for ILIKE that finds the text itself, whatever signs it holds. */
const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

function itemsOf(where: RawBuilder<unknown>, limit: number, today: string): RawBuilder<Row> {
  // The page first: what is asked per store is then asked some dozen times only.
  return sql<Row>`
    SELECT s.code, s.name, s.address, s.area_code, s.county AS county_code, s.licence_no, s.phone, s.chain, s.lon, s.lat,
      s.status, s.account_status, l.day AS last_day, coalesce(r.purchases, 0) AS purchases_today
    FROM (SELECT s.*, a.status AS account_status FROM pharmacy.store s LEFT JOIN access.account a ON a.store_code = s.code
      WHERE ${where} ORDER BY s.code LIMIT ${limit}) s
    LEFT JOIN LATERAL (SELECT day FROM pharmacy.rollup_store_day WHERE county = s.county AND store_code = s.code
      AND class = 'all' AND purchases > 0 ORDER BY day DESC LIMIT 1) l ON true
    LEFT JOIN pharmacy.rollup_store_day r ON r.county = s.county AND r.store_code = s.code AND r.class = 'all'
      AND r.day = ${today}::date
    ORDER BY s.code`
}

/** The newest sale of each store, on the last day that the rollups tell: so only the months of these days are looked at. */
async function lastSales(tx: Tx, stores: readonly Row[]): Promise<Map<string, Date>> {
  const sold = stores.filter(({ lastDay }) => lastDay !== null)
  const days = sold.map(({ lastDay }) => lastDay!).sort()
  if (days.length === 0) return new Map()
  // As values the planner leaves the other months out; made from a day in the statement they would be planned, all of them.
  const { first, end } = idBounds(days[0]!, days.at(-1)!)
  const { rows } = await sql<{ code: string; soldAt: Date }>`
    SELECT l.code, p.sold_at FROM unnest(${sold.map(({ code }) => code)}::text[], ${sold.map(({ lastDay }) => lastDay)}::date[]) AS l(code, day)
    CROSS JOIN LATERAL (SELECT sold_at FROM pharmacy.purchase WHERE store_code = l.code AND day = l.day AND status <> 'undone'
      AND id >= ${first}::uuid AND id < ${end}::uuid ORDER BY id DESC LIMIT 1) p`.execute(tx)
  return new Map(rows.map(({ code, soldAt }) => [code, soldAt]))
}

async function named(tx: Tx, reference: Reference, rows: readonly Row[]): Promise<StoreItem[]> {
  const sales = await lastSales(tx, rows)
  return rows.map(({ lastDay: _lastDay, ...row }) => ({
    ...row,
    areaName: reference.areaName(row.areaCode),
    countyName: reference.areaName(row.countyCode),
    lastPurchaseAt: sales.get(row.code)?.toISOString() ?? null,
  }))
}

function cursorOf(text: string | undefined): string {
  const code = text === undefined ? '' : Buffer.from(text, 'base64url').toString()
  if (/^[0-9A-Z-]*$/.test(code)) return code
  throw invalidField('/cursor', '翻页位置无效，请从第一页开始')
}

/** One page of the stores that the caller may see, in order of code. @throws Problem 404 for an area outside */
export async function listStores(
  { db, clock }: Parts,
  reference: Reference,
  caller: Caller,
  query: QueryOf<(typeof pharmacyStoreRoutes)['store.list']>,
): Promise<{ items: StoreItem[]; next: string | null }> {
  const scope = pickedScope(reference, scopeFor(caller, 'store.read'), query.area)
  const limit = query.limit ?? 50
  const after = cursorOf(query.cursor)
  const text = query.q?.trim()
  const conditions = [sql`s.code > ${after}`]
  if (query.status) conditions.push(sql`s.status = ${query.status}`)
  if (query.account)
    conditions.push(query.account === 'none' ? sql`a.status IS NULL` : sql`a.status = ${query.account}`)
  if (text) {
    const pattern = containing(text)
    conditions.push(
      sql`(s.name ILIKE ${pattern} OR s.address ILIKE ${pattern} OR s.code ILIKE ${pattern} OR s.licence_no ILIKE ${pattern} OR s.chain ILIKE ${pattern})`,
    )
  }
  const where = sql.join(conditions, sql` AND `)
  return readScope(db, scope, async (tx) => {
    const { rows } = await itemsOf(where, limit + 1, dayOf(clock.now())).execute(tx)
    const items = await named(tx, reference, rows.slice(0, limit))
    const last = items.at(-1)
    return { items, next: rows.length > limit && last ? Buffer.from(last.code).toString('base64url') : null }
  })
}

/** One store. @throws Problem 404 when it is unknown or outside the caller's area */
export async function readStore(
  { db, clock }: Parts,
  reference: Reference,
  caller: Caller,
  code: string,
): Promise<StoreItem> {
  return readScope(db, scopeFor(caller, 'store.read'), async (tx) => {
    const { rows } = await itemsOf(sql`s.code = ${code}`, 1, dayOf(clock.now())).execute(tx)
    const [item] = await named(tx, reference, rows)
    if (!item) throw notFound('药店')
    return item
  })
}
