import { columnLetters } from './sheet-xml.ts'
import { attribute, decodeEntities } from './xml.ts'
import { damaged } from './zip.ts'

/** A range of merged cells; rows and columns count from 0, ends included. */
export interface Merge {
  readonly ref: string
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

/** A cell as its sheet holds it. */
export interface SheetCell {
  readonly at: number
  readonly style: number
  readonly text: string
}

/** A row of a sheet: its XML, and its cells as far as they are needed. */
export interface SheetRow {
  readonly number: number
  readonly attributes: string
  readonly xml: string
  readonly inner: string
}

/** A sheet taken apart, so that rows can be put between its own. */
export interface SheetParts {
  readonly before: string
  readonly rows: readonly SheetRow[]
  readonly after: string
  readonly merges: readonly Merge[]
}

const rowPattern = /<row\b([^>]*?)(?:\/>|>([\s\S]*?)<\/row>)/g
const cellPattern = /<c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g

/** Place of a cell reference such as C5, counted from 0; undefined for what is none. */
export function placeOf(ref: string): { row: number; at: number } | undefined {
  const match = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(ref)
  if (!match) return undefined
  let at = 0
  for (const letter of match[1]!) at = at * 26 + letter.charCodeAt(0) - 64
  return { row: Number(match[2]) - 1, at: at - 1 }
}

/** The reference of a place counted from 0. */
export const refOf = (row: number, at: number): string => `${columnLetters(at)}${row + 1}`

function mergeOf(ref: string): Merge | undefined {
  const [from, to] = ref.split(':').map(placeOf)
  return from && to ? { ref, top: from.row, left: from.at, bottom: to.row, right: to.at } : undefined
}

/** Takes the XML of a worksheet apart. @throws TableError 'damaged' when it has no cell table */
export function sheetParts(xml: string): SheetParts {
  const open = /<sheetData\b[^>]*?(\/)?>/.exec(xml)
  if (!open) throw damaged('sheetData')
  const start = open.index + open[0].length
  const end = open[1] ? start : xml.indexOf('</sheetData>', start)
  if (end < 0) throw damaged('sheetData')
  const rows: SheetRow[] = []
  let number = 0
  for (const match of xml.slice(start, end).matchAll(rowPattern)) {
    const attributes = match[1] ?? ''
    number = Number(attribute(attributes, 'r') ?? number + 1)
    rows.push({ number, attributes, xml: match[0], inner: match[2] ?? '' })
  }
  const after = open[1] ? xml.slice(start) : xml.slice(end + '</sheetData>'.length)
  const merges = [...after.matchAll(/<mergeCell\b([^>]*?)\/?>/g)].flatMap(
    (match) => mergeOf(attribute(match[1] ?? '', 'ref') ?? '') ?? [],
  )
  return { before: xml.slice(0, open.index), rows, after, merges }
}

/** The cells of a row. @param strings shared strings of the workbook */
export function cellsOf(row: SheetRow, strings: readonly string[]): SheetCell[] {
  let at = -1
  return [...row.inner.matchAll(cellPattern)].map((match) => {
    const attributes = match[1] ?? ''
    at = placeOf(attribute(attributes, 'r') ?? '')?.at ?? at + 1
    return { at, style: Number(attribute(attributes, 's') ?? 0), text: textOf(attributes, match[2] ?? '', strings) }
  })
}

function textOf(attributes: string, inner: string, strings: readonly string[]): string {
  const kind = attribute(attributes, 't')
  if (kind === 'inlineStr')
    return [...inner.matchAll(/<t\b[^>]*>([\s\S]*?)<\/t>/g)].map((match) => decodeEntities(match[1] ?? '')).join('')
  const value = decodeEntities(/<v\b[^>]*>([\s\S]*?)<\/v>/.exec(inner)?.[1] ?? '')
  return kind === 's' ? (strings[Number(value)] ?? '') : value
}

/** A row of the sheet moved down, its cells and their formulas' results with it. */
export function movedRow(row: SheetRow, by: number): string {
  const number = row.number + by
  return row.xml
    .replace(/<f\b[^>]*?(?:\/>|>[\s\S]*?<\/f>)/g, '')
    .replace(/^<row\b([^>]*?)\br="\d+"/, `<row$1r="${number}"`)
    .replace(/(<c\b[^>]*?\br=")([A-Z]{1,3})\d+"/g, `$1$2${number}"`)
}
