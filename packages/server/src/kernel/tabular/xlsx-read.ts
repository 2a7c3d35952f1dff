import type { Bytes } from './bytes.ts'
import { type CellText, kindOfFormat, type NumberKind, numberText } from './cell.ts'
import { type Grid, type GridRow, TableError, type TableLimits } from './types.ts'
import { decodeEscapes, readStrings, readWorkbook, type SheetPart } from './workbook.ts'
import { attribute, XmlScanner } from './xml.ts'
import { readDirectory, readEntry } from './zip.ts'

type Context = { strings: string[]; kinds: NumberKind[]; date1904: boolean; limits: TableLimits }

/** Zero-based column of a cell address such as 'AB12'; `fallback` when the address is missing or odd. */
export function columnOf(address: string | undefined, fallback: number): number {
  if (address === undefined) return fallback
  let column = 0
  for (let at = 0; at < address.length; at++) {
    const code = address.charCodeAt(at) & ~32
    if (code < 65 || code > 90) break
    column = column * 26 + code - 64
  }
  return column === 0 ? fallback : column - 1
}

// No spreadsheet holds more (Excel specifications and limits); blank rows without end would only burn time.
const sheetRows = 1_048_576
const general: NumberKind = { kind: 'number' }

/** Builds rows from the XML of a worksheet (ECMA-376 part 1, 18.3.1); finished rows gather in `ready`. */
class SheetHandler {
  ready: GridRow[] = []
  readonly #context: Context
  #row: GridRow | undefined
  #rowNumber = 0
  #rows = 0
  #column = -1
  #type = ''
  #style = 0
  #text = ''
  #collect = false
  #formula = false
  #phonetic = false
  #inCell = false

  constructor(context: Context) {
    this.#context = context
  }

  open = (name: string, attributes: string): void => {
    if (name === 'c') {
      if (!this.#row) return
      this.#inCell = true
      this.#column = columnOf(attribute(attributes, 'r'), this.#column + 1)
      this.#type = attribute(attributes, 't') ?? 'n'
      this.#style = Number(attribute(attributes, 's') ?? 0)
      this.#text = ''
      this.#formula = false
    } else if (name === 'v' || name === 't') this.#collect = this.#inCell && !this.#phonetic
    else if (name === 'f') this.#formula = true
    else if (name === 'rPh') this.#phonetic = true
    else if (name === 'row') {
      this.#rows += 1
      if (this.#rows > sheetRows)
        throw new TableError('too-many-rows', `工作表超过 ${sheetRows} 行`, { maxRows: sheetRows })
      const number = Number(attribute(attributes, 'r') ?? this.#rowNumber + 1)
      this.#rowNumber = Number.isInteger(number) && number > 0 ? number : this.#rowNumber + 1
      this.#row = { rowNumber: this.#rowNumber, cells: [] }
      this.#column = -1
    }
  }

  close = (name: string): void => {
    if (name === 'v' || name === 't') this.#collect = false
    else if (name === 'rPh') this.#phonetic = false
    else if (name === 'c') {
      if (this.#inCell) this.#store(this.#cell())
      this.#inCell = false
    } else if (name === 'row' && this.#row) {
      this.ready.push(this.#row)
      this.#row = undefined
    }
  }

  text = (piece: string): void => {
    if (this.#collect && this.#text.length <= this.#context.limits.maxCellLength) this.#text += piece
  }

  #cell(): CellText {
    const { strings, kinds, date1904 } = this.#context
    const text = this.#text
    if (text === '' && this.#formula && this.#type !== 'str') {
      return { text, problem: '公式没有计算结果，请用 Excel 或 WPS 打开并保存后再上传' }
    }
    if (this.#type === 's') return { text: strings[Number(text)] ?? '' }
    if (this.#type === 'n') return text === '' ? { text } : numberText(text, kinds[this.#style] ?? general, date1904)
    if (this.#type === 'b') return { text: text === '1' || text === 'true' ? '是' : '否' }
    if (this.#type === 'e') return { text, problem: `单元格是公式错误 ${text}` }
    if (this.#type === 'd') return { text: text.replace('T', ' ').replace(/\.\d+|Z$/g, '') }
    return { text: decodeEscapes(text) }
  }

  #store(cell: CellText): void {
    const row = this.#row
    if (!row || (cell.text === '' && cell.problem === undefined)) return
    const { maxColumns } = this.#context.limits
    if (this.#column >= maxColumns) throw tooManyColumns(maxColumns, row.rowNumber)
    while (row.cells.length < this.#column) row.cells.push('')
    row.cells[this.#column] = cell.text
    if (cell.problem !== undefined) {
      row.problems ??= new Map()
      row.problems.set(this.#column, cell.problem)
    }
  }
}

/** The error for a row that uses more than `maxColumns` columns. */
export function tooManyColumns(maxColumns: number, rowNumber: number): TableError {
  return new TableError('too-many-columns', `第 ${rowNumber} 行超过 ${maxColumns} 列，请删除多余的列后再上传`, {
    maxColumns,
    rowNumber,
  })
}

/**
 * The visible worksheets of an XLSX file (or the one called `sheet`), each to be read as a stream: memory holds the
 * shared strings and the rows of one inflated piece, and reading waits for the consumer.
 * Throws TableError 'damaged', 'zip-bomb', 'encrypted', 'unsupported-format', 'too-many-columns'.
 */
export async function openXlsx(bytes: Bytes, limits: TableLimits, sheet?: string): Promise<Grid[]> {
  const workbook = await readWorkbook(bytes, await readDirectory(bytes, limits))
  const wanted = workbook.sheets.filter((part) => (sheet === undefined ? part.visible : part.name === sheet))
  if (sheet !== undefined && wanted.length === 0) {
    const names = workbook.sheets.map((part) => part.name)
    throw new TableError('no-head', `文件中没有名为“${sheet}”的工作表`, { sheet, sheets: names })
  }
  if ((workbook.strings?.uncompressed ?? 0) > limits.maxStringBytes) {
    throw new TableError('too-large', '工作簿中的文字过多，请另存为 CSV 或拆成几个文件后上传', {
      limit: limits.maxStringBytes,
    })
  }
  const strings = workbook.strings ? await readStrings(bytes, workbook.strings, limits.maxCellLength) : []
  const context = { strings, kinds: workbook.formats.map(kindOfFormat), date1904: workbook.date1904, limits }
  return wanted.map((part) => gridOf(bytes, part, context))
}

function gridOf(bytes: Bytes, part: SheetPart, context: Context): Grid {
  let read = 0
  async function* rows(): AsyncGenerator<GridRow, void, undefined> {
    const handler = new SheetHandler(context)
    const scanner = new XmlScanner(handler)
    const decoder = new TextDecoder('utf-8')
    const body = readEntry(bytes, part.entry, (compressed) => {
      read = compressed
    })
    for await (const chunk of body) {
      scanner.write(decoder.decode(chunk, { stream: true }))
      const ready = handler.ready
      handler.ready = []
      yield* ready
    }
    scanner.end()
  }
  return { name: part.name, rows: rows(), progress: () => (part.entry.compressed ? read / part.entry.compressed : 1) }
}
