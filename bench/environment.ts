import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../packages/server/src/kernel/config.ts'
import { type OpenKernel, openKernel } from '../packages/server/src/kernel/open.ts'
import { startEmbedded } from '../packages/server/src/kernel/postgres/embedded.ts'
import { prepareMonths } from '../packages/server/src/maintenance.ts'
import { seedBase } from '../packages/server/src/seed.ts'

/**
 * An embedded database with durable settings and an open kernel.
 * @param kept folder that stays for the next run; without it the database is fresh and removed at the end
 */
export async function withKernel(
  work: (kernel: OpenKernel, ownerUrl: string) => Promise<void>,
  kept?: string,
): Promise<void> {
  const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'vigil-bench-'))
  mkdirSync(dataDir, { recursive: true })
  chmodSync(dataDir, 0o711)
  const postgres = await startEmbedded({ dir: join(dataDir, 'pg'), log: () => undefined })
  try {
    const kernel = await openKernel(readConfig({ dataDir, databaseUrl: postgres.url, demo: 'none' }, {}), postgres.url)
    try {
      await seedBase(kernel)
      await prepareMonths(kernel)
      await work(kernel, postgres.url)
    } finally {
      await kernel.close()
    }
  } finally {
    await postgres.stop()
    if (!kept) rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Value at a quantile of sorted numbers. */
export const quantile = (sorted: ArrayLike<number>, q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
