import { addDays, checkDocument, type DocumentType, dayOf } from '@vigil/codes'
import { documentTypeNames } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { type Scope, type Tx, withScope } from '../../kernel/db/index.ts'
import { Cells, type ChunkPlan, type ImportKind, type Numbered, type Outcome } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { ColumnSpec, Parsed, RowProblem } from '../../kernel/tabular/index.ts'
import { personIndex } from '../pharmacy/index.ts'
import { longestCycle } from './staff.domain.ts'
import { parseDay } from './staff.import.ts'
import { type By, putOutcome, putTest } from './staff.store.ts'
import type { ResultTable } from './staff.table.ts'

const chunkRows = 200

const columns: readonly ColumnSpec[] = [
  { key: 'documentNumber', heads: ['证件号码', '身份证号', '身份证号码', '身份证', 'id'] },
  { key: 'documentType', heads: ['证件类型', 'documentType'] },
  { key: 'code', heads: ['试管编号', '管号', '条码号', '样本编号', '报告编号', 'code'] },
  { key: 'sampledAt', heads: ['采样时间', '采样日期', '检测时间', '检测日期', 'sampled'] },
  { key: 'outcome', heads: ['检测结果', '结果', 'outcome'] },
  { key: 'lab', heads: ['检测机构', '采样点', '机构', 'lab'] },
]

const outcomes: ReadonlyMap<string, ResultTable['outcome']> = new Map([
  ['', 'pending'],
  ['待出结果', 'pending'],
  ['阴性', 'negative'],
  ['阴性(-)', 'negative'],
  ['negative', 'negative'],
  ['未检出', 'negative'],
  ['阳性', 'positive'],
  ['阳性(+)', 'positive'],
  ['positive', 'positive'],
])

interface Line {
  /** Null: known by the code alone. */
  readonly person: Buffer | null
  readonly code: string | null
  readonly sampledAt: Date | null
  readonly outcome: ResultTable['outcome']
  readonly lab: string
}

/** Time of a cell in Asia/Shanghai; noon for a day alone, when most samples are taken. */
function parseTime(text: string): Date | undefined {
  const day = parseDay(text)
  if (day === undefined) return undefined
  const time = /[ T](\d{1,2}):(\d{2})/.exec(text)
  const at = new Date(`${day}T${time ? `${time[1]!.padStart(2, '0')}:${time[2]}` : '12:00'}:00+08:00`)
  return Number.isNaN(at.getTime()) ? undefined : at
}

function readPerson(cells: Cells, kernel: Kernel, values: Readonly<Record<string, string>>): Buffer | null {
  const number = cells.text('documentNumber', 30)
  if (number === '') return null
  if (number.includes('*')) {
    cells.problem('documentNumber', '证件号码已脱敏，不能用来对应人员')
    return null
  }
  const name = values.documentType?.trim() ?? ''
  const type = Object.entries(documentTypeNames).find(([, known]) => known === name)?.[0] ?? 'citizen-id'
  const checked = checkDocument(type as DocumentType, number)
  if (!checked.ok) cells.problem('documentNumber', checked.message)
  return checked.ok ? personIndex(kernel.vault, type, checked.value.number) : null
}

const parser =
  (kernel: Kernel) =>
  (values: Record<string, string>): Parsed<Line> => {
    const cells = new Cells(values)
    const person = readPerson(cells, kernel, values)
    const code = cells.text('code', 40).toUpperCase() || null
    if (code !== null && !/^[0-9A-Z-]{4,40}$/.test(code)) cells.problem('code', '编号为 4 至 40 位字母、数字或连字符')
    if (!person && code === null && cells.problems.length === 0)
      cells.problem('documentNumber', '请填写证件号码，或已登记采样的试管、报告编号')
    const outcome = values.outcome?.trim() ? cells.choice('outcome', outcomes, '检测结果') : 'pending'
    const time = cells.text('sampledAt', 40)
    const sampledAt = time === '' ? null : (parseTime(time) ?? null)
    const now = kernel.clock.now()
    if (time !== '' && !sampledAt) cells.problem('sampledAt', '时间无法识别，请填写为 2022-03-14 10:30')
    if (person && time === '') cells.problem('sampledAt', '请填写采样时间')
    if (sampledAt && dayOf(sampledAt) > dayOf(now)) cells.problem('sampledAt', '采样时间不能晚于今天')
    if (sampledAt && dayOf(sampledAt) < addDays(dayOf(now), -longestCycle))
      cells.problem('sampledAt', `采样时间不能早于 ${longestCycle} 天前`)
    const lab = cells.text('lab', 100)
    if (cells.problems.length > 0 || outcome === undefined) return { errors: cells.problems }
    return { ok: { person, code, sampledAt, outcome, lab } }
  }

/** Whether a person is on a roster of the scope on a day. */
async function isManaged(tx: Tx, person: Buffer, sampledAt: Date): Promise<boolean> {
  const row = await tx
    .selectFrom('staff.member')
    .select('id')
    .where('personIndex', '=', person)
    .where('voidAt', 'is', null)
    .where((where) => where.or([where('leftOn', 'is', null), where('leftOn', '>', dayOf(sampledAt))]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

const isKnownCode = async (tx: Tx, code: string): Promise<boolean> =>
  (await tx
    .selectFrom('staff.result')
    .select('id')
    .where('code', '=', code)
    .where('voidAt', 'is', null)
    .limit(1)
    .executeTakeFirst()) !== undefined

/** Keeps the tests of a chunk, or tells what keeping would do; people are found by keyed index, never by name. */
async function settle(tx: Tx, rows: readonly Numbered<Line>[], by: By): Promise<Outcome> {
  const problems: RowProblem[] = []
  let fresh = 0
  let unchanged = 0
  for (const { rowNumber, value } of rows) {
    const { person, code, sampledAt, outcome, lab } = value
    if (person && sampledAt) {
      if (!(await isManaged(tx, person, sampledAt))) {
        problems.push({ rowNumber, column: 'documentNumber', message: '名册中没有这个人，请先登记人员' })
        continue
      }
      if (await putTest(tx, person, { sampledAt, outcome, code, lab, source: 'import' }, by)) fresh++
      else unchanged++
    } else if (code !== null && (await isKnownCode(tx, code))) {
      if ((await putOutcome(tx, code, outcome, by)).changed > 0) fresh++
      else unchanged++
    } else problems.push({ rowNumber, column: 'code', message: '没有登记过这个编号的采样' })
  }
  return { fresh, unchanged, problems }
}

/** A dry run ends like a failure: everything that it wrote is rolled back. */
class DryRun extends Error {
  readonly outcome: Outcome
  constructor(outcome: Outcome) {
    super('dry run')
    this.outcome = outcome
  }
}

/** Results as laboratories and sampling points send them. */
export const staffResultImport = (kernel: Kernel): ImportKind<Line> => ({
  name: 'staff-result',
  permission: 'staff.manage',
  columns,
  action: 'staff.import-results',
  object: 'staff.result',
  personal: ['documentNumber'],
  open: async (caller: Caller, scope: Scope): Promise<ChunkPlan<Line>> => {
    const parse = parser(kernel)
    const by = (): By => ({ at: kernel.clock.now(), name: caller.name })
    return {
      chunkRows,
      parse,
      skip: () => undefined,
      joins: () => false,
      weigh: async (rows) => {
        try {
          return await withScope(kernel.db, scope, async (tx) => {
            throw new DryRun(await settle(tx, rows, by()))
          })
        } catch (error) {
          if (error instanceof DryRun) return error.outcome
          throw error
        }
      },
      prepare: async (rows) => (tx) => settle(tx, rows, by()),
    }
  },
})
