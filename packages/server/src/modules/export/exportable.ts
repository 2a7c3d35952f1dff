import type { MappedColumn } from '@vigil/contract'
import type pg from 'pg'
import type { Field, Grain, List, Resolved } from '../../kernel/export/index.ts'
import type { CellValue, Column } from '../../kernel/tabular/index.ts'
import { type Maker, makerOf, plainMakers } from './export.column.ts'

/** Rows of a file with the records behind them. */
export interface FileBatch {
  readonly cells: CellValue[][]
  readonly traces: readonly { readonly id: string; readonly revision: number }[]
}

/** A mapping as far as rows depend on it; undefined for a file of the list's own fields. */
export interface Mapping {
  readonly grain: Grain
  readonly columns: readonly MappedColumn[]
}

/** A column of a file and the field in it. */
export type FileColumn = Column & { readonly place: number; readonly field: string | undefined }

/** A list whose type of row is known to nobody else. */
export interface Exportable extends Omit<List<never>, 'rows' | 'trace' | 'fields'> {
  readonly fields: readonly Omit<Field<never>, 'value'>[]
  readonly traced: boolean
  columns(mapping: Mapping | undefined): readonly FileColumn[]
  /** Rows of the file in batches; the client's scope is the filter's. */
  batches(
    client: pg.ClientBase,
    filter: Resolved,
    mapping: Mapping | undefined,
    clear: boolean,
  ): AsyncGenerator<FileBatch, void, undefined>
}

/** The columns of a file by a mapping, or of its own fields, in the order of the sheet. */
export function makersOf<R>(
  list: Pick<List<R>, 'fields'>,
  mapping: Mapping | undefined,
  clear: boolean,
  plainFields = list.fields.length,
): Maker<R>[] {
  if (!mapping) return plainMakers(list.fields.slice(0, plainFields), clear)
  const fields = new Map(list.fields.map((field) => [field.key, field]))
  return mapping.columns.map((column) => makerOf(fields, column, column.head, clear))
}

type Rows<R> = AsyncIterable<R[]> | Iterable<R[]>

/** The rows of a list as the cells of a file, in the batches in which they come. @param made columns of the file */
export async function* batchesOf<R>(
  rows: Rows<R>,
  made: readonly Maker<R>[],
  trace: List<R>['trace'],
): AsyncGenerator<FileBatch, void, undefined> {
  let number = 0
  for await (const batch of rows) {
    const cells = batch.map((row) => {
      number++
      return made.map(({ make }) => make(row, number))
    })
    yield { cells, traces: trace ? batch.map(trace) : [] }
  }
}

/** A list as the export works with it. @param plainFields how many fields a file without a template has */
export function exportable<R>(list: List<R>, plainFields = list.fields.length): Exportable {
  const { rows, trace, fields, ...rest } = list
  return {
    ...rest,
    fields,
    traced: trace !== undefined,
    columns: (mapping) => makersOf(list, mapping, false, plainFields),
    batches: (client, filter, mapping, clear) =>
      batchesOf(rows(client, filter, mapping?.grain ?? 'record'), makersOf(list, mapping, clear, plainFields), trace),
  }
}
