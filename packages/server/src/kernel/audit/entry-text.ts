import { type RawBuilder, sql } from 'kysely'

/** A row of audit.entry as PostgreSQL writes it: texts lose nothing, neither microseconds nor large numbers. */
export interface EntryText {
  seq: string
  at: string
  actorId: string | null
  actor: string
  action: string
  outcome: string
  object: string
  areaCode: string | null
  path: string
  ip: string
  userAgent: string
  requestId: string
  detail: string
}

/** A timestamptz as UTC text with microseconds, whatever the session's settings. */
export function utcText(instant: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

/** Select list that gives `EntryText` of `audit.entry e`. */
export const entryText = sql`e.seq::text as seq, ${utcText(sql`e.at`)} as at, e.actor_id::text as actor_id, e.actor,
  e.action, e.outcome, e.object, e.area_code, e.path, e.ip, e.user_agent, e.request_id, e.detail::text as detail`

/**
 * Leaf data of a row: a JSON array of a version and all columns in the order of the table, as UTF-8. `detail` is the text
 * that PostgreSQL gives for a jsonb value, which is canonical: keys sorted and unique, numbers exact, fixed white space.
 */
export function leafData(row: EntryText): Buffer {
  const columns = [
    row.seq,
    row.at,
    row.actorId,
    row.actor,
    row.action,
    row.outcome,
    row.object,
    row.areaCode,
    row.path,
    row.ip,
    row.userAgent,
    row.requestId,
    row.detail,
  ]
  return Buffer.from(JSON.stringify(['vigil-audit-entry-1', ...columns]), 'utf8')
}
