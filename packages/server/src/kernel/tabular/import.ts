import { type RejectedRow, withoutErrorColumns } from './error-file.ts'
import { openTable, type Table } from './read.ts'
import type { CellProblem, ReadOptions, RowProblem, TableRow, TableSource } from './types.ts'

/** What a caller makes of one row. `column` of an error is a key of the columns, or a head. */
export type Parsed<T> = { ok: T } | { errors: readonly CellProblem[] }

export type ImportProgress = { total: number; accepted: number; rejected: number; share: number | undefined }

export type ImportOptions<T> = ReadOptions & {
  source: TableSource
  parseRow: (values: Record<string, string>, rowNumber: number) => Parsed<T>
  /** Rows handed to `write` at once; 500 unless told. */
  chunkSize?: number
  /** Stores the good rows; rows named in the answer were not stored. An exception ends the import. */
  write: (chunk: { rowNumber: number; value: T }[]) => Promise<readonly RowProblem[]>
  onProgress?: (progress: ImportProgress) => void | Promise<void>
  /** Gets every rejected row as it is found, for files whose bad rows should not be held in memory. */
  onRejected?: (row: RejectedRow) => void | Promise<void>
  /** Rejected rows held for the answer; 100,000 unless told. Later ones are counted and go to `onRejected` only. */
  maxKept?: number
  signal?: AbortSignal
}

/** `heads` and `rejectedRows` are what `writeErrorFile` needs; `truncated` when more rows were bad than could be kept. */
export type ImportResult = {
  total: number
  accepted: number
  rejected: number
  problems: RowProblem[]
  heads: string[]
  rejectedRows: RejectedRow[]
  truncated: boolean
}

type Good<T> = { row: TableRow; value: T }

/**
 * Imports a table: good rows are written in chunks, every bad row is reported with its row number, column and reason.
 * Throws TableError when the file as a whole cannot be read, what `write` throws, and the reason of an aborted `signal`.
 */
export async function importTable<T>(options: ImportOptions<T>): Promise<ImportResult> {
  const table = await openTable(options.source, options)
  const project = withoutErrorColumns(table.heads, new Set(table.columnOf.values()))
  const result: ImportResult = {
    total: 0,
    accepted: 0,
    rejected: 0,
    problems: [],
    heads: project(table.heads),
    rejectedRows: [],
    truncated: false,
  }
  const reject = async (row: TableRow, problems: RowProblem[]): Promise<void> => {
    result.rejected += 1
    const rejected = { rowNumber: row.rowNumber, raw: project(row.raw), problems }
    await options.onRejected?.(rejected)
    if (result.rejectedRows.length < (options.maxKept ?? 100_000)) {
      result.rejectedRows.push(rejected)
      result.problems.push(...problems)
    } else result.truncated = true
  }
  const flush = async (chunk: Good<T>[]): Promise<void> => {
    if (chunk.length === 0) return
    const refused = groupByRow(
      await options.write(chunk.map(({ row, value }) => ({ rowNumber: row.rowNumber, value }))),
    )
    for (const { row } of chunk) {
      const problems = refused.get(row.rowNumber)
      if (problems)
        await reject(
          row,
          problems.flatMap((problem) => headed(row, problem, table, options)),
        )
      else result.accepted += 1
    }
  }
  const report = async (): Promise<void> => {
    const { total, accepted, rejected } = result
    await options.onProgress?.({ total, accepted, rejected, share: table.progress() })
  }
  const chunkSize = Math.max(1, options.chunkSize ?? 500)
  let chunk: Good<T>[] = []
  try {
    for await (const row of table.rows) {
      options.signal?.throwIfAborted()
      result.total += 1
      const problems = row.problems.map((problem) => ({ rowNumber: row.rowNumber, ...problem }))
      const parsed = problems.length > 0 ? undefined : options.parseRow(row.values, row.rowNumber)
      if (parsed && 'ok' in parsed) chunk.push({ row, value: parsed.ok })
      else await reject(row, parsed ? named(row, parsed.errors, table, options) : problems)
      if (chunk.length >= chunkSize) {
        await flush(chunk)
        chunk = []
      }
      if (result.total % chunkSize === 0) await report()
    }
    await flush(chunk)
    await report()
  } finally {
    await table.close()
  }
  result.problems.sort((a, b) => a.rowNumber - b.rowNumber)
  result.rejectedRows.sort((a, b) => a.rowNumber - b.rowNumber)
  return result
}

/** Names the column of an error as the person wrote it. */
function named(row: TableRow, errors: readonly CellProblem[], table: Table, options: ReadOptions): RowProblem[] {
  return errors.map(({ column, message }) => {
    const at = table.columnOf.get(column)
    const spec = options.columns.find(({ key }) => key === column)
    const head = at === undefined ? spec?.heads[0] : table.heads[at]
    return { rowNumber: row.rowNumber, column: head ?? column, message }
  })
}

/** The same for what `write` refused, which may belong to no column. */
function headed(row: TableRow, problem: RowProblem, table: Table, options: ReadOptions): RowProblem[] {
  const { column, message } = problem
  return column === undefined ? [problem] : named(row, [{ column, message }], table, options)
}

function groupByRow(problems: readonly RowProblem[]): Map<number, RowProblem[]> {
  const rows = new Map<number, RowProblem[]>()
  for (const problem of problems) rows.set(problem.rowNumber, [...(rows.get(problem.rowNumber) ?? []), problem])
  return rows
}
