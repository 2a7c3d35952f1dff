import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EpcisEvent } from '@vigil/epcis/document'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { TestClock } from '../../kernel/access/access.fixture.ts'
import { systemCaller } from '../../kernel/access/caller.ts'
import { type Tx, withScope } from '../../kernel/db/index.ts'
import { createTestApp, type TestApp } from '../../testing/index.ts'
import { createGuard } from '../sharing/index.ts'
import { county, objectEvent, settled } from './epcis.fixture.ts'
import { captureEvents } from './index.ts'
import { createQuery } from './named.service.ts'
import { nextTime } from './schedule.domain.ts'
import { type SubscriptionLoop, startSubscriptions } from './subscription.loop.ts'
import { listSubscriptions, subscribe, takeSubscription } from './subscription.service.ts'

interface Received {
  readonly key: string
  readonly signature: string
  readonly body: string
  readonly serials: readonly string[]
}

let app: TestApp
let receiver: Server
let loop: SubscriptionLoop
let received: Received[]
let answer: (request: IncomingMessage, response: ServerResponse) => void
const clock = new TestClock()
const ok: typeof answer = (_request, response) => void response.writeHead(200).end()
const guard = createGuard('127.0.0.1')
const caller = {
  ...systemCaller('测试', ['epcis.subscribe']),
  grants: [{ roleCode: '', permissions: new Set(['epcis.subscribe'] as const), path: county }],
}

beforeAll(async () => {
  app = await createTestApp({ clock })
  receiver = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString()
      const list = JSON.parse(body).epcisBody.queryResults.resultsBody.eventList as (EpcisEvent & {
        epcList: string[]
      })[]
      received.push({
        key: String(request.headers['idempotency-key']),
        signature: String(request.headers['gs1-signature']),
        body,
        serials: list.map(({ epcList }) => epcList[0]!.split('/').at(-1)!),
      })
      answer(request, response)
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const definition = { EQ_bizStep: ['shipping'] }
  await createQuery({ kernel: app.kernel, guards: [] }, caller, county, { name: 'shipped', definition })
}, 60_000)
afterAll(async () => {
  receiver.close()
  receiver.closeAllConnections()
  await app.close()
})
beforeEach(async () => {
  received = []
  answer = ok
  await withScope(app.kernel.db, [county], (tx) => tx.deleteFrom('epcis.subscription').execute())
  loop = startSubscriptions({ kernel: app.kernel, guard, logError: console.error, timeoutMs: 300 }, 0)
})
afterEach(() => loop.close())

const inCounty = <T>(work: (tx: Tx) => Promise<T>) => withScope(app.kernel.db, [county], work)
const context = { path: county, by: '测试', source: 'loop' } as const
const ship = (tx: Tx, ...serials: string[]) =>
  captureEvents(
    { kernel: app.kernel, guards: [] },
    tx,
    serials.map((serial) => objectEvent(serial, { bizStep: 'shipping' })),
    context,
  )
async function follow(body: object = { stream: true }) {
  const dest = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/in`
  const wanted = takeSubscription({ dest, signatureToken: 'secret', ...body }, guard, clock.now())
  return subscribe(app.kernel, caller, 'shipped', county, wanted)
}
/** Serves what is due, the next day. */
const nextDay = async () => {
  clock.forward(86_400)
  await loop.tick()
}
/** The same, for events all of which may be told. */
const later = async () => {
  await settled(app.kernel)
  await nextDay()
}
const row = (id: string) =>
  inCounty((tx) => tx.selectFrom('epcis.subscription').selectAll().where('id', '=', id).executeTakeFirstOrThrow())

test('a stream is sent what is new and matches, signed, each event once', async () => {
  await inCounty((tx) => ship(tx, 'before'))
  clock.forward(1)
  const { id } = await follow()
  await inCounty(async (tx) => {
    await ship(tx, 'one', 'two')
    await captureEvents({ kernel: app.kernel, guards: [] }, tx, [objectEvent('other')], context)
  })
  await later()
  await inCounty((tx) => ship(tx, 'three'))
  await later()
  await later()
  expect(received.map(({ serials }) => serials)).toEqual([['one', 'two'], ['three']])
  for (const { body, signature } of received) {
    expect(signature).toBe(createHmac('sha256', 'secret').update(body).digest('hex'))
    expect(JSON.parse(body).epcisBody.queryResults).toMatchObject({ queryName: 'shipped', subscriptionID: id })
  }
})

test('what becomes visible late is not passed over', async () => {
  await follow()
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let begun = () => {}
  const ready = new Promise<void>((resolve) => {
    begun = resolve
  })
  const slow = inCounty(async (tx) => {
    await ship(tx, 'slow')
    begun()
    await held
  })
  await ready
  await inCounty((tx) => ship(tx, 'fast'))
  await nextDay()
  release()
  await slow
  await later()
  expect(received.flatMap(({ serials }) => serials).sort()).toEqual(['fast', 'slow'])
})

test('a recipient that fails, is slow or lies gets the same batch under the same key until it takes it', async () => {
  const { id } = await follow()
  await inCounty((tx) => ship(tx, 'hard'))
  const answers: (typeof answer)[] = [
    (_request, response) => void response.writeHead(500).end(),
    () => {},
    (request) => void request.socket.destroy(),
    (_request, response) => void response.writeHead(200, { 'content-length': '100' }).end('short'),
    (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ok,
  ]
  for (const [index, each] of answers.entries()) {
    answer = each
    await later()
    expect([index, (await row(id)).failures]).toEqual([index, each === ok ? 0 : index + 1])
    // Captured between two tries: comes in a batch of its own.
    if (index === 0) await inCounty((tx) => ship(tx, 'meanwhile'))
  }
  const tries = received.filter(({ serials }) => serials.includes('hard'))
  expect(tries.map(({ serials }) => serials)).toEqual(answers.map(() => ['hard']))
  expect(new Set(tries.map(({ key }) => key)).size).toBe(1)
  expect(received.filter(({ serials }) => serials.includes('meanwhile')).map(({ serials }) => serials)).toEqual([
    ['meanwhile'],
  ])
})

test('a batch that is too large is parted', async () => {
  await follow()
  await inCounty((tx) => ship(tx, ...Array.from({ length: 60 }, (_, i) => `large-${i}`)))
  answer = (_request, response) => void response.writeHead(received.at(-1)!.serials.length > 30 ? 413 : 200).end()
  for (let i = 0; i < 3; i++) await later()
  const taken = received.filter(({ serials }) => serials.length <= 30).flatMap(({ serials }) => serials)
  expect([taken.length, new Set(taken).size]).toEqual([60, 60])
})

test('a schedule reports at its times, and of nothing only when asked', async () => {
  const { id, nextAt } = await follow({ schedule: { hour: '1', minute: '5' }, reportIfEmpty: true })
  expect(nextAt.toISOString()).toMatch(/T17:05:00/)
  await inCounty((tx) => ship(tx, 'nightly'))
  await loop.tick()
  expect(received).toEqual([])
  await later()
  await later()
  expect(received.map(({ serials }) => serials)).toEqual([['nightly'], []])
  expect((await row(id)).nextAt.getTime()).toBeGreaterThan(clock.now().getTime())
})

test('subscriptions are listed a page at a time', async () => {
  const made = [await follow(), await follow(), await follow()].map(({ id }) => id)
  const first = await listSubscriptions(app.kernel, [county], 'shipped', { size: 2, after: '' })
  const second = await listSubscriptions(app.kernel, [county], 'shipped', { size: 2, after: first.next! })
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made)
  expect([first.items.length, second.next]).toEqual([2, null])
})

test('conditions that make no sense are refused by their name', () => {
  const dest = 'https://client.example.com/in'
  for (const body of [
    { dest: 'nowhere', stream: true },
    { dest: 'http://10.0.0.1/in', stream: true },
    { dest },
    { dest, stream: true, schedule: { hour: '1' } },
    { dest, schedule: {} },
    { dest, schedule: { hour: '24' } },
    { dest, schedule: { day: '1' } },
    { dest, schedule: { dayOfMonth: '31', month: '2' } },
    { dest, stream: true, initialRecordTime: 'yesterday' },
  ])
    expect(() => takeSubscription(body, guard, clock.now())).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ type: 'epcisException:SubscriptionControlsException' }),
      }),
    )
  const monday = nextTime({ dayOfWeek: '1', hour: '[8-9]', minute: '0,30' }, new Date('2026-11-22T00:00:00Z'))
  expect(monday?.toISOString()).toBe('2026-11-23T00:00:00.000Z')
})
