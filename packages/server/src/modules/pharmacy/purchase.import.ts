import { setImmediate as turn } from 'node:timers/promises'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import type { ChunkPlan, ImportKind, Numbered, Outcome } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { RowProblem } from '../../kernel/tabular/index.ts'
import { tellImported } from './overview.share.ts'
import type { Accepted, Line, Personal } from './purchase.domain.ts'
import { personalColumns, purchaseImportColumns } from './purchase.import.columns.ts'
import { type ImportedSale, saleParser } from './purchase.import.row.ts'
import { findImported, insertImported } from './purchase.import.sql.ts'
import type { Purchases } from './purchase.module.ts'
import { ensureMonths } from './purchase.month.ts'
import { saveRefusals } from './purchase.refusal.ts'
import { countyPath } from './purchase.rollup.ts'
import { keyMonthOf, mobileIndex, sealPersonal } from './purchase.seal.ts'
import type { PurchaseRow } from './purchase.writer.ts'

/** Rows of a file that are written in one transaction. */
const chunkRows = 1_000
/** Rows after which the event loop has a turn, so that the chunk before is written meanwhile. */
const turnRows = 32

/** A sale with all its rows of the file. */
interface Sale extends ImportedSale {
  readonly rowNumbers: readonly number[]
}

const joins = (before: ImportedSale, next: ImportedSale): boolean =>
  before.given &&
  next.given &&
  before.id === next.id &&
  before.store === next.store &&
  before.person.equals(next.person)

/** One purchase from the rows of one receipt: what was bought comes together, the rest stands in the first row. */
function joined(a: Sale, b: ImportedSale, rowNumber: number): Sale {
  const lines = new Map<string, Line>()
  for (const line of [...a.accepted.lines, ...b.accepted.lines]) {
    const quantity = (lines.get(line.drugId)?.quantity ?? 0) + line.quantity
    lines.set(line.drugId, { ...line, quantity })
  }
  const accepted: Accepted = {
    ...a.accepted,
    lines: [...lines.values()],
    classes: [...new Set([...a.accepted.classes, ...b.accepted.classes])].sort(),
    units: a.accepted.units + b.accepted.units,
  }
  return { ...a, accepted, rowNumbers: [...a.rowNumbers, rowNumber] }
}

/** Puts the rows of receipts together; a receipt that comes once more later in the chunk counts as there already. */
function salesOf(rows: readonly Numbered<ImportedSale>[]): { sales: Sale[]; again: number } {
  const sales: Sale[] = []
  const seen = new Set<string>()
  let again = 0
  for (const { rowNumber, value } of rows) {
    const last = sales.at(-1)
    if (last && joins(last, value)) sales[sales.length - 1] = joined(last, value, rowNumber)
    else if (seen.has(value.id)) again += 1
    else {
      seen.add(value.id)
      sales.push({ ...value, rowNumbers: [rowNumber] })
    }
  }
  return { sales, again }
}

const problemOf = ({ rowNumbers }: Sale, message: string, column?: string): RowProblem[] =>
  rowNumbers.map((rowNumber) => ({ rowNumber, message, ...(column && { column }) }))

const elsewhere = '这个登记编号已用于另一家药店的登记'

/** What the stop-sale orders say of each sale. */
function guarded(purchases: Purchases, sales: readonly Sale[]) {
  const kept: Sale[] = []
  const refused: { sale: Sale; refusal: NonNullable<ReturnType<Purchases['guards']['check']>> }[] = []
  for (const sale of sales) {
    const { store, accepted } = sale
    const refusal = purchases.guards.check({ store, lines: accepted.lines, soldAt: accepted.soldAt })
    if (refusal) refused.push({ sale, refusal })
    else kept.push(sale)
  }
  const problems = refused.flatMap(({ sale, refusal }) =>
    problemOf(sale, `${refusal.title}：${refusal.detail}`, 'drug'),
  )
  return { kept, refused, problems }
}

/** The row of a sale, sealed: the costly part, done while the chunk before is being written. */
function rowOf(kernel: Kernel, accountId: string | null, now: Date, sale: Sale): PurchaseRow {
  const { accepted, store } = sale
  const person = accepted.person!
  const personal: Personal = {
    ...person,
    documentNumber: accepted.documentNumber,
    ...(accepted.boughtFor && { boughtFor: accepted.boughtFor }),
    ...(accepted.history && { history: accepted.history }),
  }
  const keyMonth = keyMonthOf(accepted.day)
  return {
    id: sale.id,
    county: store.county,
    countyPath: countyPath(store.path, store.county),
    storeCode: store.code,
    areaCode: store.areaCode,
    path: store.path,
    soldAt: accepted.soldAt,
    day: accepted.day,
    receivedAt: now,
    documentType: accepted.documentType,
    personIndex: sale.person,
    mobileIndex: mobileIndex(kernel.vault, person.mobile),
    keyMonth,
    sealed: sealPersonal(kernel.vault, keyMonth, sale.id, personal),
    classes: accepted.classes,
    units: accepted.units,
    symptoms: accepted.symptoms,
    temperatureTenths: accepted.temperatureTenths,
    fever: accepted.fever,
    // Nobody was sent to a clinic when the file came in.
    clinicIds: [],
    proxy: accepted.proxy,
    offline: false,
    accountId,
    digest: sale.digest,
    lines: accepted.lines,
  }
}

/** Sales whose id is stored for another store, and how many rows are there already. */
async function settle(tx: Tx, sales: readonly Sale[], fresh: ReadonlySet<string>, again: number): Promise<Outcome> {
  const known = sales.filter((sale) => !fresh.has(sale.id))
  const stores = await findImported(
    tx,
    known.filter((sale) => sale.given).map((sale) => sale.id),
  )
  const foreign = known.filter((sale) => sale.given && stores.get(sale.id) !== sale.store.code)
  const rows = (list: readonly Sale[]) => list.reduce((sum, sale) => sum + sale.rowNumbers.length, 0)
  return {
    fresh: rows(sales) - rows(known),
    unchanged: rows(known) - rows(foreign) + again,
    problems: foreign.flatMap((sale) => problemOf(sale, elsewhere, 'id')),
  }
}

const plus = (outcome: Outcome, problems: readonly RowProblem[]): Outcome => ({
  ...outcome,
  problems: [...outcome.problems, ...problems],
})

function planOf(kernel: Kernel, purchases: Purchases, caller: Caller): ChunkPlan<ImportedSale> {
  const parse = saleParser(kernel, purchases, caller)
  return {
    chunkRows,
    parse,
    skip: (values) => void parse(values, 0),
    joins,
    weigh: async (rows) => {
      const { sales, again } = salesOf(rows)
      const { kept, problems } = guarded(purchases, sales)
      return withScope(kernel.db, systemScope, async (tx) => {
        const stored = await findImported(
          tx,
          kept.map((sale) => sale.id),
        )
        const fresh = new Set(kept.filter((sale) => !stored.has(sale.id)).map((sale) => sale.id))
        return plus(await settle(tx, kept, fresh, again), problems)
      })
    },
    prepare: async (rows) => {
      const now = kernel.clock.now()
      const { sales, again } = salesOf(rows)
      const { kept, refused, problems } = guarded(purchases, sales)
      const months = kept.map(({ id, accepted }) => ({ id, keyMonth: keyMonthOf(accepted.day) }))
      const shredded = await ensureMonths(kernel, months)
      const gone = shredded.size > 0 ? kept.filter(({ accepted }) => shredded.has(keyMonthOf(accepted.day))) : []
      const open = gone.length > 0 ? kept.filter((sale) => !gone.includes(sale)) : kept
      const all = [
        ...problems,
        ...gone.flatMap((sale) => problemOf(sale, '该月个人信息已按期限销毁，不能再登记', 'soldAt')),
      ]
      if (refused.length > 0)
        await saveRefusals(
          kernel,
          caller,
          now,
          refused.map(({ sale, refusal }) => ({
            id: sale.id,
            store: sale.store,
            person: {
              index: sale.person,
              documentType: sale.accepted.documentType,
              documentNumber: sale.accepted.documentNumber,
              ...(sale.accepted.person && { name: sale.accepted.person.name }),
            },
            day: sale.accepted.day,
            drugIds: sale.accepted.lines.map((line) => line.drugId),
            refusal,
          })),
        )
      const stored: PurchaseRow[] = []
      for (const sale of open) {
        stored.push(rowOf(kernel, caller.id, now, sale))
        if (stored.length % turnRows === 0) await turn()
      }
      stored.sort((a, b) => (a.id < b.id ? -1 : 1))
      const given = open.filter((sale) => sale.given).map((sale) => sale.id)
      return async (tx) => {
        const fresh = await insertImported(tx, stored, given)
        if (fresh.size > 0)
          await tellImported(
            tx,
            stored.map((row) => row.countyPath),
          )
        return plus(await settle(tx, open, fresh, again), all)
      }
    },
  }
}

/**
 * Sales from a file, by the rules of the counter and in the same tables and rollups. The id of a sale comes from its
 * content, so that the same rows, in this file or another, are there once.
 */
export const purchaseImport = (kernel: Kernel, purchases: Purchases): ImportKind<ImportedSale> => ({
  name: 'purchase',
  permission: 'purchase.register',
  columns: purchaseImportColumns,
  action: 'purchase.import',
  object: 'pharmacy.purchase',
  personal: personalColumns,
  open: async (caller) => planOf(kernel, purchases, caller),
})
