import type { List } from '../../kernel/export/index.ts'
import type { ImportKind } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Purchases } from '../pharmacy/index.ts'
import { forgetLines, lineImport } from './line.import.ts'
import { type Found, openBook } from './stopsale.book.ts'
import { stopSaleGuard } from './stopsale.guard.ts'
import { stopSaleLists } from './stopsale.lists.ts'
import type { Parts } from './stopsale.parts.ts'
import { type StopSaleHandlers, stopSaleHandlers } from './stopsale.route.ts'
import type {} from './stopsale.table.ts'

export { listTasks } from './check.read.ts'
export { createCampaign, submitCheck } from './check.service.ts'
export { lineImport } from './line.import.ts'
export { createOrder, issueOrder, liftOrder } from './order.service.ts'
export { reasonOf } from './stopsale.guard.ts'
export type { Parts as StopSaleParts } from './stopsale.parts.ts'

export interface StopSales {
  readonly handlers: StopSaleHandlers
  readonly imports: readonly ImportKind[]
  /** The lists that can be taken out, each in the form that `form` gives it. */
  lists<T>(form: <R>(list: List<R>) => T): T[]
  readonly parts: Parts
  /** The order that forbids a drug at a store's path at an instant, and by which line; asks nothing of the database. */
  find(path: string, lines: Parameters<Parts['book']['find']>[1], at: Date): Found | undefined
  close(): void
}

/** Opens the module for one process: the orders in memory, and the guard that every sale passes. */
export async function openStopSales(kernel: Kernel, purchases: Purchases): Promise<StopSales> {
  const { reference } = purchases
  const book = await openBook(kernel, reference)
  const parts: Parts = { kernel, purchases, reference, book }
  purchases.guards.add(stopSaleGuard(parts))
  kernel.vault.onShred(forgetLines)
  return {
    handlers: stopSaleHandlers(parts),
    imports: [lineImport(parts)],
    lists: (form) => stopSaleLists(parts, form),
    parts,
    find: (path, lines, at) => book.find(path, lines, at),
    close: () => book.close(),
  }
}
