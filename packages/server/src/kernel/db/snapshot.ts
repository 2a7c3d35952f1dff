import type pg from 'pg'
import type { Connections } from './pool.ts'
import type { Scope } from './scope.ts'
import { settingOf } from './scope.ts'

const longestMs = 30 * 60_000

/**
 * Runs `work` on one connection in a read-only transaction that sees one snapshot of `scope`, for reading that may take
 * minutes. @throws whatever `work` throws
 */
export async function readSnapshot<T>(
  connections: Pick<Connections, 'pool'>,
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
    return await work(client)
  } catch (error) {
    failure = error as Error
    throw error
  } finally {
    // A COPY that was left in the middle ends with its connection only.
    if (!failure) await client.query('COMMIT').catch((error: Error) => (failure = error))
    client.removeListener('error', ignore)
    client.release(failure ?? false)
  }
}
