import { sql } from 'kysely'
import { type Db, readScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import type { KeptEvent } from './answer.domain.ts'
import { exception } from './exception.ts'
import type { SimpleQuery } from './query.domain.ts'
import { matching } from './query.read.ts'

/** Events looked through at once. */
const window = 2000

/** A place in the order in which events become visible: that of their transactions. */
export interface Position {
  readonly txid: string
  readonly seq: number
}

/** What somebody wants to be told of, and from where on. */
export interface Following {
  readonly query: Pick<SimpleQuery, 'conditions'>
  /** Events of this time of record and later. */
  readonly since: Date
  readonly after: Position
  /** A batch that was begun ends here. */
  readonly until: Position | null
  /** Events of a batch. */
  readonly batch: number
}

/** The next events, up to where they were looked through. */
export interface Batch {
  readonly events: readonly KeptEvent[]
  readonly until: Position | null
  /** Nothing is left behind it for now. */
  readonly last: boolean
}

/** The next events of a following: none that may still become visible before them are passed over. */
export async function nextBatch(db: Db, scope: Scope, following: Following): Promise<Batch> {
  const { query, since, after, until: stop, batch } = following
  type Row = { txid: string; seq: number; doc: string | null; context: KeptEvent['context'] }
  const end = stop === null ? sql`` : sql` and (e.txid, e.seq) <= (${stop.txid}::xid8, ${stop.seq}::bigint)`
  const { rows } = await readScope(db, scope, (tx) =>
    sql<Row>`select e.txid::text as txid, e.seq, e.context, case when ${matching(query)}
        and e.record_time >= ${since} then e.doc::text end as doc
      from epcis.event e where (e.txid, e.seq) > (${after.txid}::xid8, ${after.seq}::bigint)
        and e.txid < pg_snapshot_xmin(pg_current_snapshot())${end}
      order by e.txid, e.seq limit ${window}`.execute(tx),
  )
  const events: KeptEvent[] = []
  let until: Position | null = null
  for (const { txid, seq, doc, context } of rows) {
    if (doc !== null) events.push({ doc, context })
    until = { txid, seq }
    if (events.length >= batch && stop === null) break
  }
  const last = rows.length < window && until?.seq === rows.at(-1)?.seq && stop === null
  return { events, until, last }
}

/** The place behind all that is visible now. */
export async function presentPosition(tx: Tx): Promise<Position> {
  const { rows } = await sql<{ txid: string }>`select pg_snapshot_xmin(pg_current_snapshot())::text as txid`.execute(tx)
  return { txid: rows[0]!.txid, seq: 0 }
}

/** A place as a client keeps it, to go on from there. @param query digest of what it belongs to */
export const writePosition = ({ txid, seq }: Position, query: string): string =>
  Buffer.from(JSON.stringify({ txid, seq, query })).toString('base64url')

/** @throws Problem 400 for what is no place, or one of another query */
export function readPosition(token: string, query: string): Position {
  let given: Partial<Position & { query: string }> | null
  try {
    given = JSON.parse(Buffer.from(token, 'base64url').toString()) as Partial<Position>
  } catch {
    given = null
  }
  const { txid, seq } = given ?? {}
  if (typeof txid !== 'string' || !/^\d{1,19}$/.test(txid) || !Number.isSafeInteger(seq) || seq! < 0)
    throw exception('QueryParameterException', 'nextPageToken 无效')
  if (given?.query !== query) throw exception('QueryParameterException', 'nextPageToken 不属于这个查询')
  return { txid, seq: seq! }
}
