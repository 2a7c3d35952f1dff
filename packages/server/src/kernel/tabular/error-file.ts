import { Readable } from 'node:stream'
import type { CellValue, Column } from './column.ts'
import { csvChunks } from './csv-write.ts'
import { normaliseHead } from './head.ts'
import type { RowProblem } from './types.ts'
import { xlsxChunks } from './xlsx-write.ts'

/** A row that was not taken: its cells in the order of the heads, and why. */
export type RejectedRow = { rowNumber: number; raw: string[]; problems: RowProblem[] }

const numberHead = '行号'
const reasonHead = '错误原因'

/**
 * A function that leaves out the columns which an earlier error file has added, so that they do not pile up when the
 * mended file is uploaded again. Columns of `known` (zero-based) stay even if they bear such a name.
 */
export function withoutErrorColumns(
  heads: readonly string[],
  known: ReadonlySet<number>,
): (cells: string[]) => string[] {
  const added = new Set([numberHead, reasonHead].map(normaliseHead))
  const dropped = new Set<number>()
  heads.forEach((head, at) => {
    if (!known.has(at) && added.has(normaliseHead(head))) dropped.add(at)
  })
  return (cells) => (dropped.size === 0 ? cells : cells.filter((_, at) => !dropped.has(at)))
}

/** The reasons of one row as one text: `列名：原因；…`. */
export function reasonText(problems: readonly RowProblem[]): string {
  return problems.map(({ column, message }) => (column === undefined ? message : `${column}：${message}`)).join('；')
}

export type ErrorFileOptions = {
  heads: readonly string[]
  rows: AsyncIterable<RejectedRow> | Iterable<RejectedRow>
  format: 'xlsx' | 'csv'
}

/**
 * The rejected rows as a file in the columns of the original (all as text, so that numbers keep their digits), with 行号
 * and 错误原因 at the end. Mended and uploaded again it is read like the original; the two extra columns are ignored.
 */
export function writeErrorFile({ heads, rows, format }: ErrorFileOptions): Readable {
  const columns: Column[] = heads.map((head) => ({ head, type: 'text' }))
  columns.push({ head: numberHead, type: 'integer', width: 8 }, { head: reasonHead, type: 'text', width: 60 })
  async function* cells(): AsyncGenerator<CellValue[]> {
    for await (const row of rows) {
      yield [...heads.map((_, at) => row.raw[at] ?? ''), row.rowNumber, reasonText(row.problems)]
    }
  }
  const chunks = format === 'xlsx' ? xlsxChunks(columns, cells(), { sheetName: '错误行' }) : csvChunks(columns, cells())
  return Readable.from(chunks, { objectMode: false })
}
