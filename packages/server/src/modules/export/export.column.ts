import { dayOf } from '@vigil/codes'
import type { TemplateColumn } from '@vigil/contract'
import type { Field } from '../../kernel/export/index.ts'
import type { CellValue, Column } from '../../kernel/tabular/index.ts'

/** A column of a file: its place in the sheet (counted from 1), its head, and its cell for each row. */
export interface Maker<R> extends Column {
  readonly place: number
  /** Field that the cell comes from; undefined for constants and numbers. */
  readonly field: string | undefined
  /** @param number running number of the row in the file, from 1 */
  readonly make: (row: R, number: number) => CellValue
}

const separator = '、'

/** Day and time of Asia/Shanghai by a pattern of YYYY MM M DD D HH mm ss; what is no time stays as it is. */
export function formatDate(value: Date | string, pattern: string): string {
  const time = value instanceof Date ? value : new Date(`${value}T00:00:00+08:00`)
  if (Number.isNaN(time.getTime())) return String(value)
  const wall = new Date(time.getTime() + 8 * 3_600_000)
  const [year = '', month = '', day = ''] = dayOf(time).split('-')
  const two = (part: number) => String(part).padStart(2, '0')
  const parts: Readonly<Record<string, string>> = {
    YYYY: year,
    MM: month,
    M: String(Number(month)),
    DD: day,
    D: String(Number(day)),
    HH: two(wall.getUTCHours()),
    mm: two(wall.getUTCMinutes()),
    ss: two(wall.getUTCSeconds()),
  }
  return pattern.replace(/YYYY|MM|M|DD|D|HH|mm|ss/g, (part) => parts[part]!)
}

/** A value as text, as a file without template shows it. */
export function plainText(value: CellValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? '是' : '否'
  return value instanceof Date ? formatDate(value, 'YYYY-MM-DD HH:mm:ss') : String(value)
}

/** Translates a value, or each of several in one cell, by a list of codes. */
function translator(column: TemplateColumn): ((text: string) => string) | undefined {
  if (!column.codes?.length && column.otherwise === undefined) return undefined
  const codes = new Map(column.codes?.map(({ value, code }) => [value, code]))
  const one = (text: string) => codes.get(text) ?? column.otherwise ?? text
  const known = new Map<string, string>()
  return (text) => {
    if (text === '') return text
    let code = known.get(text)
    if (code === undefined) {
      code = codes.has(text) ? one(text) : text.split(separator).map(one).join(separator)
      if (known.size < 10_000) known.set(text, code)
    }
    return code
  }
}

/** The form of a field's value that a column asks for, and the type of the cell then. */
function formOf(
  column: TemplateColumn,
  type: Column['type'],
): { type: Column['type']; form: (v: CellValue) => CellValue } {
  const { pattern, decimals } = column
  const translate = translator(column)
  if (translate) return { type: 'text', form: (value) => translate(plainText(value)) }
  if (pattern && (type === 'datetime' || type === 'day'))
    return {
      type: 'text',
      form: (value) => (value instanceof Date || typeof value === 'string' ? formatDate(value, pattern) : ''),
    }
  if (decimals !== undefined && (type === 'integer' || type === 'decimal'))
    return {
      type: 'decimal',
      form: (value) => (value === null || value === undefined || value === '' ? null : Number(value).toFixed(decimals)),
    }
  return { type, form: (value) => value }
}

const width = (field: Field<never> | undefined) => (field?.width === undefined ? {} : { width: field.width })

/** What fills a column of a template. @throws Error for a field that the list does not have: `problemsOf` tells it before */
export function makerOf<R>(
  fields: ReadonlyMap<string, Field<R>>,
  column: TemplateColumn,
  head: string,
  clear: boolean,
): Maker<R> {
  const place = column.column
  const base = { place, head, field: undefined }
  const field = (key: string | undefined) => {
    const found = key === undefined ? undefined : fields.get(key)
    if (!found) throw new Error(`unknown field ${key}`)
    return found
  }
  if (column.source === 'constant') {
    const { constant = '' } = column
    return { ...base, type: 'text', make: () => constant }
  }
  if (column.source === 'number') return { ...base, type: 'integer', make: (_row, number) => number }
  if (column.source === 'empty') return { ...base, type: 'text', make: () => null }
  if (column.source === 'join') {
    const joined = (column.fields ?? []).map(field)
    const translate = translator(column) ?? ((text: string) => text)
    return {
      ...base,
      type: 'text',
      field: joined[0]?.key,
      make: (row) =>
        translate(
          joined
            .map(({ value }) => plainText(value(row, clear)))
            .filter((text) => text !== '')
            .join(column.separator ?? ''),
        ),
    }
  }
  const source = field(column.field)
  const { type, form } = formOf(column, source.type)
  const { value, key } = source
  return { ...base, ...width(source), type, field: key, make: (row) => form(value(row, clear)) }
}

/** The columns of a file without a template: the fields themselves. */
export const plainMakers = <R>(fields: readonly Field<R>[], clear: boolean): Maker<R>[] =>
  fields.map(({ key, name, type, value, ...rest }, at) => ({
    ...width(rest as Field<never>),
    place: at + 1,
    head: name,
    type,
    field: key,
    make: (row) => value(row, clear),
  }))
