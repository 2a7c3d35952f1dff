import { sql } from 'kysely'
import { prepared as keep, type Tx } from '../../kernel/db/index.ts'
import type { Prepared } from './capture.prepare.ts'

/** Array literal of values that need no quoting. */
const plain = (values: readonly (string | number | boolean | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`
const instants = (values: readonly (Date | number | null)[]): string =>
  plain(values.map((value) => (value === null ? null : new Date(value).toISOString())))
const bytes = (values: readonly Buffer[]): string =>
  values.length === 0 ? '{}' : `{"\\\\x${values.map((value) => value.toString('hex')).join('","\\\\x')}"}`

/**
 * Stores events with all they are found by, in two statements whatever their number. The second is told the numbers that the
 * first has given out: a join of arrays, whose length the planner does not know, took longer than all else.
 * @returns positions of those that are new; the others were there before
 */
export async function insertEvents(
  tx: Tx,
  path: string,
  recordTime: Date,
  events: readonly Prepared[],
): Promise<Set<number>> {
  if (events.length === 0) return new Set()
  const numbers = await insertRows(tx, path, recordTime, events)
  const fresh = events.flatMap((event) => {
    const seq = numbers.get(keyOf(event.bytes, event.declaredAt))
    return seq === undefined ? [] : [{ event, seq }]
  })
  if (fresh.length > 0) await insertIndex(tx, path, fresh)
  return new Set(fresh.map(({ event }) => event.position))
}

const keyOf = (hash: Buffer, declaredAt: Date | null) => `${hash.toString('latin1')} ${declaredAt?.getTime() ?? ''}`

/** @returns numbers of the events that are new, by hash and time of declaration */
async function insertRows(
  tx: Tx,
  path: string,
  recordTime: Date,
  events: readonly Prepared[],
): Promise<Map<string, number>> {
  const of = <T>(pick: (event: Prepared) => T) => events.map(pick)
  const { rows } = await sql<{ seq: number; hash: Buffer; declaredAt: Date | null }>`${keep}
  INSERT INTO epcis.event (hash, declared_at, path, event_id, type, action, event_time, record_time, biz_step, disposition, read_point,
    biz_location, transformation_id, error_reason, context, doc)
  SELECT hash, declared_at, ${path}::text, event_id, type, action, event_time, ${recordTime}::timestamptz, biz_step, disposition, read_point,
    biz_location, transformation_id, error_reason, context::json, doc::json
  FROM unnest(${bytes(of((e) => e.bytes))}::bytea[], ${instants(of((e) => e.declaredAt))}::timestamptz[],
    ${of((e) => e.eventId)}::text[], ${of((e) => e.type)}::text[], ${of((e) => e.action)}::text[], ${instants(of((e) => e.eventTime))}::timestamptz[],
    ${of((e) => e.bizStep)}::text[], ${of((e) => e.disposition)}::text[], ${of((e) => e.readPoint)}::text[], ${of((e) => e.bizLocation)}::text[],
    ${of((e) => e.transformationId)}::text[], ${of((e) => e.errorReason)}::text[], ${of((e) => e.context)}::text[], ${of((e) => e.doc)}::text[])
  AS t(hash, declared_at, event_id, type, action, event_time, biz_step, disposition, read_point, biz_location,
    transformation_id, error_reason, context, doc)
  ON CONFLICT (hash, declared_at) DO NOTHING
  RETURNING seq, hash, declared_at`.execute(tx)
  return new Map(rows.map(({ hash, declaredAt, seq }) => [keyOf(hash, declaredAt), seq]))
}

async function insertIndex(
  tx: Tx,
  path: string,
  fresh: readonly { readonly event: Prepared; readonly seq: number }[],
): Promise<void> {
  const things = fresh.flatMap(({ event, seq }) => event.things.map((thing) => ({ ...thing, seq })))
  const facts = fresh.flatMap(({ event, seq }) => event.facts.map((fact) => ({ ...fact, seq })))
  await sql`${keep}
WITH thing AS (
  INSERT INTO epcis.thing (seq, path, value, role, is_class, quantity, uom)
  SELECT t.seq, ${path}::text, t.value, t.role, t.is_class, t.quantity, t.uom
  FROM unnest(${plain(things.map((t) => t.seq))}::bigint[], ${things.map((t) => t.value)}::text[], ${plain(things.map((t) => t.role))}::text[],
    ${plain(things.map((t) => t.isClass))}::bool[], ${plain(things.map((t) => t.quantity))}::float8[], ${things.map((t) => t.uom)}::text[])
    AS t(seq, value, role, is_class, quantity, uom)
)
INSERT INTO epcis.fact (seq, path, name, value, number, at)
SELECT f.seq, ${path}::text, f.name, f.value, f.number, f.at
FROM unnest(${plain(facts.map((f) => f.seq))}::bigint[], ${facts.map((f) => f.name)}::text[], ${facts.map((f) => f.value)}::text[],
  ${plain(facts.map((f) => f.number))}::float8[], ${instants(facts.map((f) => f.at))}::timestamptz[])
  AS f(seq, name, value, number, at)`.execute(tx)
}
