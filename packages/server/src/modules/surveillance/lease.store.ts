import { sql } from 'kysely'
import type { Db, Tx } from '../../kernel/db/index.ts'

/** Seconds after which a process that says nothing is believed to be gone. By the database's clock, which is one for all. */
const seconds = 15
const name = 'evaluate'

/**
 * Takes or renews the right to evaluate, and tells the other processes whether the state is up to date.
 * @returns false while another process has it
 */
export async function takeLease(db: Db, by: string, ready: boolean): Promise<boolean> {
  const { rows } = await sql<{ by: string }>`
    INSERT INTO surveillance.lease AS l (name, by, until, ready)
    VALUES (${name}, ${by}, now() + ${seconds} * interval '1 second', ${ready})
    ON CONFLICT (name) DO UPDATE SET by = EXCLUDED.by, until = EXCLUDED.until, ready = EXCLUDED.ready
      WHERE l.by = EXCLUDED.by OR l.until < now()
    RETURNING by`.execute(db)
  return rows.length > 0
}

/** Whether the process that evaluates has everything up to date; false when none does. */
export async function leaseReady(db: Db): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM surveillance.lease WHERE name = ${name} AND until > now() AND ready`.execute(
    db,
  )
  return rows.length > 0
}

/** The right was lost to another process. */
export class LeaseLost extends Error {}

/** Demands the right until the transaction ends. @throws LeaseLost when another process has taken it */
export async function holdLease(tx: Tx, by: string): Promise<void> {
  const { rows } = await sql`SELECT 1 FROM surveillance.lease WHERE name = ${name} AND by = ${by} FOR SHARE`.execute(tx)
  if (rows.length === 0) throw new LeaseLost('another process evaluates')
}

/** Gives the right up, so that another process need not wait. */
export const dropLease = (db: Db, by: string): Promise<unknown> =>
  sql`UPDATE surveillance.lease SET until = now() - interval '1 second' WHERE name = ${name} AND by = ${by}`.execute(db)
