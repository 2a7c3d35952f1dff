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
 * The row among `rows` that names the most known columns (the first of equals), or undefined when none names any.
 * Throws TableError 'missing-column' and 'duplicate-column', naming all of them.
 */
export function findHead(rows: readonly GridRow[], columns: readonly ColumnSpec[]): Head | undefined {
  let best: { row: GridRow; found: Map<string, number[]> } | undefined
  for (const row of rows) {
    const found = match(row.cells, columns)
    if (found.size > (best?.found.size ?? 0)) best = { row, found }
  }
  if (!best) return undefined
  const { row, found } = best
  const details = { rowNumber: row.rowNumber, heads: row.cells.map(clean) }
  const missing = columns.filter((column) => column.required && !found.has(column.key))
  if (missing.length > 0) {
    const names = missing.map((column) => column.heads[0] ?? column.key)
    const message = `缺少必需的列：${names.join('、')}（表头在第 ${row.rowNumber} 行）`
    throw new TableError('missing-column', message, { ...details, missing: missing.map((column) => column.key) })
  }
  const doubled = [...found].filter(([, places]) => places.length > 1)
  if (doubled.length > 0) {
    const names = doubled.map(([, places]) => places.map((place) => `“${clean(row.cells[place] ?? '')}”`).join('与'))
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
