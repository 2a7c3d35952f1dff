import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, buildApp } from '../app.ts'
import type { Clock } from '../kernel/clock/clock.ts'
import { readConfig } from '../kernel/config.ts'
import { type OpenKernel, openKernel } from '../kernel/open.ts'
import { prepareMonths } from '../maintenance.ts'
import { seedBase } from '../seed.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

export interface TestApp extends App {
  readonly kernel: OpenKernel
  readonly database: TestDatabase
}

export interface TestAppOptions {
  readonly clock?: Clock
  /** A database that exists already, as for a second server process over the same one. */
  readonly database?: TestDatabase
  readonly dataDir?: string
  readonly logError?: (error: unknown) => void
}

/** The whole server over a fresh database with areas, roles and catalogue; answers through `http.inject`. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await createTestDatabase())
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'vigil-app-')))
  const config = readConfig(
    { dataDir, databaseUrl: database.ownerUrl, demo: 'none', port: 0 },
    { VIGIL_CIPHER: process.env.VIGIL_CIPHER },
  )
  const logError = options.logError ?? ((error) => console.error(error))
  const kernel = await openKernel(config, database.ownerUrl, {
    logError,
    ...(options.clock && { clock: options.clock }),
  })
  await seedBase(kernel)
  await prepareMonths(kernel)
  const app = await buildApp(kernel, { logError })
  return {
    ...app,
    kernel,
    database,
    close: async () => {
      await app.close()
      await kernel.close()
      if (!options.database) await database.drop()
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true })
    },
  }
}
