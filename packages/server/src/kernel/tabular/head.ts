import { createHash } from 'node:crypto'
import { clean } from './text.ts'
import { type ColumnSpec, type GridRow, TableError } from './types.ts'

/** Rows with content among which the head is looked for. */
export const headSearchRows = 10

/** A head as it is compared: half-width, lower case, without white space, brackets and asterisks. */
export function normaliseHead(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\u200b-\u200f\u2060\ufeff()[\]{}<>【】〔〕《》*]/g, '')
}

/** The same without what stands in brackets: `手机号（必填）` → `手机号`. */
function withoutRemark(text: string): string {
  return normaliseHead(text.normalize('NFKC').replace(/\([^)]*\)|\[[^\]]*\]|【[^】]*】/g, ''))
}

function nameTable(columns: readonly ColumnSpec[]): Map<string, string> {
  const names = new Map<string, string>()
  for (const column of columns) {
    for (const head of column.heads) {
      const name = normaliseHead(head)
      const other = names.get(name)
      if (other !== undefined && other !== column.key)
        throw new Error(`Head "${head}" is claimed by ${other} and ${column.key}`)
      names.set(name, column.key)
    }
  }
  return names
}

/** For each key the columns (zero-based) whose head names it; exact names win over names with a remark in brackets. */
function match(cells: readonly string[], columns: readonly ColumnSpec[]): Map<string, number[]> {
  const names = nameTable(columns)
  const found = new Map<string, number[]>()
  const taken = new Set<number>()
  const add = (key: string, column: number): void => {
    found.set(key, [...(found.get(key) ?? []), column])
    taken.add(column)
  }
  cells.forEach((cell, column) => {
    const key = names.get(normaliseHead(cell))
    if (key !== undefined) add(key, column)
  })
  const exact = new Set(found.keys())
  cells.forEach((cell, column) => {
    const key = taken.has(column) ? undefined : names.get(withoutRemark(cell))
    if (key !== undefined && !exact.has(key)) add(key, column)
  })
  return found
}

/** How many of the known columns a row names. */
export function matchCount(cells: readonly string[], columns: readonly ColumnSpec[]): number {
  return match(cells, columns).size
}

/** The head of a table: its cells as written, and where each key stands. */
export type Head = { rowNumber: number; heads: string[]; columnOf: Map<string, number> }

/**
 * Cells of a row that may be the lower one of a merged head: where it is empty, the cell above stands in its place if that
 * names a known column (药店编码 over two rows beside 购药人 over 姓名 and 证件号码).
 */
function withCellsAbove(rows: readonly GridRow[], at: number, columns: readonly ColumnSpec[]): string[] {
  const own = rows[at]!.cells
  const above = rows.slice(Math.max(0, at - 2), at).reverse()
  const width = Math.max(own.length, ...above.map((row) => row.cells.length))
  return Array.from({ length: width }, (_, column) => {
    const cell = own[column] ?? ''
    if (clean(cell) !== '') return cell
    const name = above.map((row) => row.cells[column] ?? '').find((text) => clean(text) !== '') ?? ''
    return name !== '' && matchCount([name], columns) > 0 ? name : cell
  })
}

/** A head as far as it is recognised: nothing is demanded of it. */
export type LooseHead = Head & {
  /** Keys that several columns name; `columnOf` holds the first of them. */
  duplicate: string[]
  missing: string[]
}

/** The row that names the most known columns (the first of equals) with its cells, and where each key stands. */
function bestHead(rows: readonly GridRow[], columns: readonly ColumnSpec[]) {
  let best: { row: GridRow; cells: string[]; found: Map<string, number[]> } | undefined
  rows.forEach((row, at) => {
    const cells = withCellsAbove(rows, at, columns)
    const found = match(cells, columns)
    if (found.size > (best?.found.size ?? 0)) best = { row, cells, found }
  })
  return best
}

/**
 * The head among `rows` as far as it is known; when no row names a known column, the first of those with the most cells.
 * undefined when there are no rows.
 */
export function guessHead(rows: readonly GridRow[], columns: readonly ColumnSpec[]): LooseHead | undefined {
  const filled = (row: GridRow) => row.cells.filter((cell) => clean(cell) !== '').length
  const widest = rows.reduce<GridRow | undefined>(
    (most, row) => (most && filled(most) >= filled(row) ? most : row),
    undefined,
  )
  const best =
    bestHead(rows, columns) ?? (widest && { row: widest, cells: widest.cells, found: new Map<string, number[]>() })
  if (!best) return undefined
  const { row, cells, found } = best
  return {
    rowNumber: row.rowNumber,
    heads: cells.map(clean),
    columnOf: new Map([...found].map(([key, places]) => [key, places[0]!])),
    duplicate: [...found].filter(([, places]) => places.length > 1).map(([key]) => key),
    missing: columns.filter((column) => column.required && !found.has(column.key)).map((column) => column.key),
  }
}

/**
 * The head that a person has assigned: in a given row, each key to a column. Throws TableError 'no-head' when the file has
 * no such row, 'missing-column' when a required key is left out.
 */
export function assignedHead(
  rows: readonly GridRow[],
  columns: readonly ColumnSpec[],
  { headRow, columnOf }: { headRow: number; columnOf: Readonly<Record<string, number>> },
): Head {
  const at = rows.findIndex((row) => row.rowNumber === headRow)
  if (at < 0) throw noHead(columns)
  const missing = columns.filter((column) => column.required && columnOf[column.key] === undefined)
  if (missing.length > 0) {
    const names = missing.map((column) => column.heads[0] ?? column.key)
    throw new TableError('missing-column', `缺少必需的列：${names.join('、')}`, {
      missing: missing.map(({ key }) => key),
    })
  }
  const known = columns.flatMap(({ key }) => (columnOf[key] === undefined ? [] : [[key, columnOf[key]] as const]))
  return { rowNumber: headRow, heads: withCellsAbove(rows, at, columns).map(clean), columnOf: new Map(known) }
}

/**
 * The row among `rows` that names the most known columns (the first of equals), or undefined when none names any.
 * Throws TableError 'missing-column' and 'duplicate-column', naming all of them.
 */
export function findHead(rows: readonly GridRow[], columns: readonly ColumnSpec[]): Head | undefined {
  const best = bestHead(rows, columns)
  if (!best) return undefined
  const { row, cells, found } = best
  const details = { rowNumber: row.rowNumber, heads: cells.map(clean) }
  const missing = columns.filter((column) => column.required && !found.has(column.key))
  if (missing.length > 0) {
    const names = missing.map((column) => column.heads[0] ?? column.key)
    const message = `缺少必需的列：${names.join('、')}（表头在第 ${row.rowNumber} 行）`
    throw new TableError('missing-column', message, { ...details, missing: missing.map((column) => column.key) })
  }
  const doubled = [...found].filter(([, places]) => places.length > 1)
  if (doubled.length > 0) {
    const names = doubled.map(([, places]) => places.map((place) => `“${clean(cells[place] ?? '')}”`).join('与'))
    const message = `有重复的列：${names.join('；')}，请只保留一列`
    throw new TableError('duplicate-column', message, { ...details, duplicate: doubled.map(([key]) => key) })
  }
  const columnOf = new Map([...found].map(([key, places]) => [key, places[0]!]))
  return { rowNumber: row.rowNumber, heads: details.heads, columnOf }
}

/** The error for a file in which no row names any known column. */
export function noHead(columns: readonly ColumnSpec[]): TableError {
  const names = columns.filter((column) => column.required).map((column) => column.heads[0] ?? column.key)
  const wanted = (names.length > 0 ? names : columns.map((column) => column.heads[0] ?? column.key)).join('、')
  return new TableError('no-head', `前 ${headSearchRows} 行没有找到表头。应有的列：${wanted}`, { wanted })
}

/** What tells heads apart: two files with the same columns in the same order have the same signature (SHA-256, hexadecimal). */
export const headSignature = (heads: readonly string[]): string =>
  createHash('sha256').update(heads.map(normaliseHead).join('\n')).digest('hex')
