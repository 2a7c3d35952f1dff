import { checkCitizenId, dayOf, toHalfWidth, uuidv7 } from '@vigil/codes'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import { Cells, type ChunkPlan, type ImportKind, type Numbered } from '../../kernel/import/index.ts'
import type { ColumnSpec, Parsed } from '../../kernel/tabular/index.ts'
import type { Vault } from '../../kernel/vault/index.ts'
import {
  type Drug,
  drugFinder,
  ensureMonths,
  keyMonthOf,
  Occurrences,
  parseTime,
  personIndex,
  type Store,
  storeFinder,
} from '../pharmacy/index.ts'
import { updateMatches } from './line.match.ts'
import { matchDay } from './stopsale.domain.ts'
import type { Parts } from './stopsale.parts.ts'

const chunkRows = 1000
const mostPacks = 999

const columns: readonly ColumnSpec[] = [
  { key: 'storeCode', heads: ['药店编码', '定点药店编码', '机构编码', '门店编码', 'store'] },
  { key: 'storeName', heads: ['药店名称', '定点药店名称', '机构名称', '门店名称'] },
  { key: 'drug', heads: ['药品名称', '项目名称', '通用名', '商品名称', 'drug'], required: true },
  { key: 'strength', heads: ['规格', '药品规格'] },
  { key: 'form', heads: ['剂型'] },
  { key: 'approvalNo', heads: ['批准文号', '国药准字'] },
  { key: 'ean13', heads: ['商品条码', '条码'] },
  { key: 'day', heads: ['结算日期', '费用日期', '销售日期', '结算时间', '日期', 'day'], required: true },
  { key: 'quantity', heads: ['数量', '销售数量', 'quantity'], required: true },
  { key: 'serial', heads: ['结算流水号', '流水号', '单据号', '明细序号', 'serial'] },
  { key: 'name', heads: ['姓名', '参保人', '参保人姓名'] },
  { key: 'documentNumber', heads: ['身份证号', '证件号码', '身份证号码'] },
]

/** A line of the file that names a store and a drug of ours. */
interface Line {
  readonly digest: Buffer
  readonly store: Store
  readonly drug: Drug
  readonly day: string
  readonly quantity: number
  readonly serial: string | null
  readonly name: string
  readonly documentNumber: string | null
}

const aad = (id: string) => `stopsale.line:${id}`

/** The person of a line in clear. @throws VaultError when the month is shredded or the data was tampered with */
export const openPerson = (vault: Vault, row: { id: string; keyMonth: string; sealed: Buffer }) =>
  JSON.parse(vault.unseal(row.keyMonth, row.sealed, aad(row.id))) as { name: string; documentNumber: string | null }

function parser(
  { kernel, reference }: Parts,
  caller: Caller,
): (values: Record<string, string>, rowNumber: number) => Parsed<Line> {
  const findStore = storeFinder(reference, caller, 'stopsale.manage')
  const findDrug = drugFinder(reference)
  const seen = new Occurrences()
  return (values) => {
    const cells = new Cells(values)
    const store = findStore(values.storeCode ?? '', values.storeName ?? '')
    if ('problem' in store) cells.problem(store.column, store.problem)
    const [name, form, strength, ean13, approvalNo] = ['drug', 'form', 'strength', 'ean13', 'approvalNo'].map((key) =>
      cells.text(key, 200),
    ) as [string, string, string, string, string]
    const drug = findDrug({ name, form, strength, ean13, approvalNo, trace: '' })
    if ('problem' in drug) cells.problem(drug.column, drug.problem)
    const at = parseTime(values.day ?? '')
    if (at === undefined) cells.problem('day', '日期无法识别，请填写为 2022-03-14 或 20220314')
    else if (at > kernel.clock.now().getTime() + 86_400_000) cells.problem('day', '日期晚于今天')
    const quantity = Number(toHalfWidth(values.quantity ?? '').replace(/[盒瓶支袋板片粒包罐贴件个]$/, ''))
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > mostPacks)
      cells.problem('quantity', `数量应为 1 至 ${mostPacks} 的整数`)
    const documentNumber = cells.checked('documentNumber', (text) => {
      const checked = checkCitizenId(text)
      return checked.ok ? { ok: true as const, value: checked.value.number } : checked
    })
    const person = cells.text('name', 60)
    const serial = cells.text('serial', 60) || null
    if (cells.problems.length > 0 || 'problem' in store || 'problem' in drug || at === undefined)
      return { errors: cells.problems }
    const day = dayOf(new Date(at))
    const said = [store.ok.code, drug.ok.id, day, quantity, serial, documentNumber, person]
    const nth = seen.next(kernel.vault.index('digest', JSON.stringify(said)))
    return {
      ok: {
        digest: kernel.vault.index('digest', JSON.stringify(['reimbursement', ...said, nth])),
        store: store.ok,
        drug: drug.ok,
        day,
        quantity,
        serial,
        name: person,
        documentNumber,
      },
    }
  }
}

const knownOf = async (tx: Tx, rows: readonly Numbered<Line>[]): Promise<Set<string>> => {
  if (rows.length === 0) return new Set()
  const found = await tx
    .selectFrom('stopsale.line')
    .select('digest')
    .where(
      'digest',
      'in',
      rows.map(({ value }) => value.digest),
    )
    .execute()
  return new Set(found.map(({ digest }) => digest.toString('hex')))
}

function rowOf({ kernel, book }: Parts, caller: Caller, shredded: ReadonlySet<string>, { value }: Numbered<Line>) {
  const { store, drug, day, quantity, serial, digest, name, documentNumber } = value
  const id = uuidv7()
  const keyMonth = keyMonthOf(day)
  const told = (name !== '' || documentNumber !== null) && !shredded.has(keyMonth)
  const { match, orderId } = matchDay(book.rulesOf(drug), store.path, drug, day)
  return {
    id,
    digest,
    storeCode: store.code,
    county: store.county,
    areaCode: store.areaCode,
    path: store.path,
    drugId: drug.id,
    day,
    quantity,
    serial,
    personIndex: told && documentNumber ? personIndex(kernel.vault, 'citizen-id', documentNumber) : null,
    keyMonth: told ? keyMonth : null,
    sealed: told ? kernel.vault.seal(keyMonth, JSON.stringify({ name, documentNumber }), aad(id)) : null,
    match,
    orderId,
    importedAt: kernel.clock.now(),
    importedBy: caller.name,
  }
}

/** Writes lines; one that is there takes over what the orders say of its day now. @returns how many are new */
async function writeLines(tx: Tx, rows: readonly ReturnType<typeof rowOf>[]): Promise<number> {
  if (rows.length === 0) return 0
  const made = await tx
    .insertInto('stopsale.line')
    .values([...rows])
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .returning('digest')
    .execute()
  const fresh = new Set(made.map(({ digest }) => digest.toString('hex')))
  const known = rows.filter(({ digest }) => !fresh.has(digest.toString('hex')))
  await updateMatches(
    tx,
    known.map(({ digest: key, match, orderId }) => ({ key, match, orderId })),
  )
  return made.length
}

function planOf(parts: Parts, caller: Caller): ChunkPlan<Line> {
  const { kernel } = parts
  const parse = parser(parts, caller)
  return {
    chunkRows,
    parse,
    skip: (values) => void parse(values, 0),
    joins: () => false,
    weigh: (rows) =>
      withScope(kernel.db, systemScope, async (tx) => {
        const known = await knownOf(tx, rows)
        const fresh = rows.filter(({ value }) => !known.has(value.digest.toString('hex'))).length
        return { fresh, unchanged: rows.length - fresh, problems: [] }
      }),
    prepare: async (rows) => {
      const shredded = await ensureMonths(
        kernel,
        rows.map(({ value }) => ({ keyMonth: keyMonthOf(value.day), id: uuidv7() })),
      )
      const made = rows.map((row) => rowOf(parts, caller, shredded, row))
      return async (tx) => {
        const fresh = await writeLines(tx, made)
        return { fresh, unchanged: rows.length - fresh, problems: [] }
      }
    },
  }
}

/**
 * Reimbursement lines of the medical insurance. The same row, in this file or another, is there once; each is held against
 * the orders that bound its store and drug on its day. Rows whose store or drug is not known come back with the reason.
 */
export const lineImport = (parts: Parts): ImportKind<Line> => ({
  name: 'reimbursement',
  permission: 'stopsale.manage',
  columns,
  action: 'reimbursement.import',
  object: 'stopsale.line',
  personal: ['name', 'documentNumber'],
  open: async (caller) => planOf(parts, caller),
})

/** As a month is shredded (`vault.onShred`): its persons can no longer be joined. @returns rows emptied */
export async function forgetLines(tx: Tx, month: string): Promise<number> {
  const emptied = await tx
    .updateTable('stopsale.line')
    .set({ personIndex: null })
    .where('keyMonth', '=', month)
    .where('personIndex', 'is not', null)
    .executeTakeFirst()
  return Number(emptied.numUpdatedRows)
}
