import { systemCaller } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf, type CommandAudit } from '../../kernel/command/command.ts'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'

const caller = systemCaller('随访筛查', [])

/** Name under which the background work appears in a timeline. */
export const systemName = caller.name

/** A transaction of the background work, which sees the whole country. */
export const inSystem = <T>(kernel: Pick<Kernel, 'db'>, work: (tx: Tx) => Promise<T>): Promise<T> =>
  withScope(kernel.db, systemScope, work)

/** Records what the background work did. */
export const audit = (tx: Tx, entries: readonly CommandAudit[]): Promise<void> =>
  record(tx, ...entries.map((entry) => auditOf(caller, entry)))
