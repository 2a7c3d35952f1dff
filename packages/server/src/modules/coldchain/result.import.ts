import type { Caller } from '../../kernel/access/caller.ts'
import { readScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import { Cells, type ChunkPlan, type ImportKind, type Numbered, type Outcome } from '../../kernel/import/index.ts'
import type { ColumnSpec, Parsed, RowProblem } from '../../kernel/tabular/index.ts'
import type { Parts } from './coldchain.parts.ts'
import type { SampleRow } from './coldchain.table.ts'
import { type NewResult, putResult } from './inspect.service.ts'

const chunkRows = 100

const columns: readonly ColumnSpec[] = [
  { key: 'code', heads: ['样品编号', '样本编号', '管号', 'code'] },
  { key: 'result', heads: ['检测结果', '结果', 'result'] },
  { key: 'lab', heads: ['检测机构', '机构', 'lab'] },
  { key: 'reportNo', heads: ['报告编号', '报告号', 'report'] },
]

const results: ReadonlyMap<string, NewResult['result']> = new Map([
  ['阴性', 'negative'],
  ['阴性(-)', 'negative'],
  ['未检出', 'negative'],
  ['negative', 'negative'],
  ['阳性', 'positive'],
  ['阳性(+)', 'positive'],
  ['检出', 'positive'],
  ['positive', 'positive'],
])

type Line = NewResult & { readonly code: string }

function parse(values: Record<string, string>): Parsed<Line> {
  const cells = new Cells(values)
  const code = cells.text('code', 40)
  if (code === '') cells.problem('code', '请填写样品编号')
  const result = cells.choice('result', results, '检测结果')
  const lab = cells.text('lab', 100)
  if (lab === '') cells.problem('lab', '请填写检测机构')
  const reportNo = cells.text('reportNo', 60)
  if (cells.problems.length > 0 || result === undefined) return { errors: cells.problems }
  return { ok: { code, result, lab, reportNo } }
}

/** Which rows are new, which say what is known, and which contradict it or name no sample of the scope. */
async function judge(tx: Tx, rows: readonly Numbered<Line>[]) {
  const known = await tx
    .selectFrom('coldchain.sample')
    .selectAll()
    .where('code', 'in', ['', ...rows.map(({ value }) => value.code)])
    .execute()
  const byCode = new Map(known.map((sample) => [sample.code, sample]))
  const ready = new Map<string, { sample: SampleRow; value: Line }>()
  const problems: RowProblem[] = []
  let unchanged = 0
  for (const { rowNumber, value } of rows) {
    const sample = byCode.get(value.code)
    const before = ready.get(value.code)?.value.result ?? sample?.result
    if (!sample) problems.push({ rowNumber, column: 'code', message: '没有登记过这个编号的采样' })
    else if (before === 'pending') ready.set(value.code, { sample, value })
    else if (before === value.result) unchanged++
    else problems.push({ rowNumber, column: 'result', message: '与已登记的结果不一致，请核对后由人工处理' })
  }
  return { ready: [...ready.values()], unchanged, problems }
}

/** Results of samples as laboratories send them; a result that is there is never overwritten. */
export const coldResultImport = (parts: Parts): ImportKind<Line> => ({
  name: 'coldchain-result',
  permission: 'coldchain.inspect',
  columns,
  action: 'coldchain.import-results',
  object: 'coldchain.sample',
  open: async (caller: Caller, scope: Scope): Promise<ChunkPlan<Line>> => ({
    chunkRows,
    parse,
    skip: () => undefined,
    joins: () => false,
    weigh: (rows) =>
      readScope(parts.kernel.db, scope, async (tx): Promise<Outcome> => {
        const { ready, unchanged, problems } = await judge(tx, rows)
        return { fresh: ready.length, unchanged, problems }
      }),
    prepare: async (rows) => async (tx) => {
      const { ready, unchanged, problems } = await judge(tx, rows)
      for (const { sample, value } of ready) await putResult(parts, tx, caller, sample, value)
      return { fresh: ready.length, unchanged, problems }
    },
  }),
})
