import type { ImportCounts } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemCaller } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf } from '../../kernel/command/command.ts'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import { Problem } from '../../kernel/error/problem.ts'
import { inSteadyHeap } from '../../kernel/heap.ts'
import type { ImportKind } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { TableError } from '../../kernel/tabular/index.ts'
import { VaultError } from '../../kernel/vault/index.ts'
import { saveErrorFile } from './import.errors.ts'
import { dropExpired } from './import.handout.ts'
import { isChunked } from './import.pass.ts'
import { advance, beginAttempt, dropRefused, type Run, takeStale } from './import.store.ts'
import { checkChunks, checkWhole, writeChunks, writeWhole } from './import.work.ts'

export const importQueue = 'import.run'
/** Attempts one after the other that came no step forward, those of killed processes included, before a run is given up. */
const maxFailures = 5
const staleSeconds = 60
const workers = 2
/** Percent: the rows of a chunk live just long enough to reach the old part of the heap. */
const heapGrowth = 40

export type Kinds = ReadonlyMap<string, ImportKind>

const inSystem = <T>(kernel: Kernel, work: (tx: Tx) => Promise<T>): Promise<T> =>
  withScope(kernel.db, systemScope, work)

/** Who the rows are written for, with the permission that he had when he gave the order. */
function callerOf(run: Run, kind: ImportKind): Caller {
  const permissions = new Set([kind.permission])
  return {
    ...systemCaller(run.createdBy, []),
    kind: run.ownerId ? 'account' : 'system',
    id: run.ownerId,
    grants: run.scope.map((path) => ({ roleCode: 'import', permissions, path })),
    storeCode: run.storeCode,
    requestId: run.id,
  }
}

/** Why a run failed for good, in Chinese; undefined when another attempt may succeed. */
function reasonOf(error: unknown, failures: number): string | undefined {
  if (error instanceof TableError || error instanceof VaultError) return error.message
  if (error instanceof Problem && error.details.status < 500) return error.message
  if (error instanceof Problem && error.details.status === 507) return error.message
  return failures >= maxFailures
    ? '导入时系统出错，已导入的行不受影响。请稍后继续导入；仍不成功请联系系统管理员'
    : undefined
}

const isOvertaken = (error: unknown): boolean => error instanceof Problem && error.details.code === 'overtaken'

/** Ends a run whose rows are all dealt with: the error file, the audit row and the state are there together. */
async function finish(kernel: Kernel, kind: ImportKind, run: Run, counts: ImportCounts): Promise<void> {
  const end = async (tx: Tx, errorFileId: string | null) => {
    await advance(tx, run, {
      status: 'done',
      share: 1,
      error: null,
      errorFileId,
      fileId: null,
      finishedAt: kernel.clock.now(),
    })
    await dropRefused(tx, run.id)
    if (run.fileId) await kernel.files.forget(tx, [run.fileId])
    await record(
      tx,
      auditOf(callerOf(run, kind), {
        action: 'import.finish',
        object: `import:${run.id}`,
        path: run.path,
        detail: { kind: run.kind, sha256: run.sha256, ...counts },
      }),
    )
  }
  if (counts.refused === 0) return inSystem(kernel, (tx) => end(tx, null))
  await saveErrorFile(kernel, kind, run, end)
}

/** Does what a run is waiting for: the dry run, or the import from where it stands. */
async function work(kernel: Kernel, kind: ImportKind, run: Run): Promise<void> {
  const plan = await kind.open(callerOf(run, kind), run.scope)
  if (run.status === 'checking') {
    const preview = await (isChunked(plan) ? checkChunks(kernel, kind, plan, run) : checkWhole(kernel, kind, plan, run))
    return inSystem(kernel, (tx) => advance(tx, run, { status: 'checked', share: 1, preview, failures: 0 }))
  }
  const counts = await (isChunked(plan)
    ? writeChunks(kernel, kind, plan, run, callerOf(run, kind))
    : writeWhole(kernel, kind, plan, run, callerOf(run, kind)))
  await finish(kernel, kind, run, counts)
}

/**
 * Works on a run; safe to call again at any time, in any process: the newest call goes on behind the rows that are in, and
 * an older one can write no more. Errors that will not pass by themselves end the run with a reason, others are thrown, so
 * that the queue tries again.
 */
export async function workOn(kernel: Kernel, kinds: Kinds, id: string): Promise<void> {
  const run = await inSystem(kernel, (tx) => beginAttempt(tx, id))
  const kind = run && kinds.get(run.kind)
  if (!run || !kind) return
  try {
    await inSteadyHeap(heapGrowth, () => work(kernel, kind, run))
  } catch (error) {
    if (isOvertaken(error)) return
    const reason = reasonOf(error, run.failures)
    if (reason === undefined) throw error
    const status = run.status === 'checking' ? 'uploaded' : 'failed'
    await inSystem(kernel, (tx) => advance(tx, run, { status, error: reason.slice(0, 300) })).catch(
      (cause: unknown) => {
        if (!isOvertaken(cause)) throw cause
      },
    )
  }
}

/** Sends again the runs whose process died. @returns how many */
export async function resumeImports(kernel: Kernel, seconds = staleSeconds): Promise<number> {
  return inSystem(kernel, async (tx) => {
    const ids = await takeStale(tx, seconds)
    for (const id of ids) await kernel.jobs.send(tx, importQueue, { id })
    return ids.length
  })
}

/** Removes runs that have expired, and what was to be handed out. Their files expire by themselves. */
export const sweepImports = (kernel: Kernel): Promise<void> =>
  inSystem(kernel, async (tx) => {
    const now = kernel.clock.now()
    await tx.deleteFrom('import.run').where('expiresAt', '<=', now).execute()
    await dropExpired(tx, now)
  })

/**
 * Starts the workers of this process and takes up what a killed one left.
 * @returns ends the look-out for runs left behind; the workers end with the queue
 */
export async function startImports(
  kernel: Kernel,
  kinds: Kinds,
  logError: (error: unknown) => void,
): Promise<() => void> {
  for (let worker = 0; worker < workers; worker++)
    await kernel.jobs.work(importQueue, ({ id }) => workOn(kernel, kinds, String(id)))
  const look = () => resumeImports(kernel).then(() => sweepImports(kernel))
  await look()
  const timer = setInterval(() => void look().catch(logError), (staleSeconds * 1000) / 2).unref()
  return () => clearInterval(timer)
}
