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
 * Stores events with all they are found by, in one statement whatever their number.
 * @returns positions of those that are new; the others were there before
 */
export async function insertEvents(
  tx: Tx,
  path: string,
  recordTime: Date,
  events: readonly Prepared[],
): Promise<Set<number>> {
  if (events.length === 0) return new Set()
  const of = <T>(pick: (event: Prepared) => T) => events.map(pick)
  const things = events.flatMap(({ things: list, position }) => list.map((thing) => ({ ...thing, position })))
  const facts = events.flatMap(({ facts: list, position }) => list.map((fact) => ({ ...fact, position })))
  const { rows } = await sql<{ position: number }>`${keep}
WITH input AS (
  SELECT * FROM unnest(${plain(of((e) => e.position))}::int[], ${bytes(of((e) => e.bytes))}::bytea[], ${instants(of((e) => e.declaredAt))}::timestamptz[],
    ${of((e) => e.eventId)}::text[], ${of((e) => e.type)}::text[], ${of((e) => e.action)}::text[], ${instants(of((e) => e.eventTime))}::timestamptz[],
    ${of((e) => e.bizStep)}::text[], ${of((e) => e.disposition)}::text[], ${of((e) => e.readPoint)}::text[], ${of((e) => e.bizLocation)}::text[],
    ${of((e) => e.transformationId)}::text[], ${of((e) => e.errorReason)}::text[], ${of((e) => e.context)}::text[], ${of((e) => e.doc)}::text[])
  AS t(position, hash, declared_at, event_id, type, action, event_time, biz_step, disposition, read_point, biz_location,
    transformation_id, error_reason, context, doc)
), ins AS (
  INSERT INTO epcis.event (hash, declared_at, path, event_id, type, action, event_time, record_time, biz_step, disposition, read_point,
    biz_location, transformation_id, error_reason, context, doc)
  SELECT hash, declared_at, ${path}::text, event_id, type, action, event_time, ${recordTime}::timestamptz, biz_step, disposition, read_point,
    biz_location, transformation_id, error_reason, context::json, doc::json FROM input ORDER BY position
  ON CONFLICT (hash, declared_at) DO NOTHING
  RETURNING seq, hash, declared_at
), new AS (
  SELECT ins.seq, input.position FROM ins JOIN input ON input.hash = ins.hash AND input.declared_at IS NOT DISTINCT FROM ins.declared_at
), thing AS (
  INSERT INTO epcis.thing (seq, path, value, role, is_class, quantity, uom)
  SELECT new.seq, ${path}::text, t.value, t.role, t.is_class, t.quantity, t.uom
  FROM unnest(${plain(things.map((t) => t.position))}::int[], ${things.map((t) => t.value)}::text[], ${plain(things.map((t) => t.role))}::text[],
    ${plain(things.map((t) => t.isClass))}::bool[], ${plain(things.map((t) => t.quantity))}::float8[], ${things.map((t) => t.uom)}::text[])
    AS t(position, value, role, is_class, quantity, uom) JOIN new USING (position)
), fact AS (
  INSERT INTO epcis.fact (seq, path, name, value, number, at)
  SELECT new.seq, ${path}::text, f.name, f.value, f.number, f.at
  FROM unnest(${plain(facts.map((f) => f.position))}::int[], ${facts.map((f) => f.name)}::text[], ${facts.map((f) => f.value)}::text[],
    ${plain(facts.map((f) => f.number))}::float8[], ${instants(facts.map((f) => f.at))}::timestamptz[])
    AS f(position, name, value, number, at) JOIN new USING (position)
)
SELECT position FROM new`.execute(tx)
  return new Set(rows.map(({ position }) => position))
}
