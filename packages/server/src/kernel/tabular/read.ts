import { type OpenSource, openSource, tooLargeFile } from './bytes.ts'
import { openCsv } from './csv-read.ts'
import { assignedHead, findHead, guessHead, type Head, headSearchRows, type LooseHead, noHead } from './head.ts'
import { clean } from './text.ts'
import {
  defaultLimits,
  type Grid,
  type GridRow,
  type ReadOptions,
  TableError,
  type TableLimits,
  type TableRow,
  type TableSource,
} from './types.ts'
import { openXlsx } from './xlsx-read.ts'

/** A table whose head has been found. Iterate `rows` once; leaving the loop early or `close` frees the source. */
export type Table = {
  format: 'xlsx' | 'csv'
  sheet: string
  /** Heads as written in the file, in its order; '' where the head cell is empty. */
  heads: string[]
  headRowNumber: number
  /** Zero-based column of each known key that the file has. */
  columnOf: ReadonlyMap<string, number>
  rows: AsyncIterable<TableRow>
  /** Share of the file read so far, 0–1; undefined when its size is unknown. */
  progress: () => number | undefined
  close: () => Promise<void>
}

const textExtensions = ['csv', 'tsv', 'txt']
const workbookExtensions = ['xlsx', 'xlsm']

function formatOf(head: Buffer, filename: string): 'xlsx' | 'csv' {
  if (head.length === 0) throw emptyFile()
  const extension = /\.([^.]+)$/.exec(filename.trim())?.[1]?.toLowerCase() ?? ''
  const zip = head.length >= 4 && head.readUInt32BE(0) === 0x504b0304
  if (head.length >= 4 && head.readUInt32BE(0) === 0xd0cf11e0) {
    if (workbookExtensions.includes(extension)) {
      throw new TableError('encrypted', '文件设有密码或是旧版 .xls 改名而来，请去掉密码并另存为 .xlsx 后再上传', {
        extension,
      })
    }
    throw new TableError('legacy-xls', '不支持旧版 .xls（或 .et）文件，请用 Excel 或 WPS 另存为 .xlsx 后再上传', {
      extension,
    })
  }
  if (zip && workbookExtensions.includes(extension)) return 'xlsx'
  if (zip && (textExtensions.includes(extension) || extension === 'xls')) {
    throw new TableError(
      'wrong-extension',
      `文件扩展名是 .${extension}，内容却是压缩包或 Excel 工作簿，请核对后用 .xlsx 上传`,
      {
        extension,
      },
    )
  }
  if (!zip && textExtensions.includes(extension)) {
    const known = ['%PDF', '\x89PNG', '\xff\xd8\xff', 'Rar!', '7z\xbc\xaf', '\x1f\x8b'].some((magic) =>
      head.toString('latin1', 0, 8).startsWith(magic),
    )
    if (!known) return 'csv'
    throw new TableError('wrong-extension', `文件扩展名是 .${extension}，内容却不是文本表格`, { extension })
  }
  if (!zip && (workbookExtensions.includes(extension) || extension === 'xls')) {
    const message = `文件扩展名是 .${extension}，内容却不是 Excel 工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传`
    throw new TableError('wrong-extension', message, { extension })
  }
  throw new TableError('unsupported-format', '只支持 .xlsx 和 .csv 文件', { extension })
}

function emptyFile(): TableError {
  return new TableError('empty-file', '文件是空的，没有任何内容')
}

/**
 * Opens a table and finds its head: the first ten rows with content of each visible sheet are tried in order.
 * Throws TableError (see TableErrorCode); later errors come while iterating `rows`.
 */
export async function openTable(source: TableSource, options: ReadOptions): Promise<Table> {
  const limits: TableLimits = { ...defaultLimits, ...options.limits }
  const opened = await openSource(source)
  const started: Grid[] = []
  const close = async (): Promise<void> => {
    for (const grid of started) await grid.rows.return()
    await opened.close()
  }
  try {
    const format = formatOf(opened.head, options.filename)
    const grids = await gridsOf(format, opened, limits, options)
    let content = false
    let failure: TableError | undefined
    for (const grid of grids) {
      started.push(grid)
      const first = await firstRows(grid)
      content ||= first.length > 0
      try {
        const head = options.assigned
          ? assignedHead(first, options.columns, options.assigned)
          : findHead(first, options.columns)
        if (head) {
          const after = first.filter((row) => row.rowNumber > head.rowNumber)
          const rows = tableRows(head, after, grid, options, limits, close)
          const { heads, rowNumber, columnOf } = head
          return {
            format,
            sheet: grid.name,
            heads,
            headRowNumber: rowNumber,
            columnOf,
            rows,
            progress: grid.progress,
            close,
          }
        }
      } catch (error) {
        // A sheet of instructions may name a column too; another sheet may still fit.
        if (!(error instanceof TableError)) throw error
        failure ??= error
      }
      await grid.rows.return()
    }
    throw failure ?? (content ? noHead(options.columns) : emptyFile())
  } catch (error) {
    await close()
    throw error
  }
}

/** What a file looks like before anything is demanded of it. */
export type TableLook = Omit<LooseHead, 'rowNumber'> & {
  format: 'xlsx' | 'csv'
  sheet: string
  headRowNumber: number
  /** The first rows below the head, cells in the order of the file. */
  samples: string[][]
}

/**
 * Looks at a table: the sheet and the row that name the most known columns, or at least have the most cells, and the rows
 * below. Throws TableError when the file cannot be read at all or is empty.
 */
export async function lookTable(source: TableSource, options: ReadOptions): Promise<TableLook> {
  const limits: TableLimits = { ...defaultLimits, ...options.limits }
  const opened = await openSource(source)
  const started: Grid[] = []
  try {
    const format = formatOf(opened.head, options.filename)
    let best: TableLook | undefined
    for (const grid of await gridsOf(format, opened, limits, options)) {
      started.push(grid)
      const first = await firstRows(grid)
      const head = guessHead(first, options.columns)
      if (!head || (best && best.columnOf.size >= head.columnOf.size)) continue
      const { rowNumber, ...rest } = head
      const samples = first.filter((row) => row.rowNumber > rowNumber).map((row) => row.cells.map(clean))
      best = { format, sheet: grid.name, headRowNumber: rowNumber, samples, ...rest }
    }
    if (!best) throw emptyFile()
    return best
  } finally {
    for (const grid of started) await grid.rows.return()
    await opened.close()
  }
}

const gridsOf = async (
  format: 'xlsx' | 'csv',
  opened: OpenSource,
  limits: TableLimits,
  options: ReadOptions,
): Promise<Grid[]> =>
  format === 'xlsx' ? xlsxGrids(opened, limits, options) : [await openCsv(opened, options.columns, limits)]

async function xlsxGrids(opened: OpenSource, limits: TableLimits, options: ReadOptions): Promise<Grid[]> {
  if ((opened.size ?? 0) > limits.maxFileBytes) throw tooLargeFile(limits.maxFileBytes)
  return openXlsx(await opened.random(limits.maxFileBytes), limits, options.sheet)
}

function isBlank(row: GridRow): boolean {
  return row.problems === undefined && row.cells.every((cell) => clean(cell) === '')
}

async function firstRows(grid: Grid): Promise<GridRow[]> {
  const rows: GridRow[] = []
  while (rows.length < headSearchRows) {
    const next = await grid.rows.next()
    if (next.done) break
    if (!isBlank(next.value)) rows.push(next.value)
  }
  return rows
}

async function* tableRows(
  head: Head,
  after: GridRow[],
  grid: Grid,
  options: ReadOptions,
  limits: TableLimits,
  close: () => Promise<void>,
): AsyncGenerator<TableRow, void, undefined> {
  let count = 0
  const plan = planOf(head, options)
  const take = (row: GridRow): TableRow => {
    count += 1
    if (count > limits.maxRows) {
      throw new TableError('too-many-rows', `数据超过 ${limits.maxRows} 行，请拆成几个文件分别上传`, {
        maxRows: limits.maxRows,
      })
    }
    return tableRow(row, plan, limits)
  }
  try {
    for (const row of after) yield take(row)
    for await (const row of grid.rows) if (!isBlank(row)) yield take(row)
  } finally {
    await close()
  }
}

/** How rows are read under a head: every known key empty, and where those that the file has stand. */
function planOf(head: Head, options: ReadOptions) {
  const blank = Object.fromEntries(options.columns.map(({ key }) => [key, '']))
  const places = options.columns.flatMap(({ key }) => {
    const at = head.columnOf.get(key)
    return at === undefined ? [] : [{ key, at, column: head.heads[at] ?? key }]
  })
  return { blank, places, width: head.heads.length }
}

function tableRow(row: GridRow, { blank, places, width }: ReturnType<typeof planOf>, limits: TableLimits): TableRow {
  const raw = row.cells.map(clean)
  while (raw.length < width) raw.push('')
  const values: Record<string, string> = { ...blank }
  const problems: TableRow['problems'] = []
  for (const { key, at, column } of places) {
    let text = raw[at] ?? ''
    if (text.length > limits.maxCellLength) {
      text = text.slice(0, limits.maxCellLength)
      raw[at] = text
      problems.push({ column, message: `内容超过 ${limits.maxCellLength} 个字符` })
    }
    const message = row.problems?.get(at)
    if (message !== undefined) problems.push({ column, message })
    values[key] = text
  }
  return { rowNumber: row.rowNumber, values, raw, problems }
}

/**
 * Reads the data rows of an XLSX or CSV file one by one, in bounded memory; blank rows are left out. The source is
 * closed at the end, at an error and when the loop is left early. Throws TableError with a Chinese message.
 */
export async function* readTable(source: TableSource, options: ReadOptions): AsyncGenerator<TableRow, void, undefined> {
  const table = await openTable(source, options)
  yield* table.rows
}
