import { systemCaller } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf, type CommandAudit } from '../../kernel/command/command.ts'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { DeliveryRow } from './sharing.store.ts'

const caller = systemCaller('数据共享', [])

/** A transaction of the background work, which sees the whole country. */
export const inSystem = <T>(kernel: Pick<Kernel, 'db'>, work: (tx: Tx) => Promise<T>): Promise<T> =>
  withScope(kernel.db, systemScope, work)

/** Records what the background work did. */
export const audit = (tx: Tx, entry: CommandAudit): Promise<void> => record(tx, auditOf(caller, entry))

/** Object and place of an audit row about a delivery. */
export const aboutDelivery = ({ number, path, areaCode }: DeliveryRow) => ({
  object: `delivery:${number}`,
  path,
  areaCode,
})
