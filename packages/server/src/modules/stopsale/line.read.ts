import { addDays, isDay, isUuidv7, maskDocument, maskName, startOfDay } from '@vigil/codes'
import type { JointTarget, ReimbursementLine, ResponseOf, reimbursementRoutes } from '@vigil/contract'
import { type RawBuilder, sql } from 'kysely'
import { type Caller, narrow, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Scope } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import { type Vault, VaultError } from '../../kernel/vault/index.ts'
import { refusedSales, registeredPacks, salesDuring } from '../pharmacy/index.ts'
import { openPerson } from './line.import.ts'
import { timesOf } from './order.read.ts'
import { jointScore } from './stopsale.domain.ts'
import type { Parts } from './stopsale.parts.ts'

export interface PeriodQuery {
  readonly area?: string
  readonly from: string
  readonly to: string
}

const mostDays = 400

function scopeOf({ reference }: Parts, caller: Caller, { area, from, to }: PeriodQuery): Scope {
  for (const [name, day] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (!isDay(day)) throw invalidField(`/${name}`, '日期无效')
  if (to < from || addDays(from, mostDays) < to) throw invalidField('/to', `请选择不超过 ${mostDays} 天的起止日期`)
  const found = area === undefined ? undefined : reference.area(area)
  if (area !== undefined && !found) throw notFound('区划')
  return narrow(scopeFor(caller, 'stopsale.read'), found?.path)
}

export interface LineRow {
  readonly id: string
  readonly storeCode: string
  readonly areaCode: string
  readonly drugId: string
  readonly day: string
  readonly quantity: number
  readonly serial: string | null
  readonly match: ReimbursementLine['match']
  readonly orderId: string | null
  readonly keyMonth: string | null
  readonly sealed: Buffer | null
  readonly registered: number
  readonly refused: number
}

/** The query for lines of a period with what the store registered and refused of the drug that day, newest first. */
export const lineQuery = (filter: {
  readonly from: string | undefined
  readonly to: string | undefined
  readonly store?: string | undefined
  readonly match?: string | undefined
  readonly after?: { day: string; id: string } | undefined
  readonly limit?: number
}): RawBuilder<LineRow> => {
  const { from, to, store, match, after, limit } = filter
  const place = { store: sql<string>`l.store_code`, drug: sql<string>`l.drug_id`, day: sql<string>`l.day` }
  return sql<LineRow>`
    SELECT l.*, ${registeredPacks(place)} AS registered, ${refusedSales(place)} AS refused FROM (
      SELECT id, store_code, area_code, drug_id, day, quantity, serial, match, order_id, key_month, sealed FROM stopsale.line
      WHERE (${from ?? null}::date IS NULL OR day >= ${from ?? null}) AND (${to ?? null}::date IS NULL OR day <= ${to ?? null})
        AND (${store ?? null}::text IS NULL OR store_code = ${store ?? null})
        AND (${match ?? null}::text IS NULL OR match = ${match ?? null})
        AND (${after?.day ?? null}::date IS NULL OR (day, id) < (${after?.day ?? null}::date, ${after?.id ?? null}::uuid))
      ORDER BY day DESC, id DESC LIMIT ${limit ?? null}
    ) AS l ORDER BY l.day DESC, l.id DESC`
}

/** Name and number of a line's person, masked; null where none is known any more. Its month must be loaded. */
export function maskedPerson(vault: Vault, { id, keyMonth, sealed }: Pick<LineRow, 'id' | 'keyMonth' | 'sealed'>) {
  if (!keyMonth || !sealed) return null
  try {
    const { name, documentNumber } = openPerson(vault, { id, keyMonth, sealed })
    return (
      [name && maskName(name), documentNumber && maskDocument('citizen-id', documentNumber)]
        .filter(Boolean)
        .join(' ') || null
    )
  } catch (error) {
    if (error instanceof VaultError && error.code === 'shredded') return null
    throw error
  }
}

/** Lines of the caller's area, newest first. @throws Problem 400 for an impossible period, 404 for a place outside */
export async function listLines(
  parts: Parts,
  caller: Caller,
  query: PeriodQuery & { store?: string; match?: ReimbursementLine['match']; cursor?: string; limit?: number },
): Promise<{ items: ReimbursementLine[]; next: string | null }> {
  const { kernel, reference, book } = parts
  const scope = scopeOf(parts, caller, query)
  const found = query.store === undefined ? undefined : reference.store(query.store)
  if (query.store !== undefined && !(found && scope.some((path) => found.path.startsWith(path)))) throw notFound('药店')
  const limit = query.limit ?? 50
  const [day = '', id = ''] = (query.cursor ?? '').split('/')
  const after = isDay(day) && isUuidv7(id) ? { day, id } : undefined
  const { from, to, store, match } = query
  const rows = await readScope(
    kernel.db,
    scope,
    async (tx) => (await lineQuery({ from, to, store, match, after, limit: limit + 1 }).execute(tx)).rows,
  )
  await kernel.vault.loadMonths(rows.flatMap(({ keyMonth }) => keyMonth ?? []))
  const items = rows.slice(0, limit).map(
    (row): ReimbursementLine => ({
      id: row.id,
      storeCode: row.storeCode,
      storeName: reference.store(row.storeCode)?.name ?? row.storeCode,
      areaName: reference.areaName(row.areaCode),
      drugId: row.drugId,
      drug: reference.drug(row.drugId)?.name ?? '',
      day: row.day,
      quantity: row.quantity,
      serial: row.serial,
      match: row.match,
      orderId: row.orderId,
      orderName: (row.orderId && book.order(row.orderId)?.name) || null,
      registered: row.registered,
      refused: row.refused,
      person: maskedPerson(kernel.vault, row),
    }),
  )
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? `${last.day}/${last.id}` : null }
}

/** Lines of the caller's area by what they came to, by day. @throws as `listLines` */
export async function summarizeLines(
  parts: Parts,
  caller: Caller,
  query: PeriodQuery,
): Promise<ResponseOf<(typeof reimbursementRoutes)['reimbursement.summary']>> {
  const scope = scopeOf(parts, caller, query)
  return readScope(parts.kernel.db, scope, async (tx) => {
    const { rows: days } = await sql<{ day: string; matched: number; partial: number; none: number }>`
      SELECT day, count(*) FILTER (WHERE match = 'matched')::int AS matched, count(*) FILTER (WHERE match = 'partial')::int AS partial,
        count(*) FILTER (WHERE match = 'none')::int AS none
      FROM stopsale.line WHERE day BETWEEN ${query.from} AND ${query.to} GROUP BY 1 ORDER BY 1`.execute(tx)
    const { rows: stores } = await sql<{ n: number }>`SELECT count(DISTINCT store_code)::int AS n FROM stopsale.line
      WHERE day BETWEEN ${query.from} AND ${query.to} AND match = 'matched'`.execute(tx)
    const sum = (pick: (day: (typeof days)[number]) => number) => days.reduce((total, day) => total + pick(day), 0)
    return {
      matched: sum((day) => day.matched),
      partial: sum((day) => day.partial),
      none: sum((day) => day.none),
      stores: stores[0]?.n ?? 0,
      days,
    }
  })
}

export interface JointRow {
  readonly storeCode: string
  readonly lines: number
  readonly units: number
  readonly sales: number
  readonly refusals: number
  readonly failed: number
}

/** The query for stores with lines, sales, refusals or failed inspections in a period. */
export function jointQuery(parts: Parts, from: string, to: string): RawBuilder<JointRow> {
  const { book, reference } = parts
  const start = startOfDay(from)
  const end = startOfDay(addDays(to, 1))
  const ids = [...book.orders()].map(({ id }) => id)
  const times = timesOf(parts, ids)
    .map((time) => ({ ...time, from: time.from < start ? start : time.from, to: time.to > end ? end : time.to }))
    .filter((time) => time.from < time.to)
  return sql<JointRow>`
    SELECT store_code AS "storeCode", sum(lines)::int AS lines, sum(units)::int AS units, sum(sales)::int AS sales,
      sum(refusals)::int AS refusals, sum(failed)::int AS failed
    FROM (
      SELECT store_code, count(*) AS lines, sum(quantity) AS units, 0 AS sales, 0 AS refusals, 0 AS failed FROM stopsale.line
        WHERE match = 'matched' AND day BETWEEN ${from} AND ${to} GROUP BY 1
      UNION ALL SELECT "storeCode", 0, 0, count(*), 0, 0 FROM (${salesDuring(reference, times)}) AS s GROUP BY 1
      UNION ALL SELECT store_code, 0, 0, 0, count(*), 0 FROM pharmacy.refusal
        WHERE reason_code ^@ 'stop-sale:' AND at >= ${start} AND at < ${end} GROUP BY 1
      UNION ALL SELECT store_code, 0, 0, 0, 0, count(*) FROM stopsale.task
        WHERE result = 'fail' AND done_at >= ${start} AND done_at < ${end} GROUP BY 1
    ) AS each GROUP BY 1 HAVING sum(lines) + sum(sales) + sum(failed) + sum(refusals) > 0`
}

/** Stores to be inspected together with the insurance bureau, worst first, at most 200. @throws as `listLines` */
export async function jointTargets(parts: Parts, caller: Caller, query: PeriodQuery): Promise<JointTarget[]> {
  const { kernel, reference } = parts
  const scope = scopeOf(parts, caller, query)
  const rows = await readScope(
    kernel.db,
    scope,
    async (tx) => (await jointQuery(parts, query.from, query.to).execute(tx)).rows,
  )
  return rows
    .map((row) => {
      const store = reference.store(row.storeCode)
      return {
        ...row,
        storeName: store?.name ?? row.storeCode,
        areaName: store ? reference.areaName(store.areaCode) : '',
        address: store?.address ?? '',
        score: jointScore(row),
      }
    })
    .sort((a, b) => b.score - a.score || (a.storeCode < b.storeCode ? -1 : 1))
    .slice(0, 200)
}
