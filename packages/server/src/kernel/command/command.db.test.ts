import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../testing/index.ts'
import type { Caller } from '../access/caller.ts'
import { type Connections, connect } from '../db/index.ts'
import { Problem } from '../error/problem.ts'
import { command, systemCommand } from './command.ts'

let database: TestDatabase
let connections: Connections
beforeAll(async () => {
  database = await createTestDatabase()
  connections = connect(database.appUrl, 3)
})
afterAll(async () => {
  await connections.close()
  await database.drop()
})

const caller: Caller = {
  kind: 'account',
  id: '00000000-0000-7000-8000-000000000001',
  name: '陈科长',
  grants: [{ roleCode: 'test', permissions: new Set(['store.manage']), path: '/350000/350500/' }],
  storeCode: null,
  ip: '192.0.2.1',
  userAgent: 'test',
  requestId: 'r-1',
}
const entry = { action: 'test.do', object: 'thing:1', path: '/350000/350500/', detail: { n: 1 } }
const setting = (name: string) => ({ name, value: JSON.stringify(1) })
const kept = async () => {
  const settings = await connections.system.query<{ name: string }>(
    `SELECT name FROM vigil.setting WHERE name LIKE 'test.%' ORDER BY 1`,
  )
  const entries = await connections.system.query(
    `SELECT actor, action, outcome, object, path, ip, request_id, detail FROM audit.entry WHERE action LIKE 'test.%' ORDER BY seq`,
  )
  return { settings: settings.rows.map((row) => row.name), entries: entries.rows }
}

test('change and audit row are kept together, or neither', async () => {
  await command(connections.db, caller, 'store.manage', async (tx, audit) => {
    await tx.insertInto('vigil.setting').values(setting('test.kept')).execute()
    await audit(entry)
  })
  const broken = command(connections.db, caller, 'store.manage', async (tx, audit) => {
    await tx.insertInto('vigil.setting').values(setting('test.lost')).execute()
    await audit({ ...entry, action: 'test.lost' })
    throw new Error('afterwards')
  })
  await expect(broken).rejects.toThrow('afterwards')
  const silent = command(connections.db, caller, 'store.manage', async (tx) => {
    await tx.insertInto('vigil.setting').values(setting('test.silent')).execute()
  })
  await expect(silent).rejects.toThrow('must record')
  expect(await kept()).toEqual({
    settings: ['test.kept'],
    entries: [
      {
        actor: '陈科长',
        action: 'test.do',
        outcome: 'done',
        object: 'thing:1',
        path: '/350000/350500/',
        ip: '192.0.2.1',
        request_id: 'r-1',
        detail: { n: 1 },
      },
    ],
  })
})

test('the work sees the own subtree only, and is not begun without the permission', async () => {
  const seen = (kind: 'own' | 'system') => {
    const work = async (
      tx: Parameters<Parameters<typeof systemCommand>[2]>[0],
      audit: Parameters<Parameters<typeof systemCommand>[2]>[1],
    ) => {
      await audit({ ...entry, action: 'look' })
      return (await sql<{ paths: string }>`SELECT current_setting('vigil.paths') AS paths`.execute(tx)).rows[0]!.paths
    }
    return kind === 'own'
      ? command(connections.db, caller, 'store.manage', work)
      : systemCommand(connections.db, caller, work)
  }
  expect(await seen('own')).toBe('/350000/350500/')
  expect(await seen('system')).toBe('/')
  let begun = false
  const refused = command(connections.db, caller, 'vault.manage', async () => {
    begun = true
  })
  await expect(refused).rejects.toBeInstanceOf(Problem)
  expect(begun).toBe(false)
  const { rows } = await connections.pool.query<{ paths: string | null }>(
    `SELECT current_setting('vigil.paths', true) AS paths`,
  )
  expect(rows[0]!.paths ?? '').toBe('')
})
