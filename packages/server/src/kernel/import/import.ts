import { pipeline, type Readable } from 'node:stream'
import type { ImportReport } from '@vigil/contract'
import { type Caller, scopeFor } from '../access/caller.ts'
import { command } from '../command/command.ts'
import { forbidden, invalidField } from '../error/problem.ts'
import type { Kernel } from '../kernel.ts'
import { hashingStream, type ImportResult, importTable, TableError, writeErrorFile } from '../tabular/index.ts'
import type { WholeKind } from './kind.ts'

export interface UploadedFile {
  readonly filename: string
  readonly stream: Readable
}

/** Rows of a file that is written in one transaction. */
export const maxRows = 100_000
const maxProblems = 200
const errorFileDays = 7
export const mediaTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** A file that cannot be read at all is the sender's error, told as one. */
export function asProblem(error: unknown): unknown {
  return error instanceof TableError ? invalidField('/file', error.message, error.code) : error
}

/** The name without extension and without signs that do not belong into a file name. */
export const stem = (filename: string): string =>
  [...filename.replace(/\.[^.]*$/, '').replace(/[\\/:*?"<>|\p{Cc}\p{Cf}]/gu, '_')].slice(0, 80).join('') || '导入'

/** An error file has the format of the file that it came from, text apart. */
export const errorFormat = (filename: string): 'csv' | 'xlsx' => (/\.xls[xm]$/i.test(filename) ? 'xlsx' : 'csv')

async function saveErrors(
  kernel: Kernel,
  caller: Caller,
  filename: string,
  path: string,
  result: ImportResult,
): Promise<string | null> {
  if (result.rejectedRows.length === 0) return null
  const format = errorFormat(filename)
  const file = await kernel.files.save({
    owner: caller,
    path,
    filename: `${stem(filename)}-错误行.${format}`,
    mediaType: mediaTypes[format],
    source: writeErrorFile({ heads: result.heads, rows: result.rejectedRows, format }),
    expiresDays: errorFileDays,
  })
  return file.id
}

/**
 * Imports an uploaded XLSX or CSV file of at most 100,000 rows at once. The whole file is read and checked first, so that no
 * transaction waits for a slow line; the good rows are then written in one transaction with one audit row (counts and
 * the file's SHA-256), the bad ones are told with row, column and reason, also as a file to be mended and sent again.
 * @throws Problem 403 without the permission, 400 when the file as a whole cannot be read
 */
export async function importFile(
  kernel: Kernel,
  kind: WholeKind,
  caller: Caller,
  upload: UploadedFile,
): Promise<ImportReport> {
  const scope = scopeFor(caller, kind.permission)
  const [path] = scope
  if (path === undefined) throw forbidden()
  const plan = await kind.open(caller, scope)
  const hash = hashingStream()
  pipeline(upload.stream, hash, () => undefined)
  const rows: unknown[] = []
  const result = await importTable({
    source: hash,
    filename: upload.filename,
    columns: kind.columns,
    limits: { maxRows },
    maxKept: maxRows,
    chunkSize: plan.wholeCheck ? maxRows : 1000,
    parseRow: (values, rowNumber) => plan.parse(values, rowNumber),
    write: async (chunk) => {
      const problems = (await plan.check?.(chunk)) ?? []
      const refused = new Set(problems.map((problem) => problem.rowNumber))
      for (const row of chunk) if (!refused.has(row.rowNumber)) rows.push(row.value)
      return problems
    },
  }).catch((error: unknown) => {
    upload.stream.resume()
    throw asProblem(error)
  })
  await command(kernel.db, caller, kind.permission, async (tx, audit) => {
    const detail = rows.length > 0 ? await plan.write(tx, rows) : {}
    const { total, accepted, rejected } = result
    await audit({
      action: kind.action,
      object: kind.object,
      path,
      detail: { total, accepted, rejected, ...hash.result(), ...detail },
    })
  })
  if (rows.length > 0) await plan.written?.()
  return {
    total: result.total,
    accepted: result.accepted,
    rejected: result.rejected,
    problems: result.problems.slice(0, maxProblems).map(({ rowNumber, column, message }) => ({
      row: rowNumber,
      column: (column ?? '').slice(0, 100),
      detail: message.slice(0, 500),
    })),
    errorFileId: await saveErrors(kernel, caller, upload.filename, path, result),
  }
}
