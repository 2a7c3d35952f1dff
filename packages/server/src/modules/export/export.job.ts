import type pg from 'pg'
import { systemCaller } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf } from '../../kernel/command/command.ts'
import { readSnapshot, systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import { conflict, Problem } from '../../kernel/error/problem.ts'
import { inSteadyHeap } from '../../kernel/heap.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { VaultError } from '../../kernel/vault/index.ts'
import { fileChunks, firstRowOf, mediaTypes, noted } from './export.file.ts'
import { unsealFilter } from './export.filter.ts'
import { beginAttempt, dropMonth, type ExportEntry, findExport, takeStale, updateRunning } from './export.store.ts'
import { threadChunks } from './export.thread.ts'
import { Tracer } from './export.trace.ts'
import type { Exporter } from './exporter.ts'
import { findVersion } from './template.store.ts'

export const exportQueue = 'export.run'
/** Attempts, those of killed processes included, after which an export is given up. */
const maxAttempts = 5
const progressMs = 1_000
const staleSeconds = 60
const workers = 2
/** Percent: buffers of the connection and of the file are cleared away after 20 MB of them, not after two. */
const heapGrowth = 50

const inSystem = <T>(kernel: Kernel, work: (tx: Tx) => Promise<T>): Promise<T> =>
  withScope(kernel.db, systemScope, work)

/** Passes a file on and writes the number of its rows into the export at most once a second. */
async function* withProgress(
  kernel: Kernel,
  id: string,
  chunks: AsyncIterable<Uint8Array>,
  counted: { readonly rows: number },
): AsyncGenerator<Uint8Array> {
  let told = performance.now()
  for await (const chunk of chunks) {
    yield chunk
    if (performance.now() - told < progressMs) continue
    told = performance.now()
    if (!(await inSystem(kernel, (tx) => updateRunning(tx, id, { rows: counted.rows })))) throw stopped()
  }
}

const stopped = () => conflict('导出已停止', 'stopped')

/** Tells whoever ordered it that an export has ended, if and only if `tx` commits. */
async function tell(kernel: Kernel, tx: Tx, row: ExportEntry): Promise<void> {
  if (row.tell) await kernel.jobs.send(tx, row.tell, { exportId: row.id })
}

async function finish(kernel: Kernel, tx: Tx, row: ExportEntry, file: { bytes: number; sha256: string; rows: number }) {
  const { bytes, sha256, rows } = file
  const change = { status: 'ready', rows, expectedRows: rows, bytes, sha256, error: null, fileId: row.id } as const
  if (!(await updateRunning(tx, row.id, change))) throw stopped()
  await record(
    tx,
    auditOf(systemCaller('导出任务', []), {
      action: 'export.finish',
      object: `export:${row.number}`,
      path: row.path,
      detail: { rows, bytes, sha256 },
    }),
  )
  await tell(kernel, tx, row)
}

/** Writes the file of one export from one snapshot of the database; written again, it replaces what was there. */
async function write(exporter: Exporter, client: pg.ClientBase, row: ExportEntry): Promise<void> {
  const { kernel, lists } = exporter
  const list = lists.get(row.list)!
  const filter = unsealFilter(kernel.vault, row.id, row.sealedFilter)
  const { templateId, templateVersion } = row
  const version =
    templateId && templateVersion
      ? await inSystem(kernel, (tx) => findVersion(tx, templateId, templateVersion))
      : undefined
  const expectedRows = await list.count(client, filter)
  const firstRow = firstRowOf(row.format, version)
  await inSystem(kernel, (own) => updateRunning(own, row.id, { expectedRows, firstRow, traced: list.traced }))
  const counted = { rows: 0 }
  const tracer = new Tracer()
  const note = (rows: number, traces: Uint8Array) => {
    counted.rows += rows
    tracer.add(traces)
  }
  const { format, clear } = row
  const chunks =
    list.thread && expectedRows >= exporter.threadRows
      ? threadChunks(list, list.thread, list.thread.read(client, filter), { format, version, clear }, note)
      : fileChunks(list, format, version, noted(list.batches(client, filter, version, clear), note))
  await kernel.files.save({
    id: row.id,
    owner: row.ownerId ? { id: row.ownerId } : null,
    path: row.path,
    filename: `${row.number}.${row.format}`,
    mediaType: mediaTypes[row.format],
    source: withProgress(kernel, row.id, chunks, counted),
    expiresDays: (row.expiresAt.getTime() - kernel.clock.now().getTime()) / 86_400_000,
    direct: false,
    link: async (own, file) => {
      await tracer.save(own, row.id, row.path)
      await finish(kernel, own, row, { ...file, ...counted })
    },
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
export async function runExport(exporter: Exporter, id: string): Promise<void> {
  const { kernel } = exporter
  const found = await inSystem(kernel, (tx) => findExport(tx, id))
  if (found?.status !== 'running') return
  let begun: ExportEntry | undefined
  try {
    await readSnapshot(kernel.connections, found.scope, async (client) => {
      // Held until this transaction ends, so it falls with the connection of a process that is killed.
      const { rows: locks } = await client.query<{ mine: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtext('export'), hashtext($1)) AS mine`,
        [id],
      )
      begun = locks[0]!.mine ? await inSystem(kernel, (own) => beginAttempt(own, id)) : undefined
      const row = begun
      if (row) await inSteadyHeap(heapGrowth, () => write(exporter, client, row))
    })
  } catch (error) {
    const reason = begun && reasonOf(error, begun.attempts)
    if (!begun || reason === undefined) throw error
    const row = begun
    await inSystem(kernel, async (own) => {
      if (await updateRunning(own, id, { status: 'failed', error: reason.slice(0, 300) })) await tell(kernel, own, row)
    })
  }
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
export async function startExports(exporter: Exporter, logError: (error: unknown) => void): Promise<() => void> {
  const { kernel } = exporter
  kernel.vault.onShred(async (tx, month) => {
    const dropped = await dropMonth(tx, month)
    await kernel.files.forget(
      tx,
      dropped.flatMap(({ fileId }) => fileId ?? []),
    )
    for (const row of dropped) if (row.status === 'running') await tell(kernel, tx, row)
    return 0
  })
  for (let worker = 0; worker < workers; worker++)
    await kernel.jobs.work(exportQueue, ({ id }) => runExport(exporter, String(id)))
  await resumeExports(kernel)
  const timer = setInterval(() => void resumeExports(kernel).catch(logError), (staleSeconds * 1000) / 2).unref()
  return () => clearInterval(timer)
}
