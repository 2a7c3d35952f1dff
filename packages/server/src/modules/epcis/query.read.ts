import type { Json } from '@vigil/epcis/document'
import { type RawBuilder, sql } from 'kysely'
import { type Db, readScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import type { KeptEvent } from './answer.domain.ts'
import { exception } from './exception.ts'
import { hashBytes, textKey } from './key.domain.ts'
import type { PageToken } from './page.domain.ts'
import { tokenMs } from './page.domain.ts'
import type { SimpleQuery } from './query.domain.ts'
import { whereOf } from './query.sql.ts'

interface Row {
  seq: number
  doc: string
  context: Json[] | null
}

export interface EventPage {
  readonly events: readonly KeptEvent[]
  readonly next: PageToken | null
}

/** All conditions of a query as SQL over `epcis.event e`. */
export const matching = ({ conditions }: Pick<SimpleQuery, 'conditions'>): RawBuilder<unknown> =>
  conditions.length === 0 ? sql`true` : sql.join(conditions.map(whereOf), sql` and `)

/** By what events are ordered before their number, each with what a token keeps of it. */
interface Key {
  readonly of: RawBuilder<unknown>
  readonly type: 'timestamptz' | 'float8' | 'text'
}

const columns = { eventTime: 'e.event_time', recordTime: 'e.record_time' } as const

/** An extension's first value: rank (0 a number or a time, 1 a text, 2 none; the other way round when descending), number, text. */
function factKeys(names: readonly string[], descending: boolean): Key[] {
  const fact = (value: RawBuilder<unknown>) =>
    sql`(select ${value} from epcis.fact f where f.seq = e.seq and f.name = any(${[...names]}::text[])
      order by f.number, f.at, f.value limit 1)`
  const rank = fact(
    sql`case when f.number is not null or f.at is not null then 0 when f.value is not null then 1 else 2 end`,
  )
  const last = descending ? sql`-` : sql``
  return [
    { of: sql`(${last}coalesce(${rank}, 2))::float8`, type: 'float8' },
    { of: sql`coalesce(${fact(sql`coalesce(f.number, extract(epoch from f.at)::float8 * 1000)`)}, 0)`, type: 'float8' },
    {
      of: sql`coalesce(${fact(sql`case when f.number is null and f.at is null then f.value end`)}, '') collate "C"`,
      type: 'text',
    },
  ]
}

function keysOf({ orderBy, descending }: SimpleQuery): readonly Key[] {
  if (orderBy === 'seq') return []
  if (typeof orderBy === 'object') return factKeys(orderBy.fact, descending)
  return [{ of: sql.ref(columns[orderBy]), type: 'timestamptz' }]
}

/**
 * One page of a query's events. All pages show what there was at the first one: whatever is captured meanwhile neither appears
 * nor moves anything.
 * @param query digest of the query, for the token
 * @throws Problem 413 when there are more than `maxEventCount`, or the question takes too long
 */
export async function readEvents(
  db: Db,
  scope: Scope,
  wanted: SimpleQuery,
  { size, token, query, now }: { size: number; token: PageToken | null; query: string; now: Date },
): Promise<EventPage> {
  return simpleEnough(() =>
    readScope(db, scope, async (tx) => {
      const snapshot = token?.snapshot ?? (await snapshotOf(tx))
      if (!token && wanted.max !== null) await assertFew(tx, wanted, wanted.max)
      const left = token ? token.left : wanted.limit
      const count = Math.min(size, left ?? size)
      const keys = keysOf(wanted)
      const direction = sql.raw(wanted.descending ? 'desc' : 'asc')
      const columns = keys.map(({ of }, index) => sql`, ${of} as ${sql.id(`key${index}`)}`)
      const order = keys.map((_key, index) => sql`${sql.id(`key${index}`)} ${direction}, `)
      const { rows } = await sql<Row & Record<`key${number}`, Date | number | string>>`
        select e.seq, e.doc::text as doc, e.context${sql.join(columns, sql``)} from epcis.event e
        where ${matching(wanted)} and ${token ? seen(token, keys, wanted) : sql`true`}
        order by ${sql.join(order, sql``)}e.seq ${direction} limit ${count + 1}`.execute(tx)
      const events = rows.slice(0, count)
      const rest = left === null ? null : left - events.length
      const last = events.at(-1)
      if (rows.length <= count || !last || rest === 0) return { events, next: null }
      const kept = (value: Date | number | string) => (value instanceof Date ? value.getTime() : value)
      const after = [...keys.map((_key, index) => kept(last[`key${index}`]!)), last.seq]
      return { events, next: { snapshot, after, left: rest, query, expires: now.getTime() + tokenMs } }
    }),
  )
}

/** A question that took longer than the database gives to one is the client's to narrow. @throws Problem 413 */
async function simpleEnough<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if ((error as { code?: string }).code !== '57014') throw error
    throw exception('QueryTooComplexException', '查询耗时过长，请缩小范围')
  }
}

async function snapshotOf(tx: Tx): Promise<string> {
  const { rows } = await sql<{ snapshot: string }>`select pg_current_snapshot()::text as snapshot`.execute(tx)
  return rows[0]!.snapshot
}

function seen({ snapshot, after }: PageToken, keys: readonly Key[], { descending }: SimpleQuery): RawBuilder<unknown> {
  // A token of the same query has as many values as the query has keys.
  const value = ({ type }: Key, index: number) => {
    const kept = after[index] ?? ''
    return sql`${type === 'timestamptz' ? new Date(kept) : kept}::${sql.raw(type)}`
  }
  const here = sql.join([...keys.map(({ of }) => of), sql`e.seq`])
  const there = sql.join([...keys.map(value), sql`${after.at(-1)}::bigint`])
  const beyond = sql.raw(descending ? '<' : '>')
  return sql`(${here}) ${beyond} (${there}) and pg_visible_in_snapshot(e.txid, ${snapshot}::pg_snapshot)`
}

async function assertFew(tx: Tx, wanted: SimpleQuery, max: number): Promise<void> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from
    (select from epcis.event e where ${matching(wanted)} limit ${max + 1}) x`.execute(tx)
  if (rows[0]!.count > max) throw exception('QueryTooLargeException', `结果超过 maxEventCount（${max}）`)
}

/** By the ID that it was given, or by its hash, whatever else it is called. */
function idOrHash(id: string): RawBuilder<unknown> {
  const hash = hashBytes(id)
  return hash ? sql`(e.hash = ${hash} or e.event_id = ${textKey(id)})` : sql`e.event_id = ${textKey(id)}`
}

/** An event with its error declarations by its ID or hash; empty when there is none in the scope. */
export async function findEvent(db: Db, scope: Scope, id: string): Promise<readonly KeptEvent[]> {
  return readScope(db, scope, async (tx) => {
    const { rows } = await sql<Row>`select e.seq, e.doc::text as doc, e.context from epcis.event e
      where ${idOrHash(id)} order by e.declared_at nulls first, e.seq limit 100`.execute(tx)
    return rows
  })
}
