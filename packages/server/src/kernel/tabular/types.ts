import type { Readable } from 'node:stream'

/** Where a table comes from: a stream (upload), bytes in memory, or the path of a file. */
export type TableSource = Readable | Buffer | string

/** One column that an import knows. `heads` are the accepted Chinese and English names; the first is used in messages. */
export type ColumnSpec = { key: string; heads: readonly string[]; required?: boolean }

/** Why a cell cannot be taken; `column` is the head as it stands in the file. */
export type CellProblem = { column: string; message: string }

/** Why a row was not taken; `rowNumber` is the number beside the row in the spreadsheet. */
export type RowProblem = { rowNumber: number; column?: string; message: string }

/**
 * One data row. `values` holds every known key ('' when the column or the cell is absent), `raw` the cells in the
 * order of the file, `problems` what reading found wrong with cells of known columns (usually empty).
 */
export type TableRow = {
  rowNumber: number
  values: Record<string, string>
  raw: string[]
  problems: CellProblem[]
}

/** Bounds that keep a hostile or mistaken file from exhausting the server. Sizes in bytes, lengths in characters. */
export type TableLimits = {
  maxRows: number
  maxColumns: number
  maxCellLength: number
  /** Size of an XLSX file as uploaded: it is held in memory, so that no clear copy lies on a disk. */
  maxFileBytes: number
  maxUncompressedBytes: number
  /** Uncompressed size of the shared strings of a workbook, the one part that must be held in memory. */
  maxStringBytes: number
  /** Uncompressed size divided by compressed size; only judged from 16 MiB on, as small files compress without harm. */
  maxCompressionRatio: number
}

export const defaultLimits: TableLimits = {
  maxRows: 1_000_000,
  maxColumns: 500,
  maxCellLength: 32_767,
  maxFileBytes: 256 * 1024 ** 2,
  maxUncompressedBytes: 2 * 1024 ** 3,
  maxStringBytes: 384 * 1024 ** 2,
  maxCompressionRatio: 250,
}

export type ReadOptions = {
  /** Name as uploaded; its extension must agree with the content. */
  filename: string
  columns: readonly ColumnSpec[]
  limits?: Partial<TableLimits>
  /** Name of the worksheet; otherwise the first visible sheet whose heads match. */
  sheet?: string
  /** Where a person says that the columns are: number of the head's row, zero-based column of each key. Heads are then not searched. */
  assigned?: { headRow: number; columnOf: Readonly<Record<string, number>> }
}

export type TableErrorCode =
  | 'empty-file'
  | 'unsupported-format'
  | 'wrong-extension'
  | 'legacy-xls'
  | 'encrypted'
  | 'damaged'
  | 'bad-encoding'
  | 'zip-bomb'
  | 'too-large'
  | 'too-many-rows'
  | 'too-many-columns'
  | 'no-head'
  | 'missing-column'
  | 'duplicate-column'

/** The file as a whole cannot be read. `message` is Chinese and meant for the person, `details` for programs. */
export class TableError extends Error {
  readonly code: TableErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: TableErrorCode, message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'TableError'
    this.code = code
    this.details = details
  }
}

/** One row of cells as the format delivers it, before heads are known. `problems` is keyed by column index. */
export type GridRow = { rowNumber: number; cells: string[]; problems?: Map<number, string> }

/** A sheet as an iterable of rows, and how much of it has been read (0–1, undefined when the size is unknown). */
export type Grid = { name: string; rows: AsyncGenerator<GridRow, void, undefined>; progress: () => number | undefined }
