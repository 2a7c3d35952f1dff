/** What one process of the export bench is to do. */
export interface ExportJob {
  readonly ownerUrl: string
  readonly dataDir: string
  readonly format: 'csv' | 'xlsx' | 'exceljs'
  readonly template: boolean
  readonly filter: { readonly from: string; readonly to: string }
  /** For exceljs: rows to be written. */
  readonly rows: number
}

/** What it took. */
export interface ExportMeasured {
  readonly rows: number
  readonly seconds: number
  /** Seconds of processor, all threads. */
  readonly cpu: number
  /** Memory of the process in bytes before the work: the server itself with its reference data. */
  readonly idle: number
  /** Peak memory of the process in bytes. */
  readonly rss: number
}
