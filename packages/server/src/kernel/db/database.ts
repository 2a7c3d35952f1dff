import type { Generated, Kysely, Transaction } from 'kysely'

/**
 * All tables. Each module adds its own by declaration merging in its `<name>.table.ts`:
 * `declare module '../db/database.ts' { interface Database { 'area.area': AreaTable } }`.
 */
export interface Database {
  'vigil.setting': { name: string; value: unknown; updatedAt: Generated<Date> }
}

/** A connection for questions. */
export type Db = Kysely<Database>
/** A transaction: what every write takes, so that a forgotten transaction does not compile. */
export type Tx = Transaction<Database>
