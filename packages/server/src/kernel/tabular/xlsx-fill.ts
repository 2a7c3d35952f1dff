import type { Batches } from './batch.ts'
import { kindOfFormat } from './cell.ts'
import type { Column } from './column.ts'
import { RowXml, type SheetColumn } from './sheet-xml.ts'
import { partsOf, type TemplateBook } from './template-book.ts'
import { cellsOf, type Merge, movedRow, refOf, type SheetParts, type SheetRow } from './template-sheet.ts'
import { excelRows } from './xlsx-write.ts'
import { attribute } from './xml.ts'
import { readEntry, readText, type ZipEntry } from './zip.ts'
import { type ZipPart, zipChunks } from './zip-write.ts'

/** A column of a template to be filled: its place (counted from 1) and what is written there. */
export interface FillColumn extends Column {
  readonly place: number
}

export interface FillOptions {
  readonly sheet: string
  /** Last row of the head, counted from 1; the row below it gives the styles. */
  readonly headTo: number
  readonly columns: readonly FillColumn[]
}

/** More rows than a sheet can hold. */
export class SheetFullError extends Error {
  override name = 'SheetFullError'
}

interface Plan {
  readonly head: string
  readonly rows: RowXml
  readonly footers: readonly SheetRow[]
  readonly parts: SheetParts
  readonly first: number
}

/** Attributes of the sample row that hold for every row: height and style, not number and extent. */
function rowAttributes(row: SheetRow | undefined): string {
  if (!row) return ''
  return row.attributes
    .replace(/\s(?:r|spans)="[^"]*"/g, '')
    .replace(/\s*\/?$/, '')
    .trimEnd()
}

/** The rows below the head that stay: those with text, unless they are samples of the data directly below the head. */
function footersOf(parts: SheetParts, options: FillOptions, strings: readonly string[]): SheetRow[] {
  const places = new Set(options.columns.map(({ place }) => place - 1))
  const below = parts.rows.filter(({ number }) => number > options.headTo)
  const textsOf = (row: SheetRow) => cellsOf(row, strings).filter(({ text }) => text.trim() !== '')
  let sample = true
  return below.filter((row, at) => {
    const texts = textsOf(row)
    sample &&=
      row.number === options.headTo + 1 + at && texts.filter((cell) => places.has(cell.at)).length * 2 >= places.size
    return !sample && row.number > options.headTo + 1 && texts.length > 0
  })
}

function planOf(book: TemplateBook, parts: SheetParts, options: FillOptions): Plan {
  const first = options.headTo + 1
  const sample = parts.rows.find(({ number }) => number === first)
  const styles = new Map((sample ? cellsOf(sample, book.strings) : []).map(({ at, style }) => [at, style]))
  const isDate = (style: number) =>
    !['number', 'padded'].includes(kindOfFormat(book.workbook.formats[style] ?? '').kind)
  const mapped = options.columns.map((column, value): SheetColumn => {
    const style = styles.get(column.place - 1) ?? 0
    return { at: column.place - 1, style, value, column, serial: isDate(style) && !book.workbook.date1904 }
  })
  const places = new Set(mapped.map(({ at }) => at))
  const bare = [...styles].filter(([at]) => !places.has(at)).map(([at, style]): SheetColumn => ({ at, style }))
  return {
    parts,
    first,
    head: parts.rows
      .filter(({ number }) => number < first)
      .map(({ xml }) => xml)
      .join(''),
    rows: new RowXml([...mapped, ...bare], rowAttributes(sample)),
    footers: footersOf(parts, options, book.strings),
  }
}

/** What follows the rows, with the merged cells of the data gone and those of the footers moved. */
function ending(plan: Plan, by: number): string {
  const first = plan.first - 1
  const footers = new Set(plan.footers.map(({ number }) => number - 1))
  const kept = plan.parts.merges.flatMap((merge: Merge) => {
    if (merge.bottom < first) return merge.ref
    if (merge.top < first || !footers.has(merge.top)) return []
    return `${refOf(merge.top + by, merge.left)}:${refOf(merge.bottom + by, merge.right)}`
  })
  const merges = kept.map((ref) => `<mergeCell ref="${ref}"/>`).join('')
  return plan.parts.after.replace(
    /<mergeCells\b[\s\S]*?(?:<\/mergeCells>|\/>)/,
    kept.length > 0 ? `<mergeCells count="${kept.length}">${merges}</mergeCells>` : '',
  )
}

async function* sheetXml(plan: Plan, batches: Batches): AsyncGenerator<Buffer> {
  // Its size is not known before the rows are written, and it may be left out.
  yield Buffer.from(`${plan.parts.before.replace(/<dimension\b[^>]*\/>/, '')}<sheetData>${plan.head}`)
  let number = plan.first
  for await (const batch of batches) {
    if (number + batch.length + plan.footers.length > excelRows) throw new SheetFullError('sheet full')
    yield* plan.rows.batch(batch, number)
    number += batch.length
  }
  yield* plan.rows.rest()
  // A footer keeps its distance from the data, which took the place of one row.
  const by = number - plan.first - 1
  const footers = plan.footers.map((row) => movedRow(row, Math.max(by, 0))).join('')
  yield Buffer.from(`${footers}</sheetData>${ending(plan, Math.max(by, 0))}`)
}

const calcChain = /\/calcChain\.xml$/i

/** Every other part of the workbook; the order of calculation goes, since formulas may have gone. */
async function* others(book: TemplateBook, filled: ZipEntry): AsyncGenerator<ZipPart> {
  for (const entry of book.entries.values()) {
    if (entry === filled || calcChain.test(`/${entry.name}`) || entry.name.endsWith('/')) continue
    if (/(^\[content_types\]\.xml|workbook\.xml\.rels)$/i.test(entry.name)) {
      const xml = await readText(book.bytes, entry, 4 * 1024 ** 2)
      const kept = xml.replace(/<(?:Override|Relationship)\b[^>]*?\/>/g, (tag) =>
        calcChain.test(attribute(tag, 'PartName') ?? `/${attribute(tag, 'Target') ?? ''}`) ? '' : tag,
      )
      yield { name: entry.name, source: Buffer.from(kept) }
    } else yield { name: entry.name, source: readEntry(book.bytes, entry) }
  }
}

/**
 * The uploaded workbook with rows in one of its sheets, in pieces: titles, heads, column widths, other sheets and footers
 * stay, each cell has the style of the first row below the head. Memory does not grow with the rows.
 * @throws SheetFullError beyond the rows of a sheet; whatever `batches` throws
 */
export async function* xlsxFill(
  book: TemplateBook,
  options: FillOptions,
  batches: Batches,
): AsyncGenerator<Uint8Array, void, undefined> {
  const sheet = book.workbook.sheets.find(({ name }) => name === options.sheet)!
  const plan = planOf(book, await partsOf(book, options.sheet), options)
  async function* parts(): AsyncGenerator<ZipPart> {
    yield* others(book, sheet.entry)
    yield { name: sheet.entry.name, source: sheetXml(plan, batches) }
  }
  yield* zipChunks(parts())
}
