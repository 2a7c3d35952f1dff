import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database, Db } from './database.ts'

// int8 counts stay far below 2^53; days are calendar days and must not become instants.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

export interface Connections {
  /** Kysely over the application role. */
  readonly db: Db
  /** The pool below `db`. */
  readonly pool: pg.Pool
  /** Pool whose sessions have the system scope from the start, for the one-statement hot path. */
  readonly system: pg.Pool
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
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 120_000,
  }
  const pool = new pg.Pool({ ...shared, max })
  const system = new pg.Pool({ ...shared, max: 4, options: '-c vigil.paths=/' })
  // An idle client that loses its server must not end the process: the pool replaces it.
  pool.on('error', () => undefined)
  system.on('error', () => undefined)
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
  return {
    db,
    pool,
    system,
    close: async () => {
      await db.destroy()
      await system.end()
    },
  }
}
