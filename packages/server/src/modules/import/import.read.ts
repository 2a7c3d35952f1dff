import type { Download, ImportLook, ImportRun } from '@vigil/contract'
import { type Caller, scopeFor, within } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope, type Scope, systemScope } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { ImportKind } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Kinds } from './import.job.ts'
import { lookAt, shownLook } from './import.look.ts'
import { findRun, type Run, unsealProblems } from './import.store.ts'

/** A run as its owner sees it. */
export function toItem(kernel: Pick<Kernel, 'vault'>, run: Run): ImportRun {
  const { total, fresh, changed, unchanged, refused } = run
  return {
    id: run.id,
    kind: run.kind,
    filename: run.filename,
    bytes: run.bytes,
    sha256: run.sha256,
    status: run.status,
    rows: run.position,
    share: run.share,
    preview: run.preview,
    result: { total, fresh, changed, unchanged, refused },
    problems: unsealProblems(kernel.vault, run),
    error: run.error,
    errorFile: run.errorFileId !== null,
    handout: run.handoutUntil && {
      rows: run.handout,
      until: run.handoutUntil.toISOString(),
      fetchedAt: run.handoutFetchedAt?.toISOString() ?? null,
    },
    createdAt: run.createdAt.toISOString(),
    createdBy: run.createdBy,
    finishedAt: run.finishedAt?.toISOString() ?? null,
  }
}

const covers = (own: Scope, wanted: Scope): boolean => wanted.every((path) => own.some((root) => within(path, root)))

/** An own run whose whole scope the caller still has. @throws Problem 404 otherwise */
export async function getOwn(
  kernel: Kernel,
  kinds: Kinds,
  caller: Caller,
  id: string,
): Promise<{ run: Run; kind: ImportKind }> {
  const run = await readScope(kernel.db, systemScope, (tx) => findRun(tx, id))
  const kind = run && kinds.get(run.kind)
  if (!run || !kind || run.ownerId !== caller.id || !covers(scopeFor(caller, kind.permission), run.scope))
    throw notFound('导入')
  return { run, kind }
}

/** Own imports of the kinds that the caller may import, newest first. @throws Problem 400 for a cursor that is none */
export async function listImports(
  kernel: Kernel,
  kinds: Kinds,
  caller: Caller,
  query: { cursor?: string; limit?: number },
) {
  if (query.cursor !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(query.cursor))
    throw invalidField('/query/cursor', '翻页标记无效')
  const limit = query.limit ?? 50
  const allowed = [...kinds.values()].filter((kind) => scopeFor(caller, kind.permission).length > 0)
  if (allowed.length === 0 || !caller.id) return { items: [], next: null }
  const names = allowed.map((kind) => kind.name)
  return readScope(kernel.db, systemScope, async (tx) => {
    let select = tx
      .selectFrom('import.run')
      .selectAll()
      .where('ownerId', '=', caller.id)
      .where('kind', 'in', names)
      .orderBy('id', 'desc')
      .limit(limit + 1)
    if (query.cursor !== undefined) select = select.where('id', '<', query.cursor)
    const rows = await select.execute()
    const seen = rows
      .slice(0, limit)
      .filter((run) => covers(scopeFor(caller, kinds.get(run.kind)!.permission), run.scope))
    return { items: seen.map((run) => toItem(kernel, run)), next: rows.length > limit ? rows[limit - 1]!.id : null }
  })
}

export async function readImport(kernel: Kernel, kinds: Kinds, caller: Caller, id: string): Promise<ImportRun> {
  return toItem(kernel, (await getOwn(kernel, kinds, caller, id)).run)
}

/** What was recognised in the file. @throws Problem 404 once the file is not kept any more */
export async function lookImport(kernel: Kernel, kinds: Kinds, caller: Caller, id: string): Promise<ImportLook> {
  const { run, kind } = await getOwn(kernel, kinds, caller, id)
  return shownLook(kind, await lookAt(kernel, kind, run), run.assigned)
}

/** The error file, recorded before the first byte leaves. @throws Problem 404 when there is none or it has expired */
export async function downloadErrors(kernel: Kernel, kinds: Kinds, caller: Caller, id: string): Promise<Download> {
  const { run, kind } = await getOwn(kernel, kinds, caller, id)
  if (!run.errorFileId) throw notFound('错误行文件')
  const file = await kernel.files.open(run.errorFileId)
  await command(kernel.db, caller, kind.permission, (_tx, audit) =>
    audit({ action: 'import.errors', object: `import:${id}`, path: run.path, detail: { refused: run.refused } }),
  )
  return { mediaType: file.mediaType, filename: file.filename, body: file.stream }
}
