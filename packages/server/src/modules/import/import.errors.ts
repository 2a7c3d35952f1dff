import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import { diskProblem } from '../../kernel/file/disk.ts'
import { errorFormat, type ImportKind, mediaTypes, stem } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type RejectedRow, withoutErrorColumns, writeErrorFile } from '../../kernel/tabular/index.ts'
import { openRun } from './import.pass.ts'
import { keptRefused, type Run } from './import.store.ts'

/** Days for which an error file can be fetched. */
export const errorFileDays = 7

/**
 * Writes the refused rows of a run with their reasons, in the columns of the original, which is read once more for them: so
 * no clear cell of a person lies in the database meanwhile.
 * @param link runs in the transaction that makes the file known
 * @throws Problem 507 when the disk is full: nothing is lost, the run can go on here
 */
export async function saveErrorFile(
  kernel: Kernel,
  kind: ImportKind,
  run: Run,
  link: (tx: Tx, fileId: string) => Promise<void>,
): Promise<void> {
  const { table } = await openRun(kernel, run, kind.columns, false)
  const project = withoutErrorColumns(table.heads, new Set(table.columnOf.values()))
  const read = <T>(work: (tx: Tx) => Promise<T>) => withScope(kernel.db, systemScope, work)
  async function* rejected(): AsyncGenerator<RejectedRow> {
    const refused = keptRefused(read, kernel.vault, run.id)
    let next = await refused.next()
    for await (const { rowNumber, raw } of table.rows) {
      if (next.done) return
      if (next.value.row !== rowNumber) continue
      const problems = next.value.problems.map(({ column, message }) => ({
        rowNumber,
        message,
        ...(column !== undefined && { column }),
      }))
      yield { rowNumber, raw: project(raw), problems }
      next = await refused.next()
    }
  }
  const format = errorFormat(run.filename)
  try {
    await kernel.files.save({
      owner: run.ownerId ? { id: run.ownerId } : null,
      path: run.path,
      filename: `${stem(run.filename)}-错误行.${format}`,
      mediaType: mediaTypes[format],
      source: writeErrorFile({ heads: project(table.heads), rows: rejected(), format }),
      expiresDays: errorFileDays,
      direct: false,
      link: (tx, { id }) => link(tx, id),
    })
  } catch (error) {
    throw diskProblem(error)
  } finally {
    await table.close()
  }
}
