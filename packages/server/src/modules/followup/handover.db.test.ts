import type { Contract, FollowupDetail, FollowupItem, FollowupSheet } from '@vigil/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { TestApp } from '../../testing/index.ts'
import { callerAt, citizenId, cityPath, createShop, purchase, sell } from '../../testing/shop.ts'
import { accept, answer, isGenuine, type Receiver, startReceiver } from '../sharing/receiver.fixture.ts'
import { caller, destinationAt, enrol, settings, settle } from '../sharing/sharing.fixture.ts'

let app: TestApp
let receiver: Receiver
let offset = 0
const clock = { now: () => new Date(Date.now() + offset) }
/** An officer of one county; the CDC is the city's. */
const officer = callerAt('/350000/350500/350582/', 'followup.read', 'followup.handle', 'purchase.reveal')
const manager: Caller = callerAt(
  cityPath,
  ...(['sharing.read', 'sharing.manage', 'sharing.send', 'followup.read'] as const),
  ...(['purchase.export', 'purchase.export-clear'] as const),
)
const cdc = '泉州市疾控中心'

beforeAll(async () => {
  process.env.VIGIL_SHARING_ALLOW = '127.0.0.1'
  app = await createShop({ clock })
  await enrol(app, manager)
  receiver = await startReceiver()
})
afterAll(async () => {
  delete process.env.VIGIL_SHARING_ALLOW
  await receiver.close()
  await app.close()
})

type Name = keyof Contract & `followup.${string}`
const call = <K extends Name>(name: K, input: object = {}) =>
  app.modules.handlers[name]({ caller: officer, params: {}, query: {}, body: {}, ...input } as never) as Promise<never>

/** Persons who bought with a fever, found and not followed up yet. */
async function found(...persons: number[]): Promise<FollowupItem[]> {
  await sell(
    app,
    persons.map((person) => purchase(app, person)),
  )
  await app.modules.followups.loop.compare()
  const items: FollowupItem[] = []
  for (const person of persons) {
    const body = { number: citizenId(person), purpose: 'follow-up', reason: '测试' }
    items.push(...((await call('followup.lookup', { body })) as { items: FollowupItem[] }).items)
  }
  return items
}
async function handedTo(recipientName: string, ...persons: number[]): Promise<FollowupSheet> {
  const ids = (await found(...persons)).map(({ id }) => id)
  return call('followup.hand-over', { body: { ids, recipient: 'cdc', recipientName } })
}
const sheetNow = async (id: string): Promise<FollowupSheet> =>
  ((await call('followup.sheets')) as { items: FollowupSheet[] }).items.find((sheet) => sheet.id === id)!
const onBoard = async (sheetId: string): Promise<FollowupItem> =>
  ((await call('followup.board')) as { columns: { items: FollowupItem[] }[] }).columns
    .flatMap(({ items }) => items)
    .find((item) => item.sheetId === sheetId)!

test('without a destination of that name, kind and area a sheet is given by hand as ever', async () => {
  const sheet = await handedTo(cdc, 701)
  expect(sheet).toMatchObject({ delivery: null, receiptAt: null })
  await expect(call('followup.send', { params: { id: sheet.id } })).rejects.toMatchObject({ details: { status: 409 } })
  expect(await call('followup.recipients')).toEqual({ items: [] })
  await settle(app)
  expect(receiver.received).toEqual([])
})

test('whoever sets one up needs what it takes, and it is sent to for each sheet, never by the clock', async () => {
  const call = caller(app, callerAt(cityPath, 'sharing.read', 'sharing.manage', 'followup.read'))
  const own = { ...settings(receiver.url, { name: cdc, kind: 'cdc', format: 'jsonl' }), list: 'followups' }
  const wrong = (change: object) => call('sharing.create', { body: { ...own, ...change } })
  await expect(wrong({ clear: true, reason: '协议' })).rejects.toMatchObject({ details: { status: 403 } })
  await expect(wrong({ kind: 'province' })).rejects.toMatchObject({ details: { status: 400 } })
  const { id } = await call('sharing.create', { body: own })
  const active = await call('sharing.set-state', { params: { id }, body: { state: 'active' } })
  expect(active).toMatchObject({ list: 'followups', nextAt: null })
  await call('sharing.set-state', { params: { id }, body: { state: 'paused' } })
})

test('a sheet is delivered at once, masked, signed, with its purpose; the receipt marks it as received', async () => {
  const { keys } = await make({ clear: false })
  expect(await call('followup.recipients')).toMatchObject({ items: [{ recipient: 'cdc', name: cdc }] })
  receiver.behave(accept)
  const sheet = await handedTo(cdc, 711, 712)
  expect(sheet.delivery).toEqual({ state: 'waiting', error: null })
  await settle(app)
  const request = receiver.received.at(-1)!
  expect(request.headers).toMatchObject({ 'vigil-purpose': 'follow-up', 'vigil-rows': '2', 'vigil-sheet': sheet.id })
  expect(request.headers).not.toHaveProperty('vigil-version')
  const active = keys.find(({ state }) => state === 'active')!
  expect(isGenuine(request, new URL(receiver.url).host, active.publicKey)).toBe(true)
  const lines = request.body.toString().trim().split('\n')
  expect(lines).toHaveLength(2)
  expect(JSON.parse(lines[0]!)).toMatchObject({ 转交单: sheet.number, 居住地址: '****' })
  for (const person of [711, 712]) expect(request.body.toString()).not.toContain(citizenId(person))
  const after = await sheetNow(sheet.id)
  expect(after).toMatchObject({ delivery: { state: 'received', error: null }, receiptBy: cdc })
  expect(after.receiptNumber).toBe(`R-${request.headers['idempotency-key']}`)
  const { timeline } = (await call('followup.read', {
    params: { id: (await onBoard(sheet.id)).id },
  })) as FollowupDetail
  expect(timeline[0]).toMatchObject({ kind: 'receipt', actor: cdc })
  expect(timeline.map(({ kind }) => kind)).not.toContain('revealed')
})

test('one that fails, delays or lies shows on the board why, and is sent again under the same number', async () => {
  const before = receiver.received.length
  const lie = answer(200, { code: 0, data: { no: 'R-1', digest: 'AAAA', rows: 1 } })
  receiver.behave(answer(503, ''), lie, () => undefined, answer(403, 'no'), accept)
  const sheet = await handedTo(cdc, 721)
  const tried = async (minutes: number) => {
    offset += minutes * 60_000
    await settle(app)
    return (await onBoard(sheet.id)).delivery
  }
  expect(await tried(0)).toEqual({ state: 'waiting', error: '接收方暂停服务（HTTP 503）' })
  expect(await tried(10)).toMatchObject({ state: 'waiting', error: expect.stringContaining('校验值') })
  expect(await tried(20)).toMatchObject({ state: 'waiting', error: expect.stringContaining('秒') })
  const refused = await tried(40)
  expect(refused).toMatchObject({ state: 'refused', error: expect.stringContaining('HTTP 403') })
  expect((await sheetNow(sheet.id)).receiptAt).toBeNull()
  await call('followup.send', { params: { id: sheet.id } })
  expect(await tried(0)).toEqual({ state: 'received', error: null })
  const numbers = receiver.received.slice(before).map(({ headers }) => headers['idempotency-key'])
  expect(new Set(numbers).size).toBe(1)
  await expect(call('followup.send', { params: { id: sheet.id } })).rejects.toMatchObject({ details: { status: 409 } })
})

test('in clear it carries name, mobile and address, never the document number, and each person’s page says so', async () => {
  await make({ clear: true, reason: '联防联控协议' })
  receiver.behave(accept)
  const sheet = await handedTo(cdc, 731)
  await settle(app)
  const text = receiver.received.at(-1)!.body.toString()
  expect(text).toMatch(/"手机号":"1\d{10}"/)
  expect(text).not.toContain('****"')
  expect(text).not.toContain(citizenId(731))
  const { timeline } = (await call('followup.read', {
    params: { id: (await onBoard(sheet.id)).id },
  })) as FollowupDetail
  expect(timeline.map(({ kind }) => kind)).toContain('revealed')
  // A receipt that was typed in while it was on its way stays.
  receiver.behave(answer(500, ''), accept)
  const slow = await handedTo(cdc, 732)
  await settle(app)
  await call('followup.receipt', { params: { id: slow.id }, body: { number: '电话-1', note: '' } })
  offset += 600_000
  await settle(app)
  expect(await sheetNow(slow.id)).toMatchObject({ receiptNumber: '电话-1', delivery: { state: 'received' } })
})

/** An active destination in the place of those before it. */
async function make(change: object) {
  await withScope(app.kernel.db, systemScope, (tx) =>
    tx.updateTable('sharing.destination').set({ state: 'paused' }).execute(),
  )
  const own = { name: cdc, kind: 'cdc', list: 'followups', format: 'jsonl', maxAttempts: 4, ...change } as const
  return destinationAt(app, receiver.url, own, manager)
}
