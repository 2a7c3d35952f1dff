import type { RowBatch } from './batch.ts'
import { type CellValue, type Column, outCell } from './column.ts'

/** A column of a sheet to be written. `value` is the place in the row; none for a cell that only has a style. */
export interface SheetColumn {
  /** Zero-based column of the sheet. */
  readonly at: number
  readonly style: number
  readonly value?: number
  readonly column?: Column
  /** The column itself has the style: empty cells need not be written. */
  readonly styled?: boolean
  /** Dates as serial numbers that the style shows as a date; as text otherwise. */
  readonly serial?: boolean
}

const excelCellLength = 32_767
const dayMs = 86_400_000
/** Characters that are put together as a text: long strings outlive the quick collection of garbage. */
const textLength = 32_768
/** Bytes that travel in one piece, each of which is deflated by itself. */
const pieceBytes = 262_144
const epochSerial = 25_569
/** Serial numbers before 1900-03-01 mean different days in different programs. */
const firstSerial = 61
const lastSerial = 2_958_466

// Control characters are written as _xHHHH_ (ST_Xstring); text that looks like such an escape must not become one.
const likeEscape = /_(?=x[0-9a-f]{4}[_\p{Cc}])/giu
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold
const unsafe = /[&<>\u0000-\u0008\u000b-\u001f\ufffe\uffff]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold
const unsafeAll = /[&<>\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g
const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const edge = /^\s|\s$|\n/

/** Text as it stands between tags of a sheet, at most as long as a cell may be. */
export function sheetText(text: string): string {
  const short = text.length > excelCellLength ? `${text.slice(0, excelCellLength - 1)}…` : text
  const plain = short.includes('_x') ? short.replace(likeEscape, '_x005F_') : short
  if (!unsafe.test(plain)) return plain.isWellFormed() ? plain : plain.toWellFormed()
  return plain
    .toWellFormed()
    .replace(unsafeAll, (sign) => named[sign] ?? `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
}

/** Letters of a zero-based column: 0 → A, 26 → AA. */
export function columnLetters(at: number): string {
  const before = Math.floor(at / 26)
  return (before > 0 ? columnLetters(before - 1) : '') + String.fromCharCode(65 + (at % 26))
}

// All that needs a second look; most texts have none of it.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold
const suspicious = /[&<>_\u0000-\u001f\ud800-\udfff\ufffe\uffff]|^\s|\s$/

/** What follows the number of the row in a cell of text. */
const inline = (text: string): string =>
  text.length <= excelCellLength && !suspicious.test(text)
    ? `" t="inlineStr"><is><t>${text}</t></is></c>`
    : careful(text)

const careful = (text: string): string =>
  `" t="inlineStr"><is><t${edge.test(text) ? ' xml:space="preserve"' : ''}>${sheetText(text)}</t></is></c>`

/** Texts of a column that are kept ready: names and states come again in every row, numbers of people do not. */
const maxKnown = 2000

/** The table of a workbook's texts that come again (ECMA-376 part 1, 18.4.9): cells name them by their place in it. */
export class SharedTexts {
  readonly #places = new Map<string, number>()

  place(text: string): number {
    const known = this.#places.get(text)
    if (known !== undefined) return known
    this.#places.set(text, this.#places.size)
    return this.#places.size - 1
  }

  /** The items of the table, in order. */
  *items(): Generator<string, void, undefined> {
    for (const text of this.#places.keys())
      yield `<si><t${edge.test(text) ? ' xml:space="preserve"' : ''}>${sheetText(text)}</t></si>`
  }
}

class Texts {
  readonly #known = new Map<string, string>()
  readonly #shared: SharedTexts | undefined
  #tried = 0

  constructor(shared: SharedTexts | undefined) {
    this.#shared = shared
  }

  of(text: string): string {
    // A column whose texts hardly ever come again is not worth looking up.
    if (this.#tried > maxKnown && this.#known.size === 0) return inline(text)
    let ready = this.#known.get(text)
    if (ready === undefined) {
      this.#tried++
      const kept = this.#known.size < maxKnown && this.#tried <= 2 * maxKnown
      ready = kept && this.#shared ? `" t="s"><v>${this.#shared.place(text)}</v></c>` : inline(text)
      if (kept) this.#known.set(text, ready)
      else if (this.#tried === 3 * maxKnown) this.#known.clear()
    }
    return ready
  }
}

/** Makes the XML of rows, cell by cell as their columns say. */
export class RowXml {
  readonly #columns: readonly (SheetColumn & { readonly open: string; readonly texts: Texts })[]
  readonly #attributes: string
  #xml = ''
  #piece: Buffer = Buffer.alloc(0)
  #used = 0

  /**
   * @param attributes of every row besides its number, with a leading blank
   * @param shared the workbook's table of texts; without it each text stands in its cell
   */
  constructor(columns: readonly SheetColumn[], attributes = '', shared?: SharedTexts) {
    this.#attributes = attributes
    this.#columns = [...columns]
      .sort((a, b) => a.at - b.at)
      .map((column) => ({
        ...column,
        open: `<c${column.style > 0 ? ` s="${column.style}"` : ''} r="${columnLetters(column.at)}`,
        texts: new Texts(shared),
      }))
  }

  /** The XML of a batch, as far as it fills pieces; `rest` gives what is left. @param first number of its first row */
  *batch(rows: RowBatch, first: number): Generator<Buffer, void, undefined> {
    for (let at = 0; at < rows.length; at++) {
      this.#xml += this.row(rows[at]!, first + at)
      if (this.#xml.length >= textLength) yield* this.#write()
    }
  }

  /** What has not filled a piece. */
  *rest(): Generator<Buffer, void, undefined> {
    yield* this.#write()
    if (this.#used > 0) yield this.#piece.subarray(0, this.#used)
    this.#piece = Buffer.alloc(0)
    this.#used = 0
  }

  *#write(): Generator<Buffer, void, undefined> {
    const most = this.#xml.length * 3
    if (this.#used + most > this.#piece.length) {
      if (this.#used > 0) yield this.#piece.subarray(0, this.#used)
      this.#piece = Buffer.allocUnsafeSlow(Math.max(pieceBytes, most))
      this.#used = 0
    }
    this.#used += this.#piece.write(this.#xml, this.#used)
    this.#xml = ''
  }

  row(row: readonly CellValue[], number: number): string {
    let xml = `<row r="${number}"${this.#attributes}>`
    for (const column of this.#columns) xml += this.#cell(column, row, number)
    return `${xml}</row>`
  }

  /** A cell without a value: written only where its column does not bear the style already. */
  #empty({ style, styled, open }: SheetColumn & { readonly open: string }, number: number): string {
    return style > 0 && !styled ? `${open}${number}"/>` : ''
  }

  #cell(
    column: SheetColumn & { readonly open: string; readonly texts: Texts },
    row: readonly CellValue[],
    number: number,
  ): string {
    const value = column.value === undefined ? undefined : row[column.value]
    if (value === null || value === undefined || value === '' || !column.column) return this.#empty(column, number)
    if (typeof value === 'string' && column.column.type === 'text')
      return `${column.open}${number}${column.texts.of(value)}`
    const cell = outCell(column.column, value)
    if (cell.text === '') return this.#empty(column, number)
    if (cell.kind === 'number') return `${column.open}${number}"><v>${cell.value}</v></c>`
    if (cell.kind === 'date' && column.serial) {
      const serial = cell.value.getTime() / dayMs + epochSerial
      if (serial >= firstSerial && serial < lastSerial) return `${column.open}${number}"><v>${serial}</v></c>`
    }
    return `${column.open}${number}${inline(cell.text)}`
  }
}
