import { addDays, type Day, dayOf, isDay, isUuidv7 } from '@vigil/codes'
import type { PurchaseFilter } from '@vigil/contract'
import { type RawBuilder, sql } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import { planOnce, readScope, type Tx } from '../../kernel/db/index.ts'
import { invalidField } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { newestByDrug } from './purchase.by-drug.ts'
import { countPurchases } from './purchase.count.ts'
import {
  begin,
  conditions,
  isPlain,
  place,
  purchaseColumns,
  type ResolvedFilter,
  resolveFilter,
} from './purchase.filter.ts'
import type { Purchases } from './purchase.module.ts'
import { itemsOf, type Row } from './purchase.read.ts'
import { searchUnits, type Units } from './purchase.units.ts'

/** Where a page begins: after this purchase, in the order of the list. */
interface After {
  readonly day: Day
  readonly id: string
}

const cursorOf = ({ day, id }: After): string => `${day}_${id}`

/** @throws Problem 400 for a cursor that is none */
function afterOf(cursor: string): After {
  const [day, id, rest] = cursor.split('_')
  if (!isDay(day) || !isUuidv7(id) || rest !== undefined) throw invalidField('/cursor', '翻页标记无效')
  return { day, id }
}

const columns = sql.join(purchaseColumns.map((column) => sql.ref(`p.${column}`)))
const newestFirst = sql`ORDER BY p.day DESC, p.id DESC`
const beyond = (after: After | undefined): RawBuilder<unknown> =>
  after ? sql`AND (p.day, p.id) < (${after.day}::date, ${after.id}::uuid)` : sql``

/** Whole counties and stores are named by the unit itself. */
const within = (filter: ResolvedFilter, units: Units) =>
  units.whole || units.column === 'storeCode' ? sql`true` : place(filter)

/** The newest of each county or store, by an index that leads with it and the day; then the newest of all. */
const byUnit = (filter: ResolvedFilter, units: Units, from: Day, to: Day, after: After | undefined, limit: number) =>
  sql<Row>`${begin(filter)}
    SELECT p.* FROM unnest(${units.codes}::text[]) AS u (code) CROSS JOIN LATERAL (
      SELECT ${columns} FROM pharmacy.purchase p
      WHERE ${sql.ref(`p.${units.column}`)} = u.code AND ${conditions(filter, from, to)} AND ${within(filter, units)} ${beyond(after)}
      ${newestFirst} LIMIT ${limit}
    ) p ${newestFirst} LIMIT ${limit}`

/** The newest by id, for the whole city up to now: no id lies beyond the period. */
const byId = (filter: ResolvedFilter, after: After | undefined, limit: number) =>
  sql<Row>`${begin(filter)}
    SELECT ${columns} FROM pharmacy.purchase p
    WHERE ${conditions(filter)} ${after ? sql`AND p.id < ${after.id}` : sql``} ORDER BY p.id DESC LIMIT ${limit}`

/** Rows of few: found by the index of the person or the mobile, then sorted. */
const byKey = (filter: ResolvedFilter, after: After | undefined, limit: number) =>
  sql<Row>`
    SELECT p.* FROM (
      SELECT ${columns} FROM pharmacy.purchase p WHERE ${conditions(filter)} AND ${place(filter)} ${beyond(after)} OFFSET 0
    ) p ${newestFirst} LIMIT ${limit}`

/**
 * The planner cannot know how many rows lie in the caller's paths and takes them for so few that it would rather read and
 * sort all rows of the period than walk the index, newest first, until the page is full.
 */
const walkIndexes = { enable_sort: 'off', enable_bitmapscan: 'off', enable_seqscan: 'off' }

/** Days that are looked at first, then more: most pages are filled by the newest days. */
const windows = [8, 32, 128, 1000]
/** From so many stores on, whose newest sales are read for each, two days fill most pages. */
const manyStores = 8
const windowsOf = ({ column, codes }: Units) =>
  column === 'storeCode' && codes.length >= manyStores ? [2, ...windows] : windows

const isOfPerson = ({ person, mobileKey }: ResolvedFilter) => person !== undefined || mobileKey !== undefined

/** From this many counties on, a rare row is found sooner by going through all of them in one order. */
const manyCounties = 4

/**
 * The next rows of a list. The order is that of the day of sale and the id; where the whole city or a drug is asked for, that
 * of the ids alone, which differs for what was uploaded later than the day of its sale. A filter always goes the same way, so
 * that its pages fit together.
 */
async function newest(
  tx: Tx,
  units: Units,
  filter: ResolvedFilter,
  today: Day,
  after: After | undefined,
  limit: number,
): Promise<Row[]> {
  if (isOfPerson(filter)) return (await byKey(filter, after, limit).execute(tx)).rows
  if (filter.drugId) return newestByDrug(tx, { ...filter, drugId: filter.drugId }, units, after, limit)
  const changed = filter.status !== undefined && filter.status !== 'valid'
  if (units.whole && units.codes.length >= manyCounties && filter.to >= today && !changed)
    return (await byId(filter, after, limit).execute(tx)).rows
  const found: Row[] = []
  let to = after && after.day < filter.to ? after.day : filter.to
  for (const days of windowsOf(units)) {
    const first = addDays(to, 1 - days)
    const from = first > filter.from ? first : filter.from
    const { rows } = await byUnit(filter, units, from, to, after, limit - found.length).execute(tx)
    found.push(...rows)
    if (found.length >= limit || from === filter.from) break
    to = addDays(from, -1)
  }
  return found
}

/**
 * A page of purchases, newest first, by keyset: the cost does not grow with history. The first page bears the number of
 * all purchases of the filter.
 */
export async function search(
  kernel: Kernel,
  purchases: Purchases,
  caller: Caller,
  body: { filter: PurchaseFilter; cursor?: string | undefined; limit?: number | undefined },
) {
  const filter = resolveFilter(kernel, purchases.reference, caller, 'purchase.read', body.filter)
  const after = body.cursor === undefined ? undefined : afterOf(body.cursor)
  const limit = body.limit ?? 50
  const settings = { ...(isPlain(filter) && planOnce), ...(!isOfPerson(filter) && walkIndexes) }
  const ask = async (tx: Tx) => {
    const units = searchUnits(purchases.reference, filter)
    const rows = await newest(tx, units, filter, dayOf(kernel.clock.now()), after, limit + 1)
    const items = await itemsOf(kernel, purchases, rows.slice(0, limit))
    const next = rows.length > limit ? cursorOf(rows[limit - 1]!) : null
    const listed = next === null ? items.length : undefined
    const total = after ? null : await countPurchases(tx, filter, units, listed)
    // An estimate must not say less than what is seen to be there.
    if (total?.estimated) total.count = Math.max(total.count, rows.length)
    return { items, next, total }
  }
  return readScope(kernel.db, filter.scope, ask, settings)
}
