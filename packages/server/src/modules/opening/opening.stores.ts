import { type Day, dayOf } from '@vigil/codes'
import type { Contract, OpeningStore, QueryOf } from '@vigil/contract'
import { type RawBuilder, sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { invalidField } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { pickedScope, type Reference, soldOn } from '../pharmacy/index.ts'
import { type Standing, standingOf } from './opening.domain.ts'

/** A store that was active when a day ended, and what is known of its day. */
export interface StoreDay {
  readonly day: string
  readonly storeCode: string
  readonly path: string
  readonly state: 'open' | 'closed' | null
  readonly sold: boolean
  readonly standing: Standing
  readonly reason: string | null
  readonly note: string | null
  readonly backOn: string | null
  readonly source: 'counter' | 'call' | null
  readonly saidAt: Date | null
  readonly entries: number | null
  readonly calls: number
  readonly callId: string | null
  readonly callAt: Date | null
  readonly callResult: string | null
  readonly callNote: string | null
  readonly callActor: string | null
}

interface Wanted {
  readonly day: Day
  readonly store?: string
  readonly standing?: Standing | undefined
  readonly uncalled?: boolean | undefined
  /** Path after which the page begins. */
  readonly after?: string
  readonly limit: number
}

const standing = sql`coalesce(d.state, CASE WHEN sold THEN 'sold' ELSE 'missing' END)`

/** Stores that were active on days and how they stand, as a query for pages and files; the scope is the transaction's. */
export const storeDays = (
  from: Day,
  to: Day,
  more: RawBuilder<unknown> = sql`true`,
): RawBuilder<Omit<StoreDay, 'standing'>> => sql`
  SELECT g.day, a.store_code, a.path, d.state, sold, d.reason, d.note, d.back_on, d.source, d.said_at, d.entries
  FROM (SELECT ${from}::date + i AS day FROM generate_series(0, ${to}::date - ${from}::date) AS i) g
  JOIN opening.active_span a ON a.from_day <= g.day AND a.end_day > g.day
  LEFT JOIN opening.day d ON d.day = g.day AND d.store_code = a.store_code
  CROSS JOIN LATERAL (SELECT ${soldOn({ county: 'a.county', store: 'a.store_code', day: 'g.day' })} AS sold) s
  WHERE ${more}`

/** A page of the stores of a day, in order of area. */
export async function findStoreDays(tx: Tx, wanted: Wanted): Promise<StoreDay[]> {
  const conditions = [sql`a.path > ${wanted.after ?? ''}`]
  if (wanted.store) conditions.push(sql`a.store_code = ${wanted.store}`)
  if (wanted.standing) conditions.push(sql`${standing} = ${wanted.standing}`)
  if (wanted.uncalled)
    conditions.push(sql`NOT EXISTS (SELECT FROM opening.call c WHERE c.day = g.day AND c.store_code = a.store_code)`)
  const { rows } = await sql<Omit<StoreDay, 'standing'>>`
    SELECT t.*, coalesce(n.calls, 0)::int AS calls, c.id AS call_id, c.at AS call_at, c.result AS call_result, c.note AS call_note,
      c.actor AS call_actor
    FROM (${storeDays(wanted.day, wanted.day, sql.join(conditions, sql` AND `))} ORDER BY a.path LIMIT ${wanted.limit}) t
    LEFT JOIN LATERAL (SELECT count(*) AS calls FROM opening.call WHERE day = t.day AND store_code = t.store_code) n ON true
    LEFT JOIN LATERAL (SELECT * FROM opening.call WHERE day = t.day AND store_code = t.store_code ORDER BY at DESC LIMIT 1) c ON true
    ORDER BY t.path`.execute(tx)
  return rows.map((row) => ({ ...row, standing: standingOf(row.state, row.sold) }))
}

/** A store of a day as it is shown. */
export function toStoreDay(reference: Reference, row: StoreDay): OpeningStore {
  const store = reference.store(row.storeCode)
  return {
    code: row.storeCode,
    name: store?.name ?? row.storeCode,
    address: store?.address ?? '',
    areaName: reference.areaName(store?.areaCode ?? ''),
    countyName: reference.areaName(store?.county ?? ''),
    phone: store?.phone ?? null,
    standing: row.standing,
    reason: row.reason as OpeningStore['reason'],
    note: row.note ?? '',
    backOn: row.backOn,
    source: row.source,
    saidAt: row.saidAt?.toISOString() ?? null,
    entries: row.entries ?? 0,
    contradicts: row.state === 'closed' && row.sold,
    calls: row.calls,
    lastCall: row.callId
      ? {
          id: row.callId,
          at: row.callAt!.toISOString(),
          result: row.callResult as NonNullable<OpeningStore['lastCall']>['result'],
          note: row.callNote ?? '',
          actor: row.callActor ?? '',
        }
      : null,
  }
}

function pathAfter(cursor: string | undefined): string {
  const path = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString()
  if (/^[0-9A-Za-z/-]*$/.test(path)) return path
  throw invalidField('/cursor', '翻页位置无效，请从第一页开始')
}

/** One page of the stores of an area by how they stand on a day. @throws Problem 404 outside the caller's area */
export async function listStoreDays(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  query: QueryOf<Contract['opening.stores']>,
): Promise<{ items: OpeningStore[]; next: string | null }> {
  const scope = pickedScope(reference, scopeFor(caller, 'opening.read'), query.area)
  if (query.day > dayOf(kernel.clock.now())) throw invalidField('/query/day', '不能查询今天以后的日期')
  const limit = query.limit ?? 50
  const { day, standing: wanted, uncalled } = query
  const rows = await readScope(kernel.db, scope, (tx) =>
    findStoreDays(tx, { day, standing: wanted, uncalled, after: pathAfter(query.cursor), limit: limit + 1 }),
  )
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items: items.map((row) => toStoreDay(reference, row)),
    next: rows.length > limit && last ? Buffer.from(last.path).toString('base64url') : null,
  }
}
