import type { Readable } from 'node:stream'
import { uuidv7 } from '@vigil/codes'
import type { ImportRun } from '@vigil/contract'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { forbidden, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Kinds } from './import.job.ts'
import { findMapping, lookAt } from './import.look.ts'
import { toItem } from './import.read.ts'

/** Days for which a run is listed; the uploaded file goes earlier. */
const runDays = 30
const fileDays = 7
const dayMs = 86_400_000

/**
 * Takes a file in: stored, looked at, nothing written yet.
 * @throws Problem 403 without the permission, 400 when the file cannot be read at all, 507 when the disk is full
 */
export async function createImport(
  kernel: Kernel,
  kinds: Kinds,
  caller: Caller,
  name: string,
  upload: { filename: string; stream: AsyncIterable<Uint8Array> & Partial<Pick<Readable, 'resume'>> },
): Promise<ImportRun> {
  const kind = kinds.get(name)
  if (!kind) throw notFound('导入类型')
  const scope = scopeFor(caller, kind.permission)
  const [path] = scope
  if (path === undefined) throw forbidden()
  const id = uuidv7()
  const now = kernel.clock.now()
  const filename = [...upload.filename].slice(-200).join('')
  const file = await kernel.files
    .save({
      owner: caller.id ? { id: caller.id } : null,
      path,
      filename,
      mediaType: 'application/octet-stream',
      source: upload.stream,
      expiresDays: fileDays,
      direct: false,
    })
    .catch((error: unknown) => {
      upload.stream.resume?.()
      throw error
    })
  try {
    const look = await lookAt(kernel, kind, { fileId: file.id, filename })
    const assigned = await findMapping(kernel, kind, look, path)
    const run = await command(kernel.db, caller, kind.permission, async (tx, audit) => {
      const { bytes, sha256 } = file
      await audit({ action: 'import.create', object: `import:${id}`, path, detail: { kind: name, bytes, sha256 } })
      return tx
        .insertInto('import.run')
        .values({
          id,
          kind: kind.name,
          ownerId: caller.id,
          createdBy: caller.name,
          storeCode: caller.storeCode,
          path,
          scope: [...scope],
          filename,
          fileId: file.id,
          bytes,
          sha256,
          assigned: assigned && JSON.stringify(assigned),
          createdAt: now,
          expiresAt: new Date(now.getTime() + runDays * dayMs),
        })
        .returningAll()
        .executeTakeFirstOrThrow()
    })
    return toItem(kernel, run)
  } catch (error) {
    await kernel.files.remove(file.id)
    throw error
  }
}
