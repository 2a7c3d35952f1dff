import type { OpenSource } from './bytes.ts'
import { CsvScanner, OpenQuoteError } from './csv-scan.ts'
import { decodeText } from './encoding.ts'
import { unprotect } from './formula.ts'
import { matchCount } from './head.ts'
import { type ColumnSpec, type Grid, type GridRow, TableError, type TableLimits } from './types.ts'
import { tooManyColumns } from './xlsx-read.ts'

const delimiters = [',', '\t', ';'] as const

/** The delimiter under which the first lines name the most known columns; at a tie the one seen most often. */
export function detectDelimiter(sample: string, columns: readonly ColumnSpec[]): string {
  const declared = /^sep=(.)\r?\n/i.exec(sample)?.[1]
  if (declared) return declared
  const lines = sample.split(/\r\n|\r|\n/).slice(0, 10)
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of delimiters) {
    const score = lines.reduce((most, line) => {
      const cells = line.split(delimiter).map((cell) => cell.replace(/^\s*"|"\s*$/g, ''))
      return Math.max(most, matchCount(cells, columns) * 1000 + Math.min(cells.length - 1, 999))
    }, 0)
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

const sampleLength = 16_384

/**
 * A CSV file as rows, streamed; encoding and delimiter are found out. The protection against formulas is taken off.
 * Errors while reading: TableError 'bad-encoding', 'damaged' (a quote that never closes), 'too-many-columns', 'too-large'.
 */
export async function openCsv(source: OpenSource, columns: readonly ColumnSpec[], limits: TableLimits): Promise<Grid> {
  let read = 0
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of source.stream()) {
      read += chunk.length
      if (read > limits.maxUncompressedBytes) {
        throw new TableError('too-large', '文件过大，请拆成几个文件分别上传', { limit: limits.maxUncompressedBytes })
      }
      yield chunk
    }
  }
  const text = decodeText(counted())
  let sample = ''
  while (sample.length < sampleLength) {
    const next = await text.next()
    if (next.done) break
    sample += next.value
  }
  if (/^\s*<(!doctype|html|\?xml|table)/i.test(sample)) {
    const message = '文件是网页格式，不是表格。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传'
    throw new TableError('unsupported-format', message)
  }
  async function* whole(): AsyncGenerator<string> {
    yield sample
    yield* text
  }
  const delimiter = detectDelimiter(sample, columns)
  const name = 'CSV'
  return {
    name,
    rows: rowsOf(whole(), delimiter, limits),
    progress: () => (source.size ? read / source.size : undefined),
  }
}

async function* rowsOf(
  text: AsyncIterable<string>,
  delimiter: string,
  limits: TableLimits,
): AsyncGenerator<GridRow, void, undefined> {
  // Cells may pass their own limit, which is reported by row; this one stops a quote that swallows the file.
  const scanner = new CsvScanner(delimiter, Math.max(1_000_000, limits.maxCellLength * 8))
  let rowNumber = 0
  const rowOf = (record: string[]): GridRow => {
    rowNumber += 1
    while (record.length > 0 && record.at(-1)!.trim() === '') record.pop()
    if (record.length > limits.maxColumns) throw tooManyColumns(limits.maxColumns, rowNumber)
    return { rowNumber, cells: record.map(unprotect) }
  }
  try {
    let first = true
    for await (const piece of text) {
      const bare = first && piece.startsWith('\ufeff') ? piece.slice(1) : piece
      first = first && piece === ''
      for (const record of scanner.write(bare)) yield rowOf(record)
    }
    for (const record of scanner.write('', true)) yield rowOf(record)
  } catch (error) {
    if (!(error instanceof OpenQuoteError)) throw error
    const message = `第 ${error.record} 行的引号没有成对，请检查该行的英文双引号`
    throw new TableError('damaged', message, { rowNumber: error.record }, error)
  }
}
