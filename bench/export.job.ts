/** What one process of the export bench is to do. */
export interface ExportJob {
  readonly ownerUrl: string
  readonly dataDir: string
  /** `exceljs` and `writer` write rows that are in memory; the others go the whole path. */
  readonly format: 'csv' | 'xlsx' | 'exceljs' | 'writer'
  readonly template: boolean
  readonly filter: { readonly from: string; readonly to: string }
  /** For rows that are in memory: how many. */
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
