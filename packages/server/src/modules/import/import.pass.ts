import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { type ChunkPlan, maxRows, type Numbered, type WholePlan } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import {
  type CellProblem,
  type ColumnSpec,
  openTable,
  type RowProblem,
  type Table,
  TableError,
  type TableRow,
} from '../../kernel/tabular/index.ts'
import type { Refused } from './import.domain.ts'
import type { Run } from './import.store.ts'

export type Plan = WholePlan<unknown> | ChunkPlan<unknown>
export const isChunked = (plan: Plan): plan is ChunkPlan<unknown> => 'chunkRows' in plan

/** A part of a file: its good rows, its bad ones, and how far it reaches. */
export interface Part {
  readonly rows: readonly Numbered<unknown>[]
  readonly refused: readonly Refused[]
  /** Data rows from the beginning of the file to the end of this part, and the share of the file that they are. */
  readonly position: number
  readonly share: number
  /** Names the columns of problems as the file does. */
  readonly refusedOf: (problems: readonly RowProblem[]) => Refused[]
}

const wholeRows = 1_000
/** Rows after which the event loop has a turn: what the database answers meanwhile must not wait for a whole part. */
const turnRows = 32

/** The uploaded file as a stream that counts its bytes. */
async function sourceOf(kernel: Kernel, run: Run): Promise<{ stream: Readable; read: () => number }> {
  if (!run.fileId) throw new TableError('empty-file', '上传的文件已过期删除，请重新上传')
  const file = await kernel.files.open(run.fileId)
  let read = 0
  async function* counted() {
    for await (const piece of file.stream) {
      read += piece.length
      yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    }
  }
  return { stream: Readable.from(counted(), { objectMode: true, highWaterMark: 4 }), read: () => read }
}

/** Opens the table of a run, by the columns that were put by hand or those of its heads. @throws TableError */
export async function openRun(kernel: Kernel, run: Run, columns: readonly ColumnSpec[], whole: boolean) {
  const { stream, read } = await sourceOf(kernel, run)
  const { assigned } = run
  const table = await openTable(stream, {
    filename: run.filename,
    columns,
    ...(whole && { limits: { maxRows } }),
    ...(assigned && { assigned, ...(/\.xls[xm]$/i.test(run.filename) && { sheet: assigned.sheet }) }),
  })
  return { table, share: () => Math.min(1, table.progress() ?? (run.bytes > 0 ? read() / run.bytes : 1)) }
}

/** Names the column of a problem as the person wrote it. */
function headOf(table: Table, columns: readonly ColumnSpec[], key: string): string {
  const at = table.columnOf.get(key)
  return (at === undefined ? columns.find((column) => column.key === key)?.heads[0] : table.heads[at]) ?? key
}

/**
 * Reads a run's file in parts, beginning behind the rows that earlier attempts have dealt with.
 * @throws TableError when the file cannot be read (to its end)
 */
export async function* partsOf(
  kernel: Kernel,
  run: Run,
  columns: readonly ColumnSpec[],
  plan: Plan,
  after: number,
): AsyncGenerator<Part, void, undefined> {
  const chunked = isChunked(plan)
  const size = chunked ? plan.chunkRows : wholeRows
  const { table, share } = await openRun(kernel, run, columns, !chunked)
  const named = (problems: readonly CellProblem[]) =>
    problems.map(({ column, message }) => ({ column: headOf(table, columns, column), message }))
  const refusedOf = (problems: readonly RowProblem[]): Refused[] => {
    const byRow = new Map<number, { column?: string; message: string }[]>()
    for (const { rowNumber, column, message } of problems) {
      const list = byRow.get(rowNumber) ?? []
      list.push(column === undefined ? { message } : { column: headOf(table, columns, column), message })
      byRow.set(rowNumber, list)
    }
    return [...byRow].map(([row, list]) => ({ row, problems: list }))
  }
  let rows: Numbered<unknown>[] = []
  let refused: Refused[] = []
  let position = 0
  let begun = after
  const part = (): Part => {
    const done = { rows, refused, position, share: share(), refusedOf }
    rows = []
    refused = []
    begun = position
    return done
  }
  const take = (row: TableRow): Numbered<unknown> | undefined => {
    const parsed = row.problems.length > 0 ? undefined : plan.parse(row.values, row.rowNumber)
    if (parsed && 'ok' in parsed) return { rowNumber: row.rowNumber, value: parsed.ok }
    refused.push({ row: row.rowNumber, problems: parsed ? named(parsed.errors) : row.problems })
    return undefined
  }
  let read = 0
  for await (const row of table.rows) {
    read += 1
    if (read % turnRows === 0) await turn()
    if (position < after) {
      position += 1
      if (chunked) plan.skip(row.values)
      continue
    }
    const before = refused.length
    const good = take(row)
    const last = rows.at(-1)
    const joined = chunked && good && last && plan.joins(last.value, good.value)
    if (position - begun >= size && !joined) {
      // The row that does not belong to the full part any more begins the next one.
      const next = refused.splice(before)
      yield part()
      refused = next
    }
    position += 1
    if (good) rows.push(good)
  }
  if (position > begun || rows.length > 0 || refused.length > 0) yield part()
}
