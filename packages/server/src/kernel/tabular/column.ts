import { plainNumber, shanghaiText, shanghaiWall } from './text.ts'

/** A column to be written. `day` is 'YYYY-MM-DD', `datetime` a Date shown in Asia/Shanghai; `width` in characters. */
export type Column = { head: string; type: 'text' | 'integer' | 'decimal' | 'datetime' | 'day'; width?: number }

/** What may stand in a row; null and undefined leave the cell empty, booleans become 是/否. */
export type CellValue = string | number | bigint | boolean | Date | null | undefined

/** A cell as a file holds it. A Date has wall-clock time of Asia/Shanghai in its UTC fields. */
export type OutCell =
  | { kind: 'text'; text: string }
  | { kind: 'number'; value: number; text: string }
  | { kind: 'date'; value: Date; text: string }

const nothing: OutCell = { kind: 'text', text: '' }
const numeric = /^-?(0|[1-9]\d*)(\.\d+)?$/
// Spreadsheets keep 15 digits; a longer number is written as text, whole.
const maxDigits = 15

function numberCell(text: string): OutCell {
  if (!numeric.test(text) || text.replace(/^-?0?\.?0*|[-.]/g, '').length > maxDigits) return { kind: 'text', text }
  return { kind: 'number', value: Number(text), text }
}

function dayCell(text: string): OutCell {
  const value = new Date(`${text}T00:00:00Z`)
  const valid =
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(value.getTime()) && value.toISOString().startsWith(text)
  return valid ? { kind: 'date', value, text } : { kind: 'text', text }
}

/** Brings a value into the form of its column; a value that does not suit the type is kept as text, never dropped. */
export function outCell(column: Column, value: CellValue): OutCell {
  if (value === null || value === undefined) return nothing
  if (typeof value === 'boolean') return { kind: 'text', text: value ? '是' : '否' }
  if (value instanceof Date) {
    const text = shanghaiText(value)
    if (text === '') return nothing
    if (column.type === 'day') return dayCell(text.slice(0, 10))
    return column.type === 'datetime' ? { kind: 'date', value: shanghaiWall(value), text } : { kind: 'text', text }
  }
  const text = typeof value === 'number' ? plainNumber(value) : String(value)
  if (column.type === 'integer' || column.type === 'decimal') return numberCell(text)
  if (column.type === 'day') return dayCell(text)
  return { kind: 'text', text }
}
