import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createSigner, type Signer, startSealing } from './audit/index.ts'
import { type Clock, systemClock } from './clock/clock.ts'
import type { Config } from './config.ts'
import { connect, migrate } from './db/index.ts'
import { openFiles } from './file/index.ts'
import { openJobs } from './job/index.ts'
import type { Kernel } from './kernel.ts'
import { openNotify } from './notify/index.ts'
import { appPassword, assertOpens, holdsWrappedKeys, loadKeyRing, Vault, watchShredding } from './vault/index.ts'

export interface OpenOptions {
  readonly clock?: Clock
  readonly log?: (line: string) => void
  readonly logError?: (error: unknown) => void
  readonly env?: NodeJS.ProcessEnv
}

/** The kernel with what only the process itself needs. */
export interface OpenKernel extends Kernel {
  readonly signer: Signer
  /** File with the signed heads of the audit log, outside the database. */
  readonly headsFile: string
  /** Seals the audit log in the background until the kernel is closed. */
  startSealing(): void
  close(): Promise<void>
}

/**
 * Brings the database to the newest version and opens all mechanisms as the application role.
 * @param ownerUrl connection of the role that owns the tables
 * @throws Error with a Chinese and an English sentence when the key is missing or the database cannot be used
 */
export async function openKernel(config: Config, ownerUrl: string, options: OpenOptions = {}): Promise<OpenKernel> {
  const logError = options.logError ?? ((error) => console.error(error))
  await mkdir(config.dataDir, { recursive: true })
  const ring = await loadKeyRing({
    env: options.env ?? process.env,
    dataDir: config.dataDir,
    holdsKeys: () => holdsWrappedKeys(ownerUrl),
  })
  // Before anything is changed: the login's password comes from the key, and a wrong one would lock out the others.
  await assertOpens(ownerUrl, ring)
  const { appUrl } = await migrate(ownerUrl, {
    appPassword: appPassword(ring),
    ...(options.log && { log: options.log }),
  })
  const connections = connect(appUrl)
  const { db } = connections
  const vault = await Vault.open({ db: connections.systemDb, ring, suite: config.cipher })
  const stopWatching = await watchShredding(vault, appUrl)
  const notify = await openNotify(appUrl, connections.pool, logError)
  const jobs = await openJobs(appUrl, logError)
  const clock = options.clock ?? systemClock
  const files = await openFiles({ config, db, vault, clock })
  const signer = createSigner(vault.deriveSecret('audit-signing-key'))
  const headsFile = join(config.dataDir, 'audit-heads.jsonl')
  let stopSealing: (() => Promise<void>) | undefined
  return {
    config,
    connections,
    db,
    vault,
    notify,
    jobs,
    files,
    clock,
    signer,
    headsFile,
    startSealing: () => {
      stopSealing ??= startSealing({ db, signer, headsFile, intervalMs: 10_000, onError: logError })
    },
    close: async () => {
      await stopSealing?.()
      await jobs.close()
      await notify.close()
      await stopWatching()
      vault.close()
      await connections.close()
    },
  }
}
