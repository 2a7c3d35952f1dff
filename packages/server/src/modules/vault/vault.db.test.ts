import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { TestApp } from '../../testing/app.ts'
import { callerAt, citizenId, cityPath, createShop, purchase, sell } from '../../testing/shop.ts'

let app: TestApp
const boss = callerAt(cityPath, 'vault.manage')
const month = (offset: number): string => {
  const now = new Date(app.kernel.clock.now().getTime() + 8 * 3_600_000)
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)).toISOString().slice(0, 7)
}
const shred = (name: string, body: object, caller = boss) =>
  app.modules.handlers['vault.shred']({ caller, params: { month: name }, body } as never)
const keys = async () => (await app.modules.handlers['vault.keys']({ caller: boss } as never)).items

beforeAll(async () => {
  app = await createShop()
  await sell(app, [purchase(app, 1), purchase(app, 2)])
})
afterAll(() => app.close())

test('lists the months, newest first, and rewraps with a record', async () => {
  const items = await keys()
  expect(items.map((item) => item.month)).toEqual([month(1), month(0)])
  expect(items[0]).toMatchObject({ suite: app.kernel.config.cipher, shreddedAt: null })
  expect(await app.modules.handlers['vault.rotate']({ caller: boss } as never)).toEqual({ rewrapped: 0 })
})

test('refuses the present and future months, a wrong confirmation, no reason and an unknown month', async () => {
  const status = (code: number) => ({ details: { status: code } })
  for (const name of [month(0), month(1)])
    await expect(shred(name, { confirm: name, reason: '到期' })).rejects.toMatchObject(status(409))
  const past = month(-1)
  await expect(shred(past, { confirm: month(-2), reason: '到期' })).rejects.toMatchObject(status(400))
  await expect(shred(past, { confirm: past, reason: ' ' })).rejects.toMatchObject(status(400))
  await expect(shred(past, { confirm: past, reason: '到期' })).rejects.toMatchObject(status(404))
  expect((await keys()).every((item) => item.shreddedAt === null)).toBe(true)
})

test('destroys a past month with what is kept of it, once, and records it', async () => {
  const past = month(-1)
  await app.kernel.vault.ensureMonth(past)
  // One of the two sales is made one of the month before, as time would.
  const person = app.kernel.vault.index('document', `citizen-id:${citizenId(1)}`)
  await withScope(app.kernel.db, systemScope, (tx) =>
    sql`update pharmacy.purchase set key_month = ${past} where person_index = ${person}`.execute(tx),
  )
  expect(await shred(past, { confirm: past, reason: '到期' })).toEqual({ ok: true, rows: 1 })
  const { rows } = await withScope(app.kernel.db, systemScope, (tx) =>
    sql<{ keyMonth: string; gone: boolean }>`
      select key_month, person_index is null and mobile_index is null as gone from pharmacy.purchase order by 1`.execute(
      tx,
    ),
  )
  expect(rows).toEqual([
    { keyMonth: past, gone: true },
    { keyMonth: month(0), gone: false },
  ])
  expect((await keys()).find((item) => item.month === past)?.shreddedAt).not.toBeNull()
  await expect(shred(past, { confirm: past, reason: '到期' })).rejects.toMatchObject({
    details: { status: 409, code: 'shredded' },
  })
  const log = await withScope(app.kernel.db, systemScope, (tx) =>
    tx.selectFrom('audit.entry').select('detail').where('action', '=', 'vault.shred').execute(),
  )
  expect(log).toEqual([{ detail: { rows: 1, reason: '到期' } }])
})

test('is not for who administers only some of the stores', async () => {
  const past = month(-2)
  await app.kernel.vault.ensureMonth(past)
  await withScope(app.kernel.db, systemScope, (tx) =>
    sql`insert into access.account (id, username, display_name, kind, status, path, store_code)
      values (gen_random_uuid(), 'ss-0001', '外县药店', 'store', 'active', '/350000/350600/350681/', 'SS-0001')`.execute(
      tx,
    ),
  )
  await expect(shred(past, { confirm: past, reason: '到期' })).rejects.toMatchObject({ details: { status: 403 } })
  expect(await shred(past, { confirm: past, reason: '到期' }, callerAt('/', 'vault.manage'))).toMatchObject({
    ok: true,
  })
})
