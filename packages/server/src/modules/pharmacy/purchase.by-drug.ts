import { addDays, type Day, daysBetween, startOfDay, uuidv7Floor } from '@vigil/codes'
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { conditions, idBounds, purchaseColumns, type ResolvedFilter } from './purchase.filter.ts'
import type { Row } from './purchase.read.ts'
import type { Units } from './purchase.units.ts'

type OfDrug = ResolvedFilter & { readonly drugId: string }

/** Ids of the newest sales of a drug in a span of ids, from the index alone; row-level security keeps them to the scope. */
async function newestIds(
  tx: Tx,
  { drugId }: OfDrug,
  { counties }: Units,
  span: { readonly first: string; readonly end: string },
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT d.id FROM unnest(${counties}::text[]) AS u (code) CROSS JOIN LATERAL (
      SELECT d.purchase_id AS id FROM pharmacy.purchase_drug d
      WHERE d.drug_id = ${drugId} AND d.county = u.code AND d.purchase_id >= ${span.first} AND d.purchase_id < ${span.end}
      ORDER BY d.purchase_id DESC LIMIT ${limit}
    ) d ORDER BY d.id DESC LIMIT ${limit}`.execute(tx)
  return rows.map((row) => row.id)
}

const columns = sql.join(purchaseColumns.map((column) => sql.ref(`p.${column}`)))

/** Those of some sales, newest first, that the rest of the filter lets through. */
async function rowsOf(tx: Tx, filter: OfDrug, { counties }: Units, ids: readonly string[]): Promise<Row[]> {
  if (ids.length === 0) return []
  const { drugId: _, ...others } = filter
  const { rows } = await sql<Row>`
    SELECT ${columns} FROM pharmacy.purchase p
    WHERE p.id = ANY (${ids}::uuid[]) AND p.county = ANY (${counties}::text[]) AND p.id >= ${ids.at(-1)} AND p.id <= ${ids[0]}
      AND ${conditions(others)}`.execute(tx)
  return rows.sort((a, b) => (a.id < b.id ? 1 : -1))
}

/** Days that are looked at first, then more: the months before are not opened when they fill the page. */
const windows = [32, 128, 1000]
/** Ids that are taken at once at most. */
const mostIds = 5_000

/**
 * The newest sales of a drug after `after`, by id. Where the rest of the filter lets few of them through, more are taken at
 * a time.
 * @param limit rows at most
 */
export async function newestByDrug(
  tx: Tx,
  filter: OfDrug,
  units: Units,
  after: { readonly day: Day; readonly id: string } | undefined,
  limit: number,
): Promise<Row[]> {
  const { first, end } = idBounds(filter.from, filter.to)
  const found: Row[] = []
  let before = after?.id ?? end
  let taken = 0
  for (const days of windows) {
    const recent = idBounds(addDays(after?.day ?? filter.to, -days), filter.to).first
    const floor = recent > first ? recent : first
    for (let more = before > floor; more; ) {
      const missing = limit - found.length
      const passed = found.length / Math.max(taken, 1)
      const size = Math.min(mostIds, taken === 0 ? missing : Math.ceil(missing / Math.max(passed, 0.02)))
      const ids = await newestIds(tx, filter, units, { first: floor, end: before }, size)
      found.push(...(await rowsOf(tx, filter, units, ids)))
      if (found.length >= limit) return found.slice(0, limit)
      taken += ids.length
      more = ids.length === size
      before = more ? ids.at(-1)! : floor
    }
    if (floor === first) break
  }
  return found
}

/** So many days are counted as they are. */
const wholeDays = 32
/** Of a longer period so many days are counted; of a single store, which sells little in a day, more. */
const pickedDays = { store: 48, area: 12 }

/**
 * About how many sales of a drug a period has, other demands left aside: entries of the index by the time in the id, all
 * of a month, else those of every n-th day, which is never a whole number of weeks.
 */
export async function salesOfDrug(tx: Tx, filter: OfDrug, { counties }: Units): Promise<number> {
  const days = daysBetween(filter.from, filter.to) + 1
  const whole = days <= wholeDays
  let step = whole ? days : Math.ceil(days / pickedDays[filter.store ? 'store' : 'area'])
  if (!whole && step % 7 === 0) step += 1
  const width = whole ? days : 1
  const counts: RawBuilder<number>[] = []
  for (let to = filter.to; to >= filter.from; to = addDays(to, -step)) {
    const first = uuidv7Floor(startOfDay(addDays(to, 1 - width)).getTime())
    const end = uuidv7Floor(startOfDay(addDays(to, 1)).getTime())
    // A statement of its own for each, so that the planner opens one month and not all of them.
    counts.push(sql<number>`(
      SELECT count(*) FROM pharmacy.purchase_drug d WHERE d.drug_id = ${filter.drugId} AND d.county = ANY (${counties}::text[])
        AND d.purchase_id >= ${first} AND d.purchase_id < ${end})`)
  }
  const { rows } = await sql<{ total: number }>`SELECT (${sql.join(counts, sql` + `)})::int AS total`.execute(tx)
  return Math.round((rows[0]!.total * days) / (counts.length * width))
}

/** Exactly how many sales of a drug a filter finds: each is looked at. */
export async function countByDrug(tx: Tx, filter: OfDrug, { counties }: Units): Promise<number> {
  const { drugId, ...others } = filter
  const { first, end } = idBounds(filter.from, filter.to)
  const { rows } = await sql<{ total: number }>`
    SELECT count(*)::int AS total FROM unnest(${counties}::text[]) AS u (code) CROSS JOIN LATERAL (
      SELECT d.purchase_id FROM pharmacy.purchase_drug d
      WHERE d.drug_id = ${drugId} AND d.county = u.code AND d.purchase_id >= ${first} AND d.purchase_id < ${end} OFFSET 0
    ) d JOIN pharmacy.purchase p ON p.id = d.purchase_id AND p.county = u.code
    WHERE ${conditions(others)}`.execute(tx)
  return rows[0]!.total
}
