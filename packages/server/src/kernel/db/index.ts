export type { Database, Db, Tx } from './database.ts'
export { ensureAppLogin, MigrationError, migrate } from './migrate.ts'
export { type Connections, connect } from './pool.ts'
export { beyondScope, readScope, type Scope, systemScope, withScope } from './scope.ts'
