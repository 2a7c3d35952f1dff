import type { Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { CellValue, Column } from '../../kernel/tabular/index.ts'
import {
  type Purchases,
  plainPurchaseFields,
  purchaseFields,
  purchaseList,
  purchaseQuery,
  type ResolvedFilter,
  recordsNow,
} from '../pharmacy/index.ts'
import { makersOf } from './exportable.ts'

const pageRows = 2_000

/** Columns of a file of purchases without a template, in order. */
export const purchaseColumns: readonly Column[] = purchaseFields
  .slice(0, plainPurchaseFields)
  .map(({ name, type, width }) => ({ head: name, type, ...(width !== undefined && { width }) }))

/** All purchases of a filter as rows of a file without a template, newest first; the transaction has the filter's scope. */
export async function* exportRows(
  kernel: Kernel,
  purchases: Purchases,
  tx: Tx,
  filter: ResolvedFilter,
  clear: boolean,
): AsyncGenerator<CellValue[], void, undefined> {
  const makers = makersOf(purchaseList(kernel, purchases), undefined, clear, plainPurchaseFields)
  for (let cursor: string | undefined, number = 0; ; ) {
    const page = await purchaseQuery(tx, filter, cursor).limit(pageRows).execute()
    const ids = page.map(({ id }) => id)
    const records = await recordsNow(kernel, tx, ids)
    for (const id of ids) {
      const record = records.get(id)!
      number++
      yield makers.map(({ make }) => make({ record, lines: record.lines }, number))
    }
    cursor = ids.at(-1)
    if (ids.length < pageRows) return
  }
}
