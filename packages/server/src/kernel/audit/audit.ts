import type { Tx } from '../db/index.ts'
import type { AuditOutcome } from './audit.table.ts'

/** What happened, by whom, from where. `detail` holds no personal data in clear. Number and time come from the database. */
export interface AuditInput {
  readonly actorId: string | null
  readonly actor: string
  readonly action: string
  readonly outcome: AuditOutcome
  /** What it was done to, such as `purchase/<id>`. */
  readonly object: string
  readonly areaCode: string | null
  /** Subtree in which the row can be read; '/' when it belongs to no area. */
  readonly path: string
  readonly ip: string
  readonly userAgent: string
  readonly requestId: string
  readonly detail: Record<string, unknown>
}

/** The written columns of audit.entry with their array types, in the order of `auditParams`. */
export const auditColumns = [
  ['actor_id', 'uuid[]'],
  ['actor', 'text[]'],
  ['action', 'text[]'],
  ['outcome', 'text[]'],
  ['object', 'text[]'],
  ['area_code', 'text[]'],
  ['path', 'text[]'],
  ['ip', 'text[]'],
  ['user_agent', 'text[]'],
  ['request_id', 'text[]'],
  ['detail', 'jsonb[]'],
] as const

/**
 * Writes audit rows in the transaction of what they tell about: both commit or neither.
 * Overlong texts are cut and what PostgreSQL cannot store is removed, so that a hostile header cannot stop the record.
 */
export async function record(tx: Tx, ...entries: readonly AuditInput[]): Promise<void> {
  if (entries.length === 0) return
  await tx.insertInto('audit.entry').values(entries.map(storable)).execute()
}

/**
 * SQL that inserts audit rows given as 11 arrays, for a statement that writes other tables too (usable as a CTE).
 * @param first number of the first of the parameters, which `auditParams` gives in the same order
 */
export function auditInsertSql(first: number): string {
  const names = auditColumns.map(([name]) => name).join(', ')
  const arrays = auditColumns.map(([, type], index) => `$${first + index}::${type}`).join(', ')
  return `INSERT INTO audit.entry (${names}) SELECT * FROM unnest(${arrays})`
}

/** Parameters of `auditInsertSql`: one array per column. */
export function auditParams(entries: readonly AuditInput[]): (string | null)[][] {
  const rows = entries.map(storable)
  return [
    rows.map((row) => row.actorId),
    rows.map((row) => row.actor),
    rows.map((row) => row.action),
    rows.map((row) => row.outcome),
    rows.map((row) => row.object),
    rows.map((row) => row.areaCode),
    rows.map((row) => row.path),
    rows.map((row) => row.ip),
    rows.map((row) => row.userAgent),
    rows.map((row) => row.requestId),
    rows.map((row) => row.detail),
  ]
}

function storable(entry: AuditInput) {
  return {
    actorId: entry.actorId,
    actor: clean(entry.actor, 80),
    action: clean(entry.action, 80),
    outcome: entry.outcome,
    object: clean(entry.object, 120),
    areaCode: entry.areaCode,
    path: entry.path,
    ip: clean(entry.ip, 60),
    userAgent: clean(entry.userAgent, 300),
    requestId: clean(entry.requestId, 60),
    detail: JSON.stringify(cleanJson(entry.detail)),
  }
}

// PostgreSQL stores neither U+0000 nor half of a surrogate pair, in text as in jsonb.
const storableText = (text: string) => text.replaceAll('\0', '').toWellFormed()

function clean(text: string, length: number): string {
  return storableText(text.slice(0, length))
}

function cleanJson(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(cleanJson)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [storableText(name), cleanJson(item)]))
}
