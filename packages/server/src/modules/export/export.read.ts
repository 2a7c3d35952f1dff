import type { Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { CellValue } from '../../kernel/tabular/index.ts'
import { findPersonal, linesOf, type Purchases, purchaseQuery, type ResolvedFilter } from '../pharmacy/index.ts'
import { type ExportPerson, type ExportRow, purchaseCells } from './export.domain.ts'

/** Rows read and decrypted at once. */
export const chunkRows = 2_000

type Row = Awaited<ReturnType<ReturnType<typeof purchaseQuery>['execute']>>[number]
type Lines = Awaited<ReturnType<typeof linesOf>>

function personOf(kernel: Kernel, { reference }: Purchases, row: Row): ExportPerson | undefined {
  const personal = findPersonal(kernel.vault, row)
  return personal && { ...personal, residenceArea: reference.areaFullName(personal.residenceAreaCode) }
}

function toRow(kernel: Kernel, purchases: Purchases, row: Row, lines: Lines): ExportRow {
  const { reference } = purchases
  return {
    ...row,
    storeName: reference.store(row.storeCode)?.name ?? '',
    area: reference.areaFullName(row.areaCode),
    drugs: (lines.get(row.id) ?? []).map((line) => ({
      ...line,
      name: reference.drug(line.drugId)?.name ?? '',
    })),
    referred: row.clinicIds.length > 0,
    personal: personOf(kernel, purchases, row),
  }
}

/** How many purchases a filter finds; the transaction's scope must be the filter's. */
export async function countPurchases(tx: Tx, filter: ResolvedFilter): Promise<number> {
  const { count } = await purchaseQuery(tx, filter)
    .clearSelect()
    .clearOrderBy()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

/**
 * All purchases of a filter as rows of the file, newest first, in chunks by keyset: memory does not grow with their
 * number. Each chunk is decrypted as it is read, while the keys are known to be fresh.
 */
export async function* exportRows(
  kernel: Kernel,
  purchases: Purchases,
  tx: Tx,
  filter: ResolvedFilter,
  clear: boolean,
): AsyncGenerator<CellValue[], void, undefined> {
  for (let cursor: string | undefined; ; ) {
    const rows = await purchaseQuery(tx, filter, cursor).limit(chunkRows).execute()
    await kernel.vault.loadMonths(rows.map((row) => row.keyMonth))
    const lines = await linesOf(
      tx,
      rows.map((row) => row.id),
    )
    const cells = rows.map((row) => purchaseCells(toRow(kernel, purchases, row, lines), clear))
    for (const row of cells) yield row
    cursor = rows.at(-1)?.id
    if (rows.length < chunkRows || cursor === undefined) return
  }
}
