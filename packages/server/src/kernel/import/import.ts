import { pipeline, type Readable } from 'node:stream'
import type { ImportReport, Permission } from '@vigil/contract'
import { type Caller, scopeFor } from '../access/caller.ts'
import { command } from '../command/command.ts'
import type { Scope, Tx } from '../db/index.ts'
import { forbidden, invalidField } from '../error/problem.ts'
import type { Kernel } from '../kernel.ts'
import {
  type ColumnSpec,
  hashingStream,
  type ImportResult,
  importTable,
  type Parsed,
  type RowProblem,
  TableError,
  writeErrorFile,
} from '../tabular/index.ts'

export interface UploadedFile {
  readonly filename: string
  readonly stream: Readable
}

export interface ImportTask<T> {
  readonly caller: Caller
  readonly permission: Permission
  readonly upload: UploadedFile
  readonly columns: readonly ColumnSpec[]
  /** Name of the action in the audit log, such as `store.import`. */
  readonly action: string
  /** Name of the table in the audit log. */
  readonly object: string
  readonly parse: (values: Record<string, string>, rowNumber: number, scope: Scope) => Parsed<T>
  /** Checks a part of the good rows against the database, before anything is written. */
  readonly check?: (rows: { rowNumber: number; value: T }[], scope: Scope) => Promise<readonly RowProblem[]>
  /** The rows must be checked together, not in parts of 1,000. */
  readonly wholeCheck?: boolean
  /** Writes all good rows in the one transaction of the command. @returns what the audit row tells besides the counts */
  readonly write: (tx: Tx, rows: readonly T[]) => Promise<Record<string, unknown>>
}

const maxRows = 100_000
const maxProblems = 200
const errorFileDays = 7
const mediaTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** A file that cannot be read at all is the sender's error, told as one. */
function asProblem(error: unknown): unknown {
  return error instanceof TableError ? invalidField('/file', error.message, error.code) : error
}

/** The name without extension and without signs that do not belong into a file name. */
const stem = (filename: string): string =>
  [...filename.replace(/\.[^.]*$/, '').replace(/[\\/:*?"<>|\p{Cc}\p{Cf}]/gu, '_')].slice(0, 80).join('') || '导入'

async function saveErrors(
  kernel: Kernel,
  task: Pick<ImportTask<unknown>, 'caller' | 'upload'>,
  path: string,
  result: ImportResult,
): Promise<string | null> {
  if (result.rejectedRows.length === 0) return null
  const format = /\.csv$/i.test(task.upload.filename) ? 'csv' : 'xlsx'
  const file = await kernel.files.save({
    owner: task.caller,
    path,
    filename: `${stem(task.upload.filename)}-错误行.${format}`,
    mediaType: mediaTypes[format],
    source: writeErrorFile({ heads: result.heads, rows: result.rejectedRows, format }),
    expiresDays: errorFileDays,
  })
  return file.id
}

/**
 * Imports an uploaded XLSX or CSV file of at most 100,000 rows. The whole file is read and checked first, so that no
 * transaction waits for a slow line; the good rows are then written in one transaction with one audit row (counts and
 * the file's SHA-256), the bad ones are told with row, column and reason, also as a file to be mended and sent again.
 * @throws Problem 403 without the permission, 400 when the file as a whole cannot be read
 */
export async function importFile<T>(kernel: Kernel, task: ImportTask<T>): Promise<ImportReport> {
  const { caller, permission, upload } = task
  const scope = scopeFor(caller, permission)
  const [path] = scope
  if (path === undefined) throw forbidden()
  const hash = hashingStream()
  pipeline(upload.stream, hash, () => undefined)
  const rows: T[] = []
  const result = await importTable<T>({
    source: hash,
    filename: upload.filename,
    columns: task.columns,
    limits: { maxRows },
    maxKept: maxRows,
    chunkSize: task.wholeCheck ? maxRows : 1000,
    parseRow: (values, rowNumber) => task.parse(values, rowNumber, scope),
    write: async (chunk) => {
      const problems = (await task.check?.(chunk, scope)) ?? []
      const refused = new Set(problems.map((problem) => problem.rowNumber))
      for (const row of chunk) if (!refused.has(row.rowNumber)) rows.push(row.value)
      return problems
    },
  }).catch((error: unknown) => {
    upload.stream.resume()
    throw asProblem(error)
  })
  await command(kernel.db, caller, permission, async (tx, audit) => {
    const detail = rows.length > 0 ? await task.write(tx, rows) : {}
    const { total, accepted, rejected } = result
    await audit({
      action: task.action,
      object: task.object,
      path,
      detail: { total, accepted, rejected, ...hash.result(), ...detail },
    })
  })
  return {
    total: result.total,
    accepted: result.accepted,
    rejected: result.rejected,
    problems: result.problems.slice(0, maxProblems).map(({ rowNumber, column, message }) => ({
      row: rowNumber,
      column: (column ?? '').slice(0, 100),
      detail: message.slice(0, 500),
    })),
    errorFileId: await saveErrors(kernel, task, path, result),
  }
}
