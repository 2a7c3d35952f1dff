import { systemCaller } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf, type CommandAudit } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import type { AlertRow } from './alert.store.ts'

const caller = systemCaller('预警', [])

/** Name under which the background work appears in a timeline. */
export const systemName = '系统'

/** Records what the background work did. */
export const audit = (tx: Tx, entry: CommandAudit): Promise<void> => record(tx, auditOf(caller, entry))

/** Object and place of an audit row about an alert. */
export const aboutAlert = ({ number, path }: Pick<AlertRow, 'number' | 'path'>) => ({
  object: `alert:${number}`,
  path,
})
