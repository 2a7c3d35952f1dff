import { type Day, dayOf, daysBetween, isDay } from '@vigil/codes'
import type {
  Contract,
  OpeningCall,
  OpeningEntry,
  OpeningOverview,
  OwnOpening,
  Permission,
  QueryOf,
} from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { forbidden, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { pickedScope, type Reference, type Store, soldOn, unitsBelow } from '../pharmacy/index.ts'
import { checkInLimit, type Figures, rateOf, sumOf } from './opening.domain.ts'
import { findStoreDays, toStoreDay } from './opening.stores.ts'
import type { CallTable, EntryTable } from './opening.table.ts'

const before = '10:00'
const longestDays = 366

/**
 * A period that ends today at the latest.
 * @throws Problem 400 for one that is reversed, in the future or longer than a year
 */
export function pastPeriod(query: { from: Day; to: Day }, today: Day): { from: Day; to: Day } {
  const { from } = query
  const to = query.to > today ? today : query.to
  if (!isDay(from) || !isDay(query.to) || query.to < from) throw invalidField('/query/to', '结束日期早于开始日期')
  if (from > to) throw invalidField('/query/from', '不能查询今天以后的日期')
  if (daysBetween(from, to) >= longestDays) throw invalidField('/query/from', `一次最多查询 ${longestDays} 天`)
  return { from, to }
}

interface Row extends Omit<Figures, 'missing'> {
  day: string
  areaCode: string
  inTime: number
}

/** Figures by day and area. The stores of a day are those that were active when it ended, by the history of their status. */
async function figuresByArea(tx: Tx, from: Day, to: Day): Promise<Row[]> {
  const limit = checkInLimit(to)
  const { rows } = await sql<Row>`
    SELECT g.day, a.area_code, count(*)::int AS active,
      count(*) FILTER (WHERE d.state = 'open')::int AS open,
      count(*) FILTER (WHERE d.state = 'closed')::int AS closed,
      count(*) FILTER (WHERE CASE WHEN d.state IS NULL THEN ${soldOn({ county: 'a.county', store: 'a.store_code', day: 'g.day' })} END)::int AS sold,
      count(*) FILTER (WHERE d.first_at < ${limit} AND g.day = ${to}::date)::int AS in_time
    FROM (SELECT ${from}::date + i AS day FROM generate_series(0, ${daysBetween(from, to)}::int) AS i) g
    JOIN opening.active_span a ON a.from_day <= g.day AND a.end_day > g.day
    LEFT JOIN opening.day d ON d.day = g.day AND d.store_code = a.store_code AND d.day BETWEEN ${from} AND ${to}
    GROUP BY 1, 2`.execute(tx)
  return rows
}

/**
 * Opening rate of an area: the last day in figures, by reason and by the level below, and the curve of the period.
 * @throws Problem 404 outside the caller's area
 */
export async function readOpening(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  query: QueryOf<Contract['opening.read']>,
): Promise<OpeningOverview> {
  const own = scopeFor(caller, 'opening.read')
  if (own.length === 0) throw forbidden()
  const now = kernel.clock.now()
  const { from, to } = pastPeriod(query, dayOf(now))
  const code = query.area ?? own[0]!.split('/').findLast((step) => reference.area(step))
  const area = code === undefined ? undefined : reference.area(code)
  if (!area) throw notFound('区划')
  const scope = pickedScope(reference, own, area.code)
  const units = unitsBelow(reference, area, scope)
  const byStore = units.some(({ kind }) => kind === 'store')
  return readScope(kernel.db, scope, async (tx) => {
    const rows = await figuresByArea(tx, from, to)
    const last = rows.filter(({ day }) => day === to)
    const days = new Map<string, Row[]>()
    for (const row of rows) days.set(row.day, [...(days.get(row.day) ?? []), row])
    const curve = Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => {
      const day = dayAfter(from, index)
      return { day, ...sumOf(days.get(day) ?? []) }
    })
    const stores = byStore ? await findStoreDays(tx, { day: to, limit: 20_000 }) : []
    const under = (path: string) => last.filter(({ areaCode }) => reference.area(areaCode)?.path.startsWith(path))
    const ranking = units.flatMap(({ kind, code: unit, name, path }): OpeningOverview['ranking'] => {
      if (kind === 'area') return [{ kind, code: unit, name, ...sumOf(under(path)) }]
      const store = stores.find((row) => row.storeCode === unit)
      if (!store) return []
      const one = (standing: string) => (store.standing === standing ? 1 : 0)
      return [
        {
          kind,
          code: unit,
          name,
          ...sumOf([{ active: 1, open: one('open'), closed: one('closed'), sold: one('sold') }]),
        },
      ]
    })
    const reasons = await sql<OpeningOverview['reasons'][number]>`
      SELECT d.reason, count(*)::int AS stores FROM opening.day d JOIN opening.active_span a
        ON a.store_code = d.store_code AND a.from_day <= d.day AND a.end_day > d.day
      WHERE d.day = ${to} AND d.state = 'closed' GROUP BY 1 ORDER BY 2 DESC, 1`.execute(tx)
    const told = await tx
      .selectFrom('opening.reminder')
      .select(['at', 'missing', 'recipients'])
      .where('day', '=', to)
      .where('path', '=', area.path)
      .executeTakeFirst()
    return {
      area: { code: area.code, name: area.name },
      from,
      to,
      figures: sumOf(last),
      inTime: last.reduce((sum, row) => sum + row.inTime, 0),
      curve,
      ranking: ranking.toSorted(
        (a, b) => rateOf(a) - rateOf(b) || b.missing - a.missing || a.code.localeCompare(b.code),
      ),
      reasons: reasons.rows,
      told: told ? { ...told, at: told.at.toISOString() } : null,
      asOf: now.toISOString(),
    }
  })
}

const dayAfter = (from: Day, days: number): Day =>
  dayOf(new Date(Date.parse(`${from}T00:00:00+08:00`) + days * 86_400_000))

const toEntry = (row: EntryTable): OpeningEntry => ({
  id: row.id,
  state: row.state,
  reason: row.reason as OpeningEntry['reason'],
  note: row.note,
  backOn: row.backOn,
  source: row.source,
  saidAt: row.saidAt.toISOString(),
  receivedAt: row.receivedAt.toISOString(),
  actor: row.actor,
})

const toCall = (row: Pick<CallTable, 'id' | 'at' | 'result' | 'note' | 'actor'>): OpeningCall => ({
  id: row.id,
  at: row.at.toISOString(),
  result: row.result as OpeningCall['result'],
  note: row.note,
  actor: row.actor,
})

const entriesOf = (tx: Tx, storeCode: string, day: Day) =>
  tx
    .selectFrom('opening.entry')
    .selectAll()
    .where('storeCode', '=', storeCode)
    .where('day', '=', day)
    .orderBy('saidAt', 'desc')
    .orderBy('id', 'desc')
    .limit(100)
    .execute()

/** What a store has said of today. */
export async function ownOpening(kernel: Kernel, caller: Caller, store: Store): Promise<OwnOpening> {
  const day = dayOf(kernel.clock.now())
  const rows = await readScope(kernel.db, scopeFor(caller, 'opening.own'), (tx) => entriesOf(tx, store.code, day))
  return { day, storeCode: store.code, before, entries: rows.map(toEntry) }
}

/**
 * One store on a day, with all that was said of it and all calls.
 * @throws Problem 404 for a store outside, or that was not active then
 */
export async function readStoreDay(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  permission: Permission,
  code: string,
  day: Day,
) {
  const known = reference.store(code)
  if (!known) throw notFound('药店')
  return readScope(kernel.db, scopeFor(caller, permission), async (tx) => {
    const [row] = await findStoreDays(tx, { day, store: code, limit: 1 })
    if (!row) throw notFound('药店')
    const calls = await tx
      .selectFrom('opening.call')
      .selectAll()
      .where('day', '=', day)
      .where('storeCode', '=', code)
      .orderBy('at', 'desc')
      .limit(100)
      .execute()
    return {
      store: toStoreDay(reference, row),
      entries: (await entriesOf(tx, code, day)).map(toEntry),
      calls: calls.map(toCall),
    }
  })
}
