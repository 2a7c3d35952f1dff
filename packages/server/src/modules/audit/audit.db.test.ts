import { afterAll, beforeAll, expect, test } from 'vitest'
import { record, sealAudit } from '../../kernel/audit/index.ts'
import { auditOf } from '../../kernel/command/command.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { callerAt, cityPath } from '../../testing/shop.ts'

let app: TestApp
const boss = callerAt(cityPath, 'audit.read')
const list = (query = {}, caller = boss) => app.modules.handlers['audit.list']({ caller, query } as never)

beforeAll(async () => {
  app = await createTestApp()
  const actor = (name: string) => ({ ...callerAt(cityPath), name })
  await withScope(app.kernel.db, systemScope, (tx) =>
    record(
      tx,
      auditOf(actor('张三'), { action: 'purchase.reveal', object: 'purchase:1', path: `${cityPath}350582/` }),
      auditOf(actor('李四'), { action: 'purchase.correct', object: 'purchase:2', path: `${cityPath}350583/` }),
      auditOf(actor('李四%'), { action: 'purchases', object: 'x', path: cityPath, outcome: 'refused' }),
      auditOf(actor('王五'), { action: 'purchase.reveal', object: 'purchase:3', path: '/350000/350600/' }),
      auditOf(actor('赵六'), { action: 'system.start', object: 'y', path: '/' }),
    ),
  )
})
afterAll(() => app.close())

const objects = async (query = {}, caller = boss) => (await list(query, caller)).items.map((item) => item.object)

test('shows the log of the own area only, newest first', async () => {
  expect(await objects()).toEqual(['x', 'purchase:2', 'purchase:1'])
  expect(await objects({}, callerAt(`${cityPath}350583/`, 'audit.read'))).toEqual(['purchase:2'])
  expect(await objects({}, callerAt('/', 'audit.read'))).toContain('y')
  expect(await objects({}, callerAt('/', 'area.read'))).toEqual([])
})

test('finds by action or group of actions, part of a name, outcome and day of Asia/Shanghai', async () => {
  expect(await objects({ action: 'purchase' })).toEqual(['purchase:2', 'purchase:1'])
  expect(await objects({ action: 'purchase.reveal' })).toEqual(['purchase:1'])
  expect(await objects({ actor: '李四' })).toEqual(['x', 'purchase:2'])
  expect(await objects({ actor: '%' })).toEqual(['x'])
  expect(await objects({ outcome: 'refused' })).toEqual(['x'])
  const day = (offset: number) => new Date(Date.now() + (8 + offset * 24) * 3_600_000).toISOString().slice(0, 10)
  expect(await objects({ from: day(0), to: day(0) })).toHaveLength(3)
  expect(await objects({ to: day(-1) })).toEqual([])
  expect(await objects({ from: day(1) })).toEqual([])
  for (const query of [{ from: 'gestern' }, { to: '2026-02-30' }, { cursor: '1;' }])
    await expect(list(query)).rejects.toMatchObject({ details: { status: 400 } })
})

test('pages by running number', async () => {
  const first = await list({ limit: 2 })
  expect(first.items.map((item) => item.object)).toEqual(['x', 'purchase:2'])
  expect(await list({ limit: 2, cursor: first.next })).toMatchObject({ items: [{ object: 'purchase:1' }], next: null })
})

test('tells the signed head, which entries it covers, and what verification finds', async () => {
  const head = () => app.modules.handlers['audit.head']({ caller: boss } as never)
  const verify = () => app.modules.handlers['audit.verify']({ caller: boss } as never)
  expect(await head()).toMatchObject({ treeSize: 0, rootHash: null })
  expect((await list()).items.every((item) => !item.sealed)).toBe(true)
  const { kernel } = app
  await sealAudit(kernel.db, kernel.signer, { headsFile: kernel.headsFile, wait: true })
  expect(await head()).toMatchObject({ rootHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect((await list()).items.every((item) => item.sealed)).toBe(true)
  const good = await verify()
  expect(good).toMatchObject({ ok: true, problems: [] })
  expect(good.checked).toBe((await head()).treeSize)
  const { Client } = await import('pg').then((module) => module.default)
  const owner = new Client({ connectionString: app.database.ownerUrl })
  await owner.connect()
  await owner.query(
    `SET session_replication_role = replica; UPDATE audit.entry SET actor = '某人' WHERE object = 'purchase:1'`,
  )
  await owner.end()
  const bad = await verify()
  expect(bad.ok).toBe(false)
  const [changed] = (await list()).items.filter((item) => item.object === 'purchase:1')
  expect(bad.problems.map((problem) => problem.seq)).toContain(changed?.seq)
  expect(await objects({ action: 'audit.verify', outcome: 'failed' })).toEqual(['audit'])
})
