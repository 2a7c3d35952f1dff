import type { Kysely, Transaction } from 'kysely'

/**
 * All tables. Each module adds its own by declaration merging in its `<name>.table.ts`:
 * `declare module '../db/database.ts' { interface Database { 'area.area': AreaTable } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface Database {}

/** A connection for questions. */
export type Db = Kysely<Database>
/** A transaction: what every write takes, so that a forgotten transaction does not compile. */
export type Tx = Transaction<Database>
