import type { ExportList } from '@vigil/contract'
import type { Kernel } from '../../kernel/kernel.ts'
import { followupList } from '../followup/index.ts'
import { openingList } from '../opening/index.ts'
import {
  clinicList,
  drugList,
  type Purchases,
  plainPurchaseFields,
  purchaseList,
  type Reference,
  storeList,
} from '../pharmacy/index.ts'
import { staffList } from '../staff/index.ts'
import { type Exportable, exportable } from './exportable.ts'
import { importList } from './lists.import.ts'
import { accountList, areaList, auditList, partyList } from './lists.kernel.ts'

/** What the module works with in one process. */
export interface Exporter {
  readonly kernel: Kernel
  readonly purchases: Purchases
  readonly reference: Reference
  readonly lists: ReadonlyMap<ExportList, Exportable>
  /** Rows from which on a file is made in a thread of its own. */
  readonly threadRows: number
}

/** A thread costs about a tenth of a second and 50 MB: less than the main thread would lose to a file of this many rows. */
const threadRows = 10_000

/** All lists that can be taken out. @param more those of modules that themselves need this one */
export function createExporter(kernel: Kernel, purchases: Purchases, more: readonly Exportable[] = []): Exporter {
  const { reference } = purchases
  const lists = [
    exportable(purchaseList(kernel, purchases), plainPurchaseFields),
    exportable(storeList(reference)),
    exportable(drugList(reference)),
    exportable(clinicList(reference)),
    exportable(partyList(reference)),
    exportable(areaList(reference)),
    exportable(accountList(reference)),
    exportable(auditList(reference)),
    exportable(importList(reference)),
    exportable(openingList(reference)),
    exportable(staffList(kernel, reference)),
    exportable(followupList(kernel, reference)),
    ...more,
  ]
  return { kernel, purchases, reference, lists: new Map(lists.map((list) => [list.key, list])), threadRows }
}
