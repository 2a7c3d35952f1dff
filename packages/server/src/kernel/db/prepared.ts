import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { ClientBase } from 'pg'

const mark = '/* prepared */'

/**
 * Begins a statement that each connection parses and plans once and keeps by name: for questions over many partitions, whose
 * planning takes longer than their answer. Its text must be one of few: values go in as parameters, never as text.
 */
export const prepared: RawBuilder<unknown> = sql.raw(mark)

/**
 * Plans of prepared statements made for all values, not for those of the day: their partitions are then chosen when they
 * run. A setting for `readScope`.
 */
export const planOnce = { plan_cache_mode: 'force_generic_plan' }

/** Lets a client keep the statements that begin with `prepared` under the hash of their text. */
export function nameStatements(client: ClientBase): void {
  const names = new Map<string, string>()
  const query = client.query.bind(client) as (...given: unknown[]) => unknown
  const named = (text: unknown, values?: unknown, ...rest: unknown[]): unknown => {
    if (typeof text !== 'string' || !text.startsWith(mark)) return query(text, values, ...rest)
    let name = names.get(text)
    if (name === undefined) {
      name = createHash('sha256').update(text).digest('base64url').slice(0, 32)
      names.set(text, name)
    }
    return query({ name, text, values }, ...rest)
  }
  client.query = named as typeof client.query
}
