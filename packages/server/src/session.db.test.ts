import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './kernel/config.ts'
import { openSession } from './session.ts'

test('an embedded server that is killed under a living process comes back with what was committed', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vigil-session-'))
  chmodSync(dataDir, 0o711)
  const lines: string[] = []
  const quiet = () => undefined
  const session = await openSession(readConfig({ dataDir, demo: 'none' }, {}), (line) => lines.push(line), quiet)
  try {
    const { system } = session.kernel.connections
    await system.query(`INSERT INTO vigil.setting (name, value) VALUES ('kept', '1')`)
    const postmaster = Number(readFileSync(join(dataDir, 'pg/data/postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(postmaster, 'SIGKILL')
    const read = async (): Promise<number> =>
      (await system.query(`SELECT FROM vigil.setting WHERE name = 'kept'`).catch(() => ({ rowCount: 0 }))).rowCount ?? 0
    // An idle backend may answer once more before it sees that its parent is gone.
    await expect.poll(() => lines.some((line) => line.includes('意外停止')), { timeout: 30_000 }).toBe(true)
    await expect.poll(read, { timeout: 30_000, interval: 250 }).toBe(1)
  } finally {
    await session.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
})
