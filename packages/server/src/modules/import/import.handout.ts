import type { Download } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict, notFound } from '../../kernel/error/problem.ts'
import { type ImportKind, mediaTypes, stem } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type CellValue, xlsxChunks } from '../../kernel/tabular/index.ts'
import type { Vault } from '../../kernel/vault/index.ts'
import { isBusy } from './import.domain.ts'
import type { Kinds } from './import.job.ts'
import { getOwn } from './import.read.ts'
import type { Run } from './import.store.ts'

const bound = (id: string, position: number): string => `import.handout/${id}/${position}`

/**
 * Keeps what a chunk brought into being for the person who runs the import, sealed, in the chunk's own transaction.
 * @param position rows of the file up to the chunk's end
 */
export async function keepHandout(
  tx: Tx,
  kernel: Pick<Kernel, 'vault' | 'clock'>,
  run: Pick<Run, 'id' | 'path'>,
  { handout }: Pick<ImportKind, 'handout'>,
  position: number,
  rows: readonly CellValue[][] | undefined,
): Promise<void> {
  if (!handout || !rows || rows.length === 0) return
  const sealed = kernel.vault.sealLongTerm(JSON.stringify(rows), bound(run.id, position))
  const expiresAt = new Date(kernel.clock.now().getTime() + handout.days * 86_400_000)
  await tx.insertInto('import.handout').values({ runId: run.id, position, path: run.path, sealed, expiresAt }).execute()
  await tx
    .updateTable('import.run')
    .set((eb) => ({ handout: eb('handout', '+', rows.length), handoutUntil: expiresAt }))
    .where('id', '=', run.id)
    .execute()
}

/** Forgets what nobody fetched before it expired. */
export async function dropExpired(tx: Tx, now: Date): Promise<void> {
  await tx.deleteFrom('import.handout').where('expiresAt', '<=', now).execute()
  await tx
    .updateTable('import.run')
    .set({ handout: 0 })
    .where('handout', '>', 0)
    .where('handoutUntil', '<=', now)
    .execute()
}

function opened(vault: Vault, { handout }: ImportKind, id: string, part: { position: number; sealed: Buffer }) {
  const rows = JSON.parse(vault.unsealLongTerm(part.sealed, bound(id, part.position))) as CellValue[][]
  const isTime = (at: number) => handout?.columns[at]?.type === 'datetime'
  return rows.map((row) => row.map((cell, at) => (isTime(at) && typeof cell === 'string' ? new Date(cell) : cell)))
}

/**
 * What an own import brought into being, as XLSX. It is forgotten as it is handed out: a second fetch finds nothing.
 * @throws Problem 404 for another's import or one without, 409 while it is under way, when fetched before or expired
 */
export async function downloadHandout(kernel: Kernel, kinds: Kinds, caller: Caller, id: string): Promise<Download> {
  const { kind } = await getOwn(kernel, kinds, caller, id)
  const { handout } = kind
  if (!handout) throw notFound('文件')
  const { rows, filename } = await command(kernel.db, caller, kind.permission, async (tx, audit) => {
    const run = await tx.selectFrom('import.run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (!run?.handoutUntil) throw notFound(`${handout.name}表`)
    if (isBusy(run)) throw conflict('导入还在进行，请等其完成或停止后再下载', 'state')
    const now = kernel.clock.now()
    if (run.handoutUntil <= now) throw conflict(`${handout.name}已过期，请在“账号”页逐个重置`, 'handout-expired')
    const parts = await tx.deleteFrom('import.handout').where('runId', '=', id).returningAll().execute()
    const rows = parts
      .filter(({ expiresAt }) => expiresAt > now)
      .sort((a, b) => a.position - b.position)
      .flatMap((part) => opened(kernel.vault, kind, id, part))
    if (rows.length === 0)
      throw conflict(`${handout.name}表已下载过，只能下载一次。如已遗失，请在“账号”页逐个重置`, 'handout-fetched')
    await tx.updateTable('import.run').set({ handout: 0, handoutFetchedAt: now }).where('id', '=', id).execute()
    const detail = { kind: kind.name, rows: rows.length }
    await audit({ action: 'import.handout', object: `import:${id}`, path: run.path, detail })
    return { rows, filename: `${stem(run.filename)}-${handout.name}.xlsx` }
  })
  return {
    mediaType: mediaTypes.xlsx,
    filename,
    body: xlsxChunks(handout.columns, rows, { sheetName: handout.name }),
  }
}
