import { Duplex } from 'node:stream'
import iconv from 'iconv-lite'
import { type Batches, inBatches } from './batch.ts'
import { type CellValue, type Column, outCell } from './column.ts'
import { protect } from './formula.ts'

export type CsvOptions = {
  /** UTF-8 with byte order mark unless an old system asks for GB 18030, which has none. */
  encoding?: 'utf-8' | 'gb18030'
}

const chunkLength = 32_768

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

// All that `protect` or `quoted` could change, and some that they leave: most texts are looked at once only.
const suspicious = /[",\r\n]|^['=+\-@\s＝＋－＠]|\s$/

/** A text as it stands between commas. */
const safe = (text: string): string => (suspicious.test(text) ? quoted(protect(text)) : text)

function csvLine(columns: readonly Column[], row: readonly CellValue[]): string {
  let line = ''
  for (let at = 0; at < columns.length; at++) {
    if (at > 0) line += ','
    const column = columns[at]!
    const value = row[at]
    if (typeof value === 'string' && column.type === 'text') {
      if (value !== '') line += safe(value)
      continue
    }
    const cell = outCell(column, value)
    if (cell.text !== '') line += cell.kind === 'text' ? safe(cell.text) : quoted(cell.text)
  }
  return `${line}\r\n`
}

/**
 * A CSV file in pieces (RFC 4180: CRLF, quotes doubled), made as it is asked for. Text that could be taken for a formula
 * gets a leading apostrophe (OWASP, CSV Injection); numbers of number columns stay numbers.
 */
export async function* csvBatches(
  columns: readonly Column[],
  batches: Batches,
  options: CsvOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  const gb = options.encoding === 'gb18030'
  const encode = (text: string): Buffer => (gb ? iconv.encode(text, 'gb18030') : Buffer.from(text, 'utf8'))
  let pending = gb ? '' : '\ufeff'
  pending += `${columns.map((column) => quoted(protect(column.head))).join(',')}\r\n`
  for await (const batch of batches)
    for (const row of batch) {
      pending += csvLine(columns, row)
      if (pending.length < chunkLength) continue
      yield encode(pending)
      pending = ''
    }
  if (pending !== '') yield encode(pending)
}

/** The same from single rows. */
export function csvChunks(
  columns: readonly Column[],
  rows: AsyncIterable<readonly CellValue[]> | Iterable<readonly CellValue[]>,
  options: CsvOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  return csvBatches(columns, inBatches(rows), options)
}

/** A stream that takes rows (arrays in the order of `columns`) and gives the bytes of a CSV file; see `csvChunks`. */
export function csvWriter(columns: readonly Column[], options: CsvOptions = {}): Duplex {
  return Duplex.from((rows: AsyncIterable<readonly CellValue[]>) => csvChunks(columns, rows, options))
}
