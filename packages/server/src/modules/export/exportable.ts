import type { ExportList, MappedColumn } from '@vigil/contract'
import type pg from 'pg'
import type { Field, Grain, List, Resolved } from '../../kernel/export/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { CellValue, Column } from '../../kernel/tabular/index.ts'
import { followupList } from '../followup/index.ts'
import { openingList } from '../opening/index.ts'
import {
  clinicList,
  drugList,
  type Purchases,
  plainPurchaseFields,
  purchaseList,
  type Reference,
  storeList,
} from '../pharmacy/index.ts'
import { staffList } from '../staff/index.ts'
import { type Maker, makerOf, plainMakers } from './export.column.ts'
import { importList } from './lists.import.ts'
import { accountList, areaList, auditList, partyList } from './lists.kernel.ts'

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

/** A list as the export works with it. @param plainFields how many fields a file without a template has */
export function exportable<R>(list: List<R>, plainFields = list.fields.length): Exportable {
  const { rows, trace, fields, ...rest } = list
  const makers = (mapping: Mapping | undefined, clear: boolean) => makersOf(list, mapping, clear, plainFields)
  return {
    ...rest,
    fields,
    traced: trace !== undefined,
    columns: (mapping) => makers(mapping, false),
    batches: async function* (client, filter, mapping, clear) {
      const made = makers(mapping, clear).map(({ make }) => make)
      let number = 0
      for await (const batch of rows(client, filter, mapping?.grain ?? 'record')) {
        const cells = batch.map((row) => {
          number++
          return made.map((make) => make(row, number))
        })
        yield { cells, traces: trace ? batch.map(trace) : [] }
      }
    },
  }
}

/** What the module works with in one process. */
export interface Exporter {
  readonly kernel: Kernel
  readonly purchases: Purchases
  readonly reference: Reference
  readonly lists: ReadonlyMap<ExportList, Exportable>
}

/** All lists that can be taken out. @param more those of modules that themselves need this one */
export function createExporter(kernel: Kernel, purchases: Purchases, more: readonly Exportable[] = []): Exporter {
  const { reference } = purchases
  const lists = [
    exportable(purchaseList(kernel, purchases), plainPurchaseFields),
    exportable(storeList(reference)),
    exportable(drugList(reference)),
    exportable(clinicList(reference)),
    exportable(partyList(reference)),
    exportable(areaList(reference)),
    exportable(accountList(reference)),
    exportable(auditList(reference)),
    exportable(importList(reference)),
    exportable(openingList(reference)),
    exportable(staffList(kernel, reference)),
    exportable(followupList(kernel, reference)),
    ...more,
  ]
  return { kernel, purchases, reference, lists: new Map(lists.map((list) => [list.key, list])) }
}
