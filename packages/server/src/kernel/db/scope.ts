import { sql } from 'kysely'
import type { Db, Tx } from './database.ts'

/** Subtrees of areas (materialised paths, `/350000/350500/`) that a transaction may see and touch. */
export type Scope = readonly string[]

/** The whole country: jobs and sign-in, before an account is known. */
export const systemScope: Scope = ['/']

const pathPattern = /^\/([0-9A-Za-z-]+\/)*$/

/** The setting that row-level security reads. @throws Error for what is no path */
export function settingOf(scope: Scope): string {
  for (const path of scope) if (!pathPattern.test(path)) throw new Error(`not an area path: ${path}`)
  return scope.join(',')
}

/**
 * Runs `work` in one transaction in which row-level security shows only the rows of `scope`.
 * @throws whatever `work` throws, after rollback
 */
export async function withScope<T>(db: Db, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await sql`select set_config('vigil.paths', ${settingOf(scope)}, true)`.execute(tx)
    return work(tx)
  })
}

/**
 * The same for questions only: the transaction is read-only and sees one snapshot.
 * @param settings of PostgreSQL that hold to its end, such as those of the planner
 */
export async function readScope<T>(
  db: Db,
  scope: Scope,
  work: (tx: Tx) => Promise<T>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T> {
  const all = Object.entries({ 'vigil.paths': settingOf(scope), ...settings })
  const set = sql.join(all.map(([name, value]) => sql`set_config(${name}, ${value}, true)`))
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      await sql`select ${set}`.execute(tx)
      return work(tx)
    })
}

/**
 * Runs `work` in the same transaction with the whole country in sight, then narrows the sight again: for what must be
 * kept beyond the caller's area, such as a running number or the figures of a county. Nothing that is seen may reach the caller.
 */
export async function beyondScope<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ paths: string | null }>`select current_setting('vigil.paths', true) as paths`.execute(tx)
  await sql`select set_config('vigil.paths', ${settingOf(systemScope)}, true)`.execute(tx)
  const result = await work()
  await sql`select set_config('vigil.paths', ${rows[0]?.paths ?? ''}, true)`.execute(tx)
  return result
}
