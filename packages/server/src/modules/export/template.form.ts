import type { ExportList, TemplateColumn } from '@vigil/contract'
import type { FormColumn } from './template.workbook.ts'

/** A template that every installation starts with: made up from a list's fields in the manner of the table that is asked for. */
export interface SeededTemplate {
  /** Under which name it is remembered that it was added. */
  readonly setting: string
  readonly list: ExportList
  readonly grain: 'record' | 'item'
  readonly name: string
  readonly title: string
  readonly explanation: readonly string[]
  readonly form: readonly (FormColumn & { readonly fill: Omit<TemplateColumn, 'column'> })[]
}

type Cell = Omit<TemplateColumn, 'column'>
/** A cell filled by a field of the list. */
export const field = (key: string, rest: Partial<Cell> = {}): Cell => ({ source: 'field', field: key, ...rest })
/** Codes that a table asks for instead of the words. */
export const codes = (pairs: Readonly<Record<string, string>>) => ({
  codes: Object.entries(pairs).map(([value, code]) => ({ value, code })),
})
/** A column of the form: its group, if it has one, its head, its width and what fills it. */
export const column = (
  group: string | null,
  head: string,
  width: number,
  fill: Cell,
  style: FormColumn['style'] = 'text',
): FormColumn & { readonly fill: Cell } => ({ group, head, width, style, fill })
