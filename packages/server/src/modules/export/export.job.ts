import { sql } from 'kysely'
import { systemCaller } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf } from '../../kernel/command/command.ts'
import { readScope, systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import { conflict, Problem } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type CellValue, csvChunks, xlsxChunks } from '../../kernel/tabular/index.ts'
import { VaultError } from '../../kernel/vault/index.ts'
import type { Purchases } from '../pharmacy/index.ts'
import { purchaseColumns } from './export.domain.ts'
import { unsealFilter } from './export.filter.ts'
import { countPurchases, exportRows } from './export.read.ts'
import { beginAttempt, dropMonth, type ExportEntry, findExport, takeStale, updateRunning } from './export.store.ts'

export const exportQueue = 'export.run'
/** Attempts, those of killed processes included, after which an export is given up. */
const maxAttempts = 5
const progressMs = 1_000
const staleSeconds = 60
const workers = 2
const mediaTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

const inSystem = <T>(kernel: Kernel, work: (tx: Tx) => Promise<T>): Promise<T> =>
  withScope(kernel.db, systemScope, work)

/** Passes rows on and writes their number into the export at most once a second. */
async function* withProgress(kernel: Kernel, id: string, rows: AsyncIterable<CellValue[]>, counted: { rows: number }) {
  let told = performance.now()
  for await (const row of rows) {
    yield row
    counted.rows++
    if (performance.now() - told < progressMs) continue
    told = performance.now()
    if (!(await inSystem(kernel, (tx) => updateRunning(tx, id, { rows: counted.rows })))) throw stopped()
  }
}

const stopped = () => conflict('导出已停止', 'stopped')

async function finish(tx: Tx, row: ExportEntry, file: { bytes: number; sha256: string; rows: number }) {
  const { bytes, sha256, rows } = file
  if (!(await updateRunning(tx, row.id, { status: 'ready', rows, bytes, sha256, error: null, fileId: row.id })))
    throw stopped()
  await record(
    tx,
    auditOf(systemCaller('导出任务', []), {
      action: 'export.finish',
      object: `export:${row.number}`,
      path: row.path,
      detail: { rows, bytes, sha256 },
    }),
  )
}

/** Writes the file of one export from one snapshot of the database; written again, it replaces what was there. */
async function write(kernel: Kernel, purchases: Purchases, tx: Tx, row: ExportEntry): Promise<void> {
  const filter = unsealFilter(kernel.vault, row.id, row.sealedFilter)
  const expectedRows = await countPurchases(tx, filter)
  await inSystem(kernel, (own) => updateRunning(own, row.id, { expectedRows }))
  const counted = { rows: 0 }
  const cells = withProgress(kernel, row.id, exportRows(kernel, purchases, tx, filter, row.clear), counted)
  await kernel.files.save({
    id: row.id,
    owner: { id: row.ownerId },
    path: row.path,
    filename: `${row.number}.${row.format}`,
    mediaType: mediaTypes[row.format],
    source:
      row.format === 'csv'
        ? csvChunks(purchaseColumns, cells)
        : xlsxChunks(purchaseColumns, cells, { sheetName: '购药登记' }),
    expiresDays: (row.expiresAt.getTime() - kernel.clock.now().getTime()) / 86_400_000,
    direct: false,
    link: (own, file) => finish(own, row, { ...file, ...counted }),
  })
}

/** Why an export failed for good, in Chinese; undefined when another attempt may succeed. */
function reasonOf(error: unknown, attempts: number): string | undefined {
  if (error instanceof Problem || error instanceof VaultError) return error.message
  return attempts >= maxAttempts ? '导出时系统出错，请重新导出；仍不成功请联系系统管理员' : undefined
}

/**
 * Makes the file of an export; safe to run again at any time, and does nothing while another process is at it. Errors
 * that will not pass by themselves end the export with a reason, others are thrown, so that the queue tries again.
 */
export async function runExport(kernel: Kernel, purchases: Purchases, id: string): Promise<void> {
  const found = await inSystem(kernel, (tx) => findExport(tx, id))
  if (found?.status !== 'running') return
  await readScope(kernel.db, found.scope, async (tx) => {
    // Held until this transaction ends, so it falls with the connection of a process that is killed.
    const { rows: locks } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('export'), hashtext(${id})) as mine`.execute(tx)
    const row = locks[0]!.mine ? await inSystem(kernel, (own) => beginAttempt(own, id)) : undefined
    if (!row) return
    try {
      await write(kernel, purchases, tx, row)
    } catch (error) {
      const reason = reasonOf(error, row.attempts)
      if (reason === undefined) throw error
      await inSystem(kernel, (own) => updateRunning(own, id, { status: 'failed', error: reason.slice(0, 300) }))
    }
  })
}

/** Sends again the exports whose process died. @returns how many */
export async function resumeExports(kernel: Kernel, seconds = staleSeconds): Promise<number> {
  return inSystem(kernel, async (tx) => {
    const ids = await takeStale(tx, seconds)
    for (const id of ids) await kernel.jobs.send(tx, exportQueue, { id })
    return ids.length
  })
}

/**
 * Starts the workers of this process, takes up what a killed one left, and lets files go with a shredded month.
 * @returns ends the look-out for exports left behind; the workers end with the queue
 */
export async function startExports(
  kernel: Kernel,
  purchases: Purchases,
  logError: (error: unknown) => void,
): Promise<() => void> {
  kernel.vault.onShred(async (tx, month) => {
    await kernel.files.forget(tx, await dropMonth(tx, month))
    return 0
  })
  for (let worker = 0; worker < workers; worker++)
    await kernel.jobs.work(exportQueue, ({ id }) => runExport(kernel, purchases, String(id)))
  await resumeExports(kernel)
  const timer = setInterval(() => void resumeExports(kernel).catch(logError), (staleSeconds * 1000) / 2).unref()
  return () => clearInterval(timer)
}
