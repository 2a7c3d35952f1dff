// The one engine by which every import and export reads and writes tables (XLSX, CSV).

export { type Batches, inBatches, type RowBatch } from './batch.ts'
export type { CellValue, Column } from './column.ts'
export { type CsvOptions, csvBatches, csvChunks, csvWriter } from './csv-write.ts'
export {
  type ErrorFileOptions,
  type RejectedRow,
  reasonText,
  withoutErrorColumns,
  writeErrorFile,
} from './error-file.ts'
export { protect, unprotect } from './formula.ts'
export { type HashingStream, hashingStream } from './hash.ts'
export { headSignature } from './head.ts'
export { type ImportOptions, type ImportProgress, type ImportResult, importTable, type Parsed } from './import.ts'
export { lookTable, openTable, readTable, type Table, type TableLook } from './read.ts'
export {
  headsOf,
  maxTemplateBytes,
  readTemplate,
  type TemplateBook,
  type TemplateHead,
  type TemplateSheet,
} from './template-book.ts'
export { clean } from './text.ts'
export {
  type CellProblem,
  type ColumnSpec,
  defaultLimits,
  type ReadOptions,
  type RowProblem,
  TableError,
  type TableErrorCode,
  type TableLimits,
  type TableRow,
  type TableSource,
} from './types.ts'
export { type FillColumn, SheetFullError, xlsxFill } from './xlsx-fill.ts'
export { excelRows, type XlsxOptions, xlsxBatches, xlsxChunks, xlsxWriter } from './xlsx-write.ts'
export { type ZipPart, zipChunks } from './zip-write.ts'
