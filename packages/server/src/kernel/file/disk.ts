import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../error/problem.ts'

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** What a person is told when a disk cannot take a file; other errors stay as they are. */
export function diskProblem(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? ''
  if (!full.has(code)) return error
  return new Problem(
    {
      status: 507,
      code: 'disk-full',
      title: '磁盘空间不足',
      detail: '服务器磁盘空间不足，文件没有保存。请联系系统管理员清理磁盘后重试',
    },
    { cause: error },
  )
}

async function syncFolder(folder: string): Promise<void> {
  // Windows has no handle of a folder that can be synchronised; NTFS journals the renaming itself.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Writes a file as a whole or not at all: to a temporary name, onto the disk, then renamed.
 * @throws Problem 507 when the disk is full; whatever `chunks` throws. Nothing is left behind.
 */
export async function writeWhole(folder: string, name: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const draft = join(folder, `${name}.part`)
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      for await (const chunk of chunks) await handle.writeFile(chunk)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, join(folder, name))
    await syncFolder(folder)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    await rm(join(folder, name), { force: true }).catch(() => undefined)
    throw diskProblem(error)
  }
}

/** Names of files that nobody has written for `ageMs`: drafts of killed processes among them. */
export async function listOld(folder: string, ageMs: number): Promise<string[]> {
  const old: string[] = []
  for (const name of await readdir(folder)) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found?.isFile() && Date.now() - found.mtimeMs > ageMs) old.push(name)
  }
  return old
}
