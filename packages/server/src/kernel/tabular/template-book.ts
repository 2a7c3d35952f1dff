import type { Bytes } from './bytes.ts'
import { openSource } from './bytes.ts'
import { cellsOf, type Merge, refOf, type SheetParts, sheetParts } from './template-sheet.ts'
import { clean } from './text.ts'
import { defaultLimits, TableError } from './types.ts'
import { readStrings, readWorkbook, type Workbook } from './workbook.ts'
import { readDirectory, readText, type ZipEntry } from './zip.ts'

/** Bytes of an uploaded template at most: it has heads and styles, no data. */
export const maxTemplateBytes = 5 * 1024 ** 2
const maxSheetBytes = 20 * 1024 ** 2
const maxSheets = 30
const maxColumns = 200
/** Rows that are looked at for titles and heads. */
const lookRows = 30

/** The head of a column, joined from its rows. */
export interface TemplateHead {
  /** Counted from 1, as people do. */
  readonly column: number
  /** The lowest head cell, such as C5. */
  readonly cell: string
  /** `收货 / 数量` for a merged group over its columns. */
  readonly text: string
  /** The merged range over several columns that the lowest cell belongs to. */
  readonly merge: string | null
}

export interface TemplateSheet {
  readonly name: string
  /** Rows of the head, counted from 1, as guessed from the sheet. */
  readonly headFrom: number
  readonly headTo: number
  /** Texts of the first rows, for people to look at. */
  readonly rows: readonly (readonly string[])[]
  readonly merges: readonly Merge[]
}

/** An uploaded workbook taken apart as far as filling needs it. */
export interface TemplateBook {
  readonly bytes: Bytes
  readonly entries: ReadonlyMap<string, ZipEntry>
  readonly workbook: Workbook
  readonly strings: readonly string[]
  readonly sheets: readonly TemplateSheet[]
}

/** The XML of a sheet, taken apart. @throws TableError 'zip-bomb', 'damaged' */
export async function partsOf(book: Pick<TemplateBook, 'bytes' | 'workbook'>, name: string): Promise<SheetParts> {
  const sheet = book.workbook.sheets.find((each) => each.name === name)
  if (!sheet) throw new TableError('damaged', `模板中没有工作表“${name}”`)
  return sheetParts(await readText(book.bytes, sheet.entry, maxSheetBytes))
}

function gridOf(parts: SheetParts, strings: readonly string[]): string[][] {
  const rows: string[][] = []
  for (const row of parts.rows) {
    if (row.number > lookRows) break
    const texts: string[] = []
    for (const cell of cellsOf(row, strings)) if (cell.at < maxColumns) texts[cell.at] = clean(cell.text)
    rows[row.number - 1] = Array.from(texts, (text) => text ?? '')
  }
  return Array.from(rows, (row) => row ?? [])
}

const filled = (row: readonly string[] | undefined): number => (row ?? []).filter((text) => text !== '').length

/**
 * Guesses the rows of the head: the fullest row of the first ones, with the rows above it whose merged groups stand over
 * its columns; a title over everything does not belong to it.
 */
function guessHead(
  rows: readonly (readonly string[])[],
  merges: readonly Merge[],
): { headFrom: number; headTo: number } {
  let best = 0
  const weight = (at: number) =>
    filled(rows[at]) +
    merges.filter((merge) => merge.top < at && merge.bottom >= at && merge.left === merge.right).length
  for (let at = 1; at < Math.min(rows.length, 12); at++) if (weight(at) > weight(best)) best = at
  // A row belongs to the head when a cell of it reaches down into the head, or when it has merged groups and is no line to
  // be filled in, such as 填报单位： and 日期：.
  const belongs = (at: number) =>
    merges.some((merge) => merge.top === at && merge.bottom > at && merge.left === merge.right) ||
    (filled(rows[at]) >= 2 &&
      !rows[at]?.some((text) => /[:：]/.test(text)) &&
      merges.some((merge) => merge.top === at && merge.right > merge.left))
  let from = best
  while (from > 0 && belongs(from - 1)) from--
  return { headFrom: from + 1, headTo: best + 1 }
}

/**
 * Reads the sheets, heads and merged cells of an uploaded workbook.
 * @throws TableError with a Chinese message when it is no workbook, is damaged, encrypted or too large
 */
export async function readTemplate(content: Buffer): Promise<TemplateBook> {
  const source = await openSource(content)
  const bytes = await source.random(maxTemplateBytes)
  if (content.length > maxTemplateBytes)
    throw new TableError('too-large', '模板文件超过 5 MB，请删去数据，只保留表头和格式')
  if (content.length < 4 || content.readUInt32BE(0) !== 0x504b0304)
    throw new TableError('unsupported-format', '模板须是 .xlsx 工作簿，请用 Excel 或 WPS 另存为 .xlsx 后再上传')
  const entries = await readDirectory(bytes, { ...defaultLimits, maxUncompressedBytes: 100 * 1024 ** 2 })
  const workbook = await readWorkbook(bytes, entries)
  const strings = workbook.strings ? await readStrings(bytes, workbook.strings, 1000) : []
  const sheets: TemplateSheet[] = []
  for (const { name, visible } of workbook.sheets.slice(0, maxSheets)) {
    if (!visible) continue
    const parts = await partsOf({ bytes, workbook }, name)
    const rows = gridOf(parts, strings)
    sheets.push({ name, rows, merges: parts.merges, ...guessHead(rows, parts.merges) })
  }
  if (sheets.length === 0) throw new TableError('damaged', '模板中没有可见的工作表')
  return { bytes, entries, workbook, strings, sheets }
}

/** The heads of a sheet's columns between two rows (counted from 1), merged groups written before their columns. */
export function headsOf(sheet: TemplateSheet, headFrom: number, headTo: number): TemplateHead[] {
  const { rows, merges } = sheet
  const width = Math.min(maxColumns, Math.max(0, ...rows.slice(headFrom - 1, headTo).map((row) => row.length)))
  const merged = (row: number, at: number) =>
    merges.find((m) => row >= m.top && row <= m.bottom && at >= m.left && at <= m.right)
  const heads: TemplateHead[] = []
  const widest = Math.max(
    width,
    ...merges.filter((m) => m.top < headTo && m.bottom >= headFrom - 1).map((m) => Math.min(m.right + 1, maxColumns)),
  )
  for (let at = 0; at < widest; at++) {
    const texts: string[] = []
    let cell = refOf(headTo - 1, at)
    let merge: string | null = null
    for (let row = headFrom - 1; row < headTo; row++) {
      const range = merged(row, at)
      const top = range?.top ?? row
      const text = rows[top]?.[range?.left ?? at] ?? ''
      if (text === '' || (range && range.top < headFrom - 1)) continue
      const short = text.replace(/\s+/g, '')
      if (texts.at(-1) !== short) texts.push(short)
      cell = refOf(top, range?.left ?? at)
      merge = range && range.right > range.left ? range.ref : null
    }
    if (texts.length > 0) heads.push({ column: at + 1, cell, text: texts.join(' / '), merge })
  }
  return heads
}
