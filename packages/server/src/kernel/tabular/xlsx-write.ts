import { Duplex } from 'node:stream'
import { writeXlsxStream } from 'hucre/xlsx'
import { type CellValue, type Column, outCell } from './column.ts'

export type XlsxOptions = {
  sheetName: string
  /** A line above the head. */
  title?: string
  /** Rows of one sheet, head included; further rows go to `名称_2` and so on. Excel's own limit unless lower. */
  maxSheetRows?: number
}

const excelRows = 1_048_576
const excelCellLength = 32_767
const formats = { text: '@', integer: '0', decimal: 'General', datetime: 'yyyy-mm-dd hh:mm:ss', day: 'yyyy-mm-dd' }
const widths = { text: 20, integer: 12, decimal: 12, datetime: 20, day: 12 }

/** A name that Excel accepts for a sheet: 31 characters, none of []:*?/\ and no apostrophe at either end. */
export function sheetNameOf(name: string): string {
  const allowed = name.replace(/[[\]:*?/\\\p{Cc}]/gu, ' ').replace(/^['\s]+/, '')
  const cut = allowed
    .slice(0, 31)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/['\s]+$/, '')
  return cut === '' || cut.toLowerCase() === 'history' ? '数据' : cut
}

// The writer escapes control characters as _xHHHH_ (ST_Xstring) but leaves text that looks like such an escape alone.
const likeEscape = /_(?=x[0-9a-f]{4}[_\p{Cc}])/giu

function xlsxText(text: string): string {
  const short = text.length > excelCellLength ? `${text.slice(0, excelCellLength - 1)}…` : text
  return short.includes('_x') ? short.replace(likeEscape, '_x005F_') : short
}

type SheetRow = (string | number | Date | null)[]

async function* sheetRows(
  columns: readonly Column[],
  rows: AsyncIterable<readonly CellValue[]> | Iterable<readonly CellValue[]>,
  options: XlsxOptions,
  maxRows: number,
): AsyncGenerator<SheetRow> {
  const heads = columns.map((column) => xlsxText(column.head))
  // A first line that the library sees is repeated by it on further sheets; the head below a title is repeated here.
  const titled = options.title !== undefined
  let inSheet = 0
  if (titled) yield [xlsxText(options.title ?? '')]
  yield heads
  inSheet = titled ? 2 : 1
  for await (const row of rows) {
    if (inSheet >= maxRows) {
      if (titled) yield heads
      inSheet = titled ? 2 : 1
    }
    inSheet += 1
    yield columns.map((column, at) => {
      const cell = outCell(column, row[at])
      if (cell.kind === 'text') return cell.text === '' ? null : xlsxText(cell.text)
      return cell.value
    })
  }
}

/**
 * An XLSX file in pieces, made as it is asked for, in memory that does not grow with the rows: head frozen, text columns
 * in text format, numbers and dates as such (dates as wall-clock time of Asia/Shanghai).
 */
export async function* xlsxChunks(
  columns: readonly Column[],
  rows: AsyncIterable<readonly CellValue[]> | Iterable<readonly CellValue[]>,
  options: XlsxOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const headRows = options.title === undefined ? 1 : 2
  const maxRows = Math.min(excelRows, Math.max(headRows + 1, options.maxSheetRows ?? excelRows))
  const stream = writeXlsxStream(sheetRows(columns, rows, options, maxRows), {
    name: sheetNameOf(options.sheetName),
    columns: columns.map((column) => ({ width: column.width ?? widths[column.type], numFmt: formats[column.type] })),
    freezePane: { rows: headRows },
    maxRowsPerSheet: maxRows,
  })
  yield* stream
}

/** A stream that takes rows (arrays in the order of `columns`) and gives the bytes of an XLSX file; see `xlsxChunks`. */
export function xlsxWriter(columns: readonly Column[], options: XlsxOptions): Duplex {
  return Duplex.from((rows: AsyncIterable<readonly CellValue[]>) => xlsxChunks(columns, rows, options))
}
