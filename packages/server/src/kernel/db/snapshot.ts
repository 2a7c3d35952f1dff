import type pg from 'pg'
import type { Connections } from './pool.ts'
import type { Scope } from './scope.ts'
import { settingOf } from './scope.ts'

const longestMs = 30 * 60_000
const endMs = 5_000

/**
 * Runs `work` on one connection in a read-only transaction that sees one snapshot of `scope`, for reading that may take
 * minutes. @throws whatever `work` throws
 */
export async function readSnapshot<T>(
  connections: Pick<Connections, 'pool' | 'system'>,
  scope: Scope,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await connections.pool.connect()
  // A server that goes away is told by the query that waits for it; without a listener it would end the process.
  const ignore = () => undefined
  client.on('error', ignore)
  let failure: Error | undefined
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query(`SELECT set_config('vigil.paths', $1, true), set_config('statement_timeout', $2, true)`, [
      settingOf(scope),
      String(longestMs),
    ])
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    failure = error as Error
    await endSession(connections, client)
    throw error
  } finally {
    client.removeListener('error', ignore)
    client.release(failure ?? false)
  }
}

/**
 * A COPY that was left in the middle ends with its session only, and the server would notice late: what the transaction
 * holds, such as a lock, must be free when the caller is told.
 */
async function endSession({ system }: Pick<Connections, 'system'>, client: pg.PoolClient): Promise<void> {
  const { processID } = client as unknown as { processID: number | null }
  if (processID) await system.query('SELECT pg_terminate_backend($1, $2)', [processID, endMs]).catch(() => undefined)
}
