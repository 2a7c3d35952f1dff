import { existsSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isLocked } from '../kernel/postgres/lock.ts'
import { findPostmaster, stopPostmaster } from '../kernel/postgres/postmaster.ts'

/**
 * Stops and removes the embedded servers below `folder` whose names begin with `prefix` and whose test run was killed.
 * A directory without a lock file is left alone: another run may be about to take it.
 */
export async function removeLeftovers(folder: string, prefix: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const lock = join(folder, name, 'lock.json')
    if (!name.startsWith(prefix) || !existsSync(lock) || isLocked(lock)) continue
    // What another user left cannot be stopped from here.
    if (statSync(lock).uid !== process.getuid?.()) continue
    const data = join(realpathSync(join(folder, name)), 'data')
    const server = findPostmaster(data)
    if (server !== undefined) await stopPostmaster(server.pid, data)
    rmSync(join(folder, name), { recursive: true, force: true })
  }
}
