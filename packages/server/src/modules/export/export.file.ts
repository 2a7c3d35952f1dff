import { Problem } from '../../kernel/error/problem.ts'
import {
  type Batches,
  csvBatches,
  headsOf,
  type RowBatch,
  readTemplate,
  SheetFullError,
  type TemplateBook,
  xlsxBatches,
  xlsxFill,
} from '../../kernel/tabular/index.ts'
import { packTraces } from './export.trace.ts'
import type { Exportable, FileBatch, Mapping } from './exportable.ts'
import type { VersionEntry } from './template.store.ts'

export const mediaTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

const tooManyRows = () =>
  new Problem({
    status: 409,
    code: 'too-many-rows',
    title: '行数过多',
    detail: '超过一个工作表可容纳的 1,048,576 行，请缩短期间分次导出，或改用 CSV',
  })

/** Told of rows that went into a file: how many, and the records behind them as `packTraces` packs them. */
export type Note = (rows: number, traces: Uint8Array) => void

/** Passes cells on and notes where they came from. */
export async function* noted(batches: AsyncIterable<FileBatch>, note: Note): AsyncGenerator<RowBatch> {
  for await (const { cells, traces } of batches) {
    yield cells
    note(cells.length, packTraces(traces))
  }
}

/** Number of the first data row as a spreadsheet shows it. */
export const firstRowOf = (format: 'csv' | 'xlsx', version: Pick<VersionEntry, 'headTo'> | undefined): number =>
  format === 'xlsx' && version ? version.headTo + 1 : 2

/**
 * The bytes of a file from its rows.
 * @param version of the template; none for a file of the list's own fields
 * @throws Problem 409 when the rows do not fit into the sheet
 */
export async function* fileChunks(
  list: Pick<Exportable, 'name' | 'columns'>,
  format: 'csv' | 'xlsx',
  version: VersionEntry | undefined,
  batches: Batches,
): AsyncGenerator<Uint8Array, void, undefined> {
  const mapping: Mapping | undefined = version
  const columns = list.columns(mapping)
  try {
    if (format === 'csv') yield* csvBatches(columns, batches)
    else if (!version) yield* xlsxBatches(columns, batches, { sheetName: list.name })
    else {
      const book = await readTemplate(Buffer.from(version.workbook))
      yield* xlsxFill(book, { sheet: version.sheet, headTo: version.headTo, columns }, batches)
    }
  } catch (error) {
    if (error instanceof SheetFullError || error instanceof RangeError) throw tooManyRows()
    throw error
  }
}

/** The heads of a sheet between two rows; undefined when there is no such sheet. */
export function headsIn(book: TemplateBook, sheet: string, headFrom: number, headTo: number) {
  const found = book.sheets.find(({ name }) => name === sheet)
  return found && headsOf(found, headFrom, headTo)
}
