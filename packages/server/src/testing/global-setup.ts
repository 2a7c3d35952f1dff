import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../kernel/db/migrate.ts'
import { startEmbedded } from '../kernel/postgres/embedded.ts'
import { databaseUrl, dropDatabase } from './database-url.ts'
import { removeLeftovers } from './leftover.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    vigilServerUrl: string
    vigilTemplate: string
    vigilAppPassword: string
  }
}

const PREFIX = 'vigil-test-'

// A lost test database costs nothing, so these tests need not wait for the disk.
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  shared_buffers: '128MB',
  checkpoint_timeout: '1h',
}

/**
 * Vitest global setup of the db project: one server (TEST_DATABASE_URL of a superuser, else an embedded one in a
 * temporary directory) with a migrated template database that `createTestDatabase` clones.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer()
  const template = `vigil_template_${process.pid}_${randomBytes(3).toString('hex')}`
  const appPassword = randomBytes(18).toString('base64url')
  try {
    const client = new Client({ connectionString: server.url })
    await client.connect()
    await client.query(`CREATE DATABASE ${template}`)
    await client.end()
    await migrate(databaseUrl(server.url, template), { appPassword })
  } catch (error) {
    await server.stop()
    throw error
  }
  project.provide('vigilServerUrl', server.url)
  project.provide('vigilTemplate', template)
  project.provide('vigilAppPassword', appPassword)
  return async () => {
    if (server.external) await dropDatabase(server.url, template)
    await server.stop()
  }
}

async function startServer(): Promise<{ url: string; external: boolean; stop(): Promise<void> }> {
  const url = process.env.TEST_DATABASE_URL
  if (url !== undefined && url !== '') return { url, external: true, stop: async () => {} }
  await removeLeftovers(tmpdir(), PREFIX)
  const dir = mkdtempSync(join(tmpdir(), PREFIX))
  const remove = () => rmSync(dir, { recursive: true, force: true })
  try {
    const server = await startEmbedded({ dir, log: () => {}, settings: FAST })
    return { url: server.url, external: false, stop: () => server.stop().finally(remove) }
  } catch (error) {
    remove()
    throw error
  }
}
