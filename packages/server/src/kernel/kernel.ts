import type { Clock } from './clock/clock.ts'
import type { Config } from './config.ts'
import type { Connections, Db } from './db/index.ts'
import type { FileStore } from './file/index.ts'
import type { Jobs } from './job/index.ts'
import type { Notify } from './notify/index.ts'
import type { Vault } from './vault/index.ts'

/** What every module is given. Mechanisms only; what they are used for lives in the modules. */
export interface Kernel {
  readonly config: Config
  readonly connections: Connections
  readonly db: Db
  readonly vault: Vault
  readonly notify: Notify
  readonly jobs: Jobs
  readonly files: FileStore
  readonly clock: Clock
}
