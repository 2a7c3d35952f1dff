import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureDemo } from './demo/demo.ts'
import { migrate } from './kernel/db/migrate.ts'
import { parseKeyRing } from './kernel/vault/index.ts'
import { assertOpens } from './kernel/vault/masterkey.ts'
import { seedBase } from './seed.ts'
import { createTestApp, createTestDatabase, type TestApp, type TestDatabase } from './testing/index.ts'

let database: TestDatabase
let dataDir: string
beforeAll(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'vigil-start-'))
})
afterAll(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

test('processes that start together on one empty database all start, and what they make is there once', async () => {
  const apps = await Promise.all([1, 2, 3].map(() => createTestApp({ database, dataDir })))
  const [app] = apps as [TestApp]
  const count = async (text: string) => (await app.kernel.connections.system.query(text)).rows[0].n
  try {
    await Promise.all(apps.map(({ kernel }) => seedBase(kernel)))
    expect(await count(`SELECT count(*)::int AS n FROM audit.entry WHERE action = 'system.seed'`)).toBe(1)
    const quiet = () => undefined
    const demos = apps.map(({ kernel, modules }) => ensureDemo(kernel, modules.pharmacy, 'small', quiet))
    expect(await Promise.all(demos)).toEqual([true, true, true])
    expect(await count(`SELECT count(*)::int AS n FROM audit.entry WHERE action = 'demo.create'`)).toBe(1)
    const { sales, counted } = (
      await app.kernel.connections.system.query(
        `SELECT (SELECT count(*)::int FROM pharmacy.purchase) AS sales, (SELECT sum(purchases)::int FROM pharmacy.rollup_store_day WHERE class = 'all') AS counted`,
      )
    ).rows[0]
    expect(sales).toBeGreaterThan(300)
    expect(counted).toBe(sales)
  } finally {
    for (const each of apps) await each.close()
  }
})

test('processes that migrate together do not trip over each other', async () => {
  const appPassword = 'the same for all of them'
  const done = await Promise.all([1, 2, 3, 4].map(() => migrate(database.ownerUrl, { appPassword })))
  expect(new Set(done.map(({ appUrl }) => appUrl)).size).toBe(1)
  const client = new pg.Client({ connectionString: done[0]!.appUrl })
  await client.connect()
  await client.end()
})

test('a wrong master key is told before anything is changed', async () => {
  const ring = parseKeyRing(`other:${Buffer.alloc(32, 7).toString('base64')}`, 'a test')
  await expect(assertOpens(database.ownerUrl, ring)).rejects.toMatchObject({ code: 'no-key' })
  const before = process.env.VIGIL_MASTER_KEYS
  process.env.VIGIL_MASTER_KEYS = `other:${Buffer.alloc(32, 7).toString('base64')}`
  const hash = async () => {
    const client = new pg.Client({ connectionString: database.ownerUrl })
    await client.connect()
    const { rows } = await client.query(
      `SELECT rolpassword FROM pg_authid WHERE rolname = current_database() || '_login'`,
    )
    await client.end()
    return rows[0].rolpassword
  }
  const password = await hash()
  try {
    await expect(createTestApp({ database, dataDir })).rejects.toMatchObject({ code: 'no-key' })
  } finally {
    if (before === undefined) delete process.env.VIGIL_MASTER_KEYS
    else process.env.VIGIL_MASTER_KEYS = before
  }
  expect(await hash()).toBe(password)
})
