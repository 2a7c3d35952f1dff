import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database, Db } from './database.ts'
import { nameStatements } from './prepared.ts'

// int8 counts stay far below 2^53; days are calendar days and must not become instants.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

export interface Connections {
  /** Kysely over the application role. */
  readonly db: Db
  /** The pool below `db`. */
  readonly pool: pg.Pool
  /** Pool whose sessions have the system scope from the start, for single statements. */
  readonly system: pg.Pool
  /**
   * Pool of the same scope for group commit alone, where nobody else's question is waited for. Its statements are planned once
   * for all values: PostgreSQL would choose by the first few, and for those of one row plans anew each time, which costs more
   * than the statement. Such a plan does not know how many rows come, so it must not join each with each.
   */
  readonly commit: pg.Pool
  /**
   * Kysely over `system`, for short questions that are asked while a transaction of `db` is open: a second connection of the
   * same pool would let the transactions wait for each other without end once all of them ask.
   */
  readonly systemDb: Db
  close(): Promise<void>
}

/**
 * Opens the pools of one server process as the application role.
 * @param url connection string of the application login
 * @param max connections of the main pool
 */
export function connect(url: string, max = 20): Connections {
  const shared = {
    connectionString: url,
    application_name: 'vigil',
    keepAlive: true,
    // Longer than a burst lasts; then the caller is told to come back (503) instead of waiting without end.
    connectionTimeoutMillis: 15_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 120_000,
  }
  const pool = new pg.Pool({ ...shared, max })
  const system = new pg.Pool({ ...shared, max: 4, options: '-c vigil.paths=/' })
  const once = '-c plan_cache_mode=force_generic_plan -c enable_nestloop=off'
  const commit = new pg.Pool({ ...shared, max: 2, options: `-c vigil.paths=/ ${once}` })
  for (const each of [pool, system, commit]) {
    // An idle client that loses its server must not end the process: the pool replaces it.
    each.on('error', () => undefined)
    // Nor one that is lent out and between two statements: nobody listens to it then, and the next statement is told.
    each.on('connect', (client) => {
      client.on('error', () => undefined)
      nameStatements(client)
    })
  }
  const open = (over: pg.Pool) =>
    new Kysely<Database>({
      dialect: new PostgresDialect({ pool: over }),
      plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    })
  const db = open(pool)
  const systemDb = open(system)
  return {
    db,
    pool,
    system,
    commit,
    systemDb,
    close: async () => {
      await db.destroy()
      await commit.end()
      await system.end()
    },
  }
}
