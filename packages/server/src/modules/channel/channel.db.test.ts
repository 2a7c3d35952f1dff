import { randomUUID } from 'node:crypto'
import { dayOf, startOfDay } from '@vigil/codes'
import type { BodyOf, channelRoutes } from '@vigil/contract'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { createTestDatabase, type TestApp, type TestDatabase } from '../../testing/index.ts'
import { callerAt, cityPath, createShop } from '../../testing/shop.ts'
import { type Behaviour, type Receiver, startReceiver } from '../sharing/receiver.fixture.ts'
import { enrol } from '../sharing/sharing.fixture.ts'
import { caller, type MailServer, startMailServer } from './channel.fixture.ts'
import { type Message, tell } from './tell.ts'

class Clock {
  offset = 0
  now = () => new Date(Date.now() + this.offset)
  forward(seconds: number) {
    this.offset += seconds * 1000
  }
}

const clock = new Clock()
const manager = callerAt(cityPath, 'channel.manage', 'alert.read')
const county = '/350000/350500/350582/'
const officer = callerAt(county, 'alert.read')
let database: TestDatabase
let app: TestApp
let wecom: Receiver
let dingtalk: Receiver
let mail: MailServer
let call: ReturnType<typeof caller>

const reply =
  (body: object, status = 200): Behaviour =>
  async (_request, response, read) => {
    await read()
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
const ok = reply({ errcode: 0, errmsg: 'ok' })

beforeAll(async () => {
  wecom = await startReceiver()
  dingtalk = await startReceiver()
  mail = await startMailServer()
  process.env.VIGIL_SHARING_ALLOW = '127.0.0.1'
  process.env.VIGIL_SMTP_URL = mail.url
  process.env.VIGIL_SMTP_FROM = '守望 <vigil@example.cn>'
  process.env.VIGIL_PUBLIC_URL = ''
  database = await createTestDatabase()
  app = await createShop({ clock, database })
  for (const each of [manager, officer]) await enrol(app, each)
  call = caller(app, manager)
})
afterAll(async () => {
  for (const name of ['VIGIL_SHARING_ALLOW', 'VIGIL_SMTP_URL', 'VIGIL_SMTP_FROM', 'VIGIL_PUBLIC_URL'])
    delete process.env[name]
  await app.close()
  for (const each of [wecom, dingtalk, mail]) await each.close()
  await database.drop()
})
afterEach(async () => {
  clock.offset = 0
  await app.modules.channel.loop.idle()
  await withScope(app.kernel.db, systemScope, async (tx) => {
    await tx.updateTable('channel.delivery').set({ status: 'dropped' }).where('status', '=', 'waiting').execute()
    await tx.updateTable('channel.target').set({ removedAt: new Date() }).execute()
  })
  for (const each of [wecom, dingtalk]) {
    each.behave(ok)
    each.received.length = 0
  }
  mail.plan('take')
  mail.received.length = 0
})

type Create = BodyOf<(typeof channelRoutes)['channel.create']>
const robot = (change: Partial<Create> = {}): Create => ({
  name: '值班群',
  kind: 'wecom',
  address: wecom.url,
  grades: ['orange', 'red'],
  quiet: null,
  active: true,
  areaCode: '350500',
  ...change,
})
const create = (change: Partial<Create> = {}) => call('channel.create', { body: robot(change) })
const own = (as: Caller, change: object = {}) => {
  const { areaCode: _area, ...body } = robot({ kind: 'email', address: 'lisi@example.cn', name: '邮箱' })
  return caller(app, as)('channel.create-own', { body: { ...body, ...change } })
}
const message = (change: Partial<Message> = {}): Message => ({
  kind: 'alert',
  grade: 'orange',
  path: county,
  title: '【橙色预警】晋江市退热药品需求异常',
  text: '今日登记 52 笔，预期 21 笔',
  url: '/alerts/x',
  at: clock.now(),
  ...change,
})
const order = (change: Partial<Message> = {}) =>
  withScope(app.kernel.db, systemScope, (tx) => tell(tx, message(change)))
const settle = async () => {
  await app.modules.channel.loop.tick()
  await app.modules.channel.loop.idle()
}
const deliveries = () =>
  withScope(app.kernel.db, systemScope, (tx) =>
    tx
      .selectFrom('channel.delivery as d')
      .innerJoin('channel.target as t', 't.id', 'd.targetId')
      .selectAll('d')
      .select('t.kind')
      .where('t.removedAt', 'is', null)
      .orderBy('d.id')
      .execute(),
  )
const status = (promise: Promise<unknown>) =>
  promise.then(
    () => 200,
    (error: { details?: { status: number } }) => error.details?.status ?? error,
  )
const statuses = async () => (await deliveries()).map((each) => `${each.kind} ${each.status}`).sort()

test('robots and mailboxes get what they chose, signed, and nothing of another county', async () => {
  wecom.behave(ok)
  dingtalk.behave(ok)
  await create()
  await create({ kind: 'dingtalk', address: dingtalk.url, secret: 'SECtest', grades: ['orange'] })
  await create({ name: '南安', areaCode: '350583' })
  await own(officer)
  expect(await order()).toBe(3)
  await settle()
  expect(await statuses()).toEqual(['dingtalk sent', 'email sent', 'wecom sent'])
  expect(JSON.parse(wecom.received[0]!.body.toString()).markdown.content).toContain('晋江市')
  const url = new URL(dingtalk.received[0]!.url, 'http://x')
  expect(url.searchParams.get('sign')).toMatch(/^[A-Za-z0-9+/]{43}=$/)
  expect(mail.received).toMatchObject([{ from: 'vigil@example.cn', to: ['lisi@example.cn'] }])
  expect(await order({ grade: 'yellow' })).toBe(0)
  expect(await order({ grade: 'blue', escalatedTo: cityPath })).toBe(2)
})

test('what is rolled back is told to nobody', async () => {
  await create()
  const failed = withScope(app.kernel.db, systemScope, async (tx) => {
    await tell(tx, message())
    throw new Error('no')
  })
  await expect(failed).rejects.toThrow('no')
  await settle()
  expect([wecom.received.length, (await deliveries()).length]).toEqual([0, 0])
})

test('one that is down delays no other, is tried again with growing pauses, and arrives once', async () => {
  wecom.behave(reply({}, 503), reply({ errcode: -1 }), ok)
  dingtalk.behave(ok)
  await create()
  await create({ kind: 'dingtalk', address: dingtalk.url })
  await order()
  await settle()
  expect(await statuses()).toEqual(['dingtalk sent', 'wecom waiting'])
  await settle()
  expect(wecom.received.length).toBe(1)
  for (const pause of [16, 31]) {
    clock.forward(pause)
    await settle()
  }
  expect(await statuses()).toEqual(['dingtalk sent', 'wecom sent'])
  expect(wecom.received.length).toBe(3)
  clock.forward(3600)
  await settle()
  expect(wecom.received.length).toBe(3)
})

test('a lie inside a 200 is no success: a wrong key is given up and told, and can be sent again', async () => {
  wecom.behave(reply({ errcode: 93000, errmsg: 'invalid webhook url, hint: 0123' }))
  const { id } = await create()
  await order()
  for (let n = 0; n < 3; n++) {
    await settle()
    clock.forward(300)
  }
  const { items } = await call('channel.deliveries', { query: { target: id } })
  expect(items).toMatchObject([{ status: 'dead', attempts: 3 }])
  expect(items[0]!.error).toMatch(/机器人地址无效.*不再自动重试/)
  expect((await call('channel.list')).items).toMatchObject([{ dead: 1, last: { status: 'dead' } }])
  wecom.behave(ok)
  await call('channel.resend', { params: { id: items[0]!.id } })
  await settle()
  expect(await statuses()).toEqual(['wecom sent'])
  expect(await status(call('channel.resend', { params: { id: items[0]!.id } }))).toBe(409)
})

test('one that hangs keeps nobody waiting', async () => {
  let hung: { destroy(): void } | undefined
  wecom.behave((request) => {
    hung = request.socket
  })
  await create()
  await own(officer)
  await order()
  await app.modules.channel.loop.tick()
  await expect.poll(statuses).toEqual(['email sent', 'wecom waiting'])
  await order({ title: '第二条' })
  await app.modules.channel.loop.tick()
  await expect.poll(() => mail.received.length).toBe(2)
  hung?.destroy()
  await app.modules.channel.loop.idle()
  expect((await deliveries()).find(({ kind }) => kind === 'wecom')).toMatchObject({ attempts: 1, status: 'waiting' })
})

test('a server that drops or is busy costs only its own attempt', async () => {
  wecom.behave((request) => request.socket.destroy())
  await create()
  await own(officer)
  mail.plan('busy', 'take')
  await order()
  await settle()
  expect(await statuses()).toEqual(['email waiting', 'wecom waiting'])
  expect((await deliveries()).map(({ error }) => error).sort()[1]).toMatch(/451/)
  wecom.behave(ok)
  clock.forward(20)
  await settle()
  expect(await statuses()).toEqual(['email sent', 'wecom sent'])
})

test('a mailbox that does not exist is given up', async () => {
  await own(officer)
  mail.plan('refuse-recipient')
  await order()
  for (let n = 0; n < 3; n++) {
    await settle()
    clock.forward(300)
  }
  expect(await statuses()).toEqual(['email dead'])
  const { items } = await caller(app, officer)('channel.own-deliveries')
  expect(items[0]).toMatchObject({ status: 'dead', error: expect.stringContaining('550') })
  expect(JSON.stringify(items)).not.toContain('lisi')
})

test('two processes send a message once; one that died is followed after its lease', async () => {
  wecom.behave(ok)
  await create()
  await order()
  await withScope(app.kernel.db, systemScope, (tx) =>
    tx
      .updateTable('channel.delivery')
      .set({ leaseBy: randomUUID(), leaseUntil: new Date(clock.now().getTime() + 60_000), tries: 1, attempts: 1 })
      .where('status', '=', 'waiting')
      .execute(),
  )
  await settle()
  expect(wecom.received.length).toBe(0)
  clock.forward(61)
  await Promise.all([settle(), settle()])
  expect(wecom.received.length).toBe(1)
})

test('who has lost the right to see is told no more, at the last moment', async () => {
  await own(officer)
  await order()
  await withScope(app.kernel.db, systemScope, (tx) =>
    tx.updateTable('access.account').set({ status: 'disabled' }).where('id', '=', officer.id!).execute(),
  )
  await settle()
  expect([await statuses(), mail.received.length]).toEqual([['email dropped'], 0])
  expect(await order()).toBe(0)
  await withScope(app.kernel.db, systemScope, (tx) =>
    tx.updateTable('access.account').set({ status: 'active' }).where('id', '=', officer.id!).execute(),
  )
})

test('quiet hours wait, red does not', async () => {
  clock.offset = startOfDay(dayOf(new Date())).getTime() + 12 * 3_600_000 - Date.now()
  wecom.behave(ok)
  await create({ quiet: { from: '00:00', to: '23:59' } })
  await order()
  await order({ grade: 'red', title: '【红色预警】' })
  await settle()
  expect(await statuses()).toEqual(['wecom sent', 'wecom waiting'])
  expect(JSON.parse(wecom.received[0]!.body.toString()).markdown.content).toContain('红色')
})

test('addresses are sealed, never shown, and never private; a test goes to the paused one too', async () => {
  wecom.behave(ok)
  const made = await create({ active: false })
  expect(JSON.stringify(made)).not.toContain('/in?city')
  const raw = await withScope(app.kernel.db, systemScope, (tx) =>
    tx.selectFrom('channel.target').select('sealedAddress').where('id', '=', made.id).executeTakeFirstOrThrow(),
  )
  expect(raw.sealedAddress.toString('latin1')).not.toContain('127.0.0.1')
  for (const address of ['http://10.0.0.1/robot', 'https://169.254.169.254/x', 'ftp://a.cn', 'nonsense'])
    expect([address, await status(create({ address }))]).toEqual([address, 400])
  expect(await status(create({ secret: 'SEC' }))).toBe(400)
  expect(await status(own(officer, { address: 'a@b.cn\r\nBcc: c@d.cn' }))).toBe(400)
  await call('channel.test', { params: { id: made.id } })
  await expect.poll(statuses).toEqual(['wecom sent'])
  expect(
    await status(caller(app, callerAt(county, 'channel.manage'))('channel.test', { params: { id: made.id } })),
  ).toBe(404)
  const mine = await own(officer)
  expect(await status(call('channel.remove', { params: { id: mine.id } }))).toBe(404)
  expect(await status(caller(app, manager)('channel.change-own', { params: { id: mine.id }, body: { ...mine } }))).toBe(
    404,
  )
  await caller(app, officer)('channel.remove-own', { params: { id: mine.id } })
  expect((await caller(app, officer)('channel.own')).items).toEqual([])
})
