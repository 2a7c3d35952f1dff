import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { permissionNames } from '@vigil/contract'
import type { EpcisEvent } from '@vigil/epcis/document'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket as SlowSocket, WebSocketServer } from 'ws'
import { createApiKey } from '../../kernel/access/api-key.service.ts'
import { createAccount, systemCaller } from '../../kernel/access/index.ts'
import { announce } from '../../kernel/access/state.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { createTestApp, type TestApp } from '../../testing/index.ts'
import { positionName } from './answer.domain.ts'
import { county, objectEvent, settled } from './epcis.fixture.ts'
import { captureEvents } from './index.ts'
import { createQuery } from './named.service.ts'
import { startSockets } from './socket.loop.ts'
import { presentPosition } from './subscription.read.ts'

let app: TestApp
/** How far the server's clock has been put forward, in ms. */
let ahead = 0
let address: string
let key: string
let keyId: string
beforeAll(async () => {
  app = await createTestApp({ clock: { now: () => new Date(Date.now() + ahead) } })
  const { kernel } = app
  const grants = [{ roleCode: 'viewer', areaCode: '350582' }]
  const given = { username: 'w', displayName: '测试', grants, password: 'not used here', now: new Date() }
  const { id } = await withScope(kernel.db, systemScope, (tx) => createAccount(tx, given))
  const director = { ...systemCaller('测试', permissionNames), kind: 'account', id } as const
  const made = await createApiKey(kernel, director, {
    name: '程序',
    grants: [{ roleCode: 'epcis-api', areaCode: '350582' }],
    days: 1,
  })
  key = made.key
  keyId = made.id
  const caller = { ...director, grants: [{ ...director.grants[0]!, path: county }] }
  const definition = { EQ_bizStep: ['shipping'] }
  await createQuery({ kernel, guards: [] }, caller, county, { name: 'shipped', definition })
  await app.http.listen({ port: 0, host: '127.0.0.1' })
  address = `ws://127.0.0.1:${(app.http.server.address() as AddressInfo).port}/epcis/queries`
}, 60_000)
afterAll(() => app.close())

const capture = (...events: EpcisEvent[]) =>
  withScope(app.kernel.db, [county], (tx) =>
    captureEvents({ kernel: app.kernel, guards: [] }, tx, events, { path: county, by: '测试', source: 'loop' }),
  )
const step = (serial: string) => objectEvent(serial, { bizStep: serial.startsWith('x') ? 'packing' : 'shipping' })
const ship = async (...serials: string[]) => {
  await capture(...serials.map(step))
  await settled(app.kernel)
}

interface Message {
  readonly serials: readonly string[]
  readonly next: string
  readonly text: string
}

/** A client of the standard: Node's own WebSocket. */
function listen(path: string, more: { headers?: Record<string, string>; protocols?: string[] } = {}) {
  const options = { headers: { authorization: `Bearer ${key}` }, ...more }
  const socket = new WebSocket(`${address}/${path}`, options as never)
  const messages: Message[] = []
  socket.addEventListener('message', ({ data }) => {
    const results = JSON.parse(String(data)).epcisBody.queryResults
    const list = results.resultsBody.eventList as (EpcisEvent & { epcList: string[] })[]
    messages.push({
      serials: list.map(({ epcList }) => epcList[0]!.split(/[/.]/).at(-1)!),
      next: results[positionName],
      text: String(data),
    })
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.addEventListener('close', ({ code, reason }) => resolve({ code, reason }))
  })
  const open = new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error('not opened')))
  })
  return { socket, messages, closed, open }
}
/** Tells all clients, and waits until what was sent has come. */
const told = async (...clients: { messages: readonly Message[] }[]) => {
  const before = clients.map(({ messages }) => messages.length)
  await app.modules.epcis.listeners.tick()
  await expect.poll(() => clients.every(({ messages }, i) => messages.length > before[i]!)).toBe(true)
}

test('a stream tells what is new and matches, each event once, and goes on where a client was cut off', async () => {
  await ship('before')
  const all = listen('SimpleEventQuery/events?stream=true')
  const shipped = listen('shipped/events?stream=true&perPage=2', {
    headers: {},
    protocols: ['epcis', key],
  })
  await Promise.all([all.open, shipped.open])
  // Answered is the protocol, never the key.
  expect(shipped.socket.protocol).toBe('epcis')
  await ship('one', 'two', 'x-other', 'three')
  await told(all, shipped)
  await expect.poll(() => shipped.messages.length).toBe(2)
  await app.modules.epcis.listeners.tick()
  expect(all.messages.map(({ serials }) => serials)).toEqual([['one', 'two', 'x-other', 'three']])
  expect(shipped.messages.map(({ serials }) => serials)).toEqual([['one', 'two'], ['three']])
  expect(JSON.parse(shipped.messages[0]!.text)).toMatchObject({
    type: 'EPCISQueryDocument',
    epcisBody: { queryResults: { queryName: 'shipped' } },
  })

  const cut = shipped.messages[0]!.next
  const again = listen(`shipped/events?stream=true&nextPageToken=${cut}`)
  const whole = listen(`shipped/events?stream=true&initialRecordTime=${encodeURIComponent('2020-01-01T00:00:00Z')}`)
  const other = listen(`SimpleEventQuery/events?stream=true&nextPageToken=${cut}`)
  await expect(other.open).rejects.toThrow()
  await Promise.all([again.open, whole.open])
  await told(again, whole)
  expect(again.messages.flatMap(({ serials }) => serials)).toEqual(['three'])
  expect(whole.messages.flatMap(({ serials }) => serials)).toEqual(['before', 'one', 'two', 'three'])
  for (const { socket } of [all, shipped, again, whole]) socket.close()

  const rows = await withScope(app.kernel.db, systemScope, (tx) =>
    tx.selectFrom('audit.entry').select(['object', 'actor']).where('action', '=', 'epcis.listen').execute(),
  )
  // One reading for each connection that was opened, however much it was told.
  expect(rows.map(({ object }) => object).sort()).toEqual([
    'epcis-query/SimpleEventQuery',
    ...Array(3).fill('epcis-query/shipped'),
  ])
})

test('a schedule tells at its times and not before, all that came since, and that nothing did where that is asked for', async () => {
  // Half an hour from now, whatever the hour.
  const minute = (new Date().getMinutes() + 30) % 60
  const client = listen(`shipped/events?minute=${minute}`)
  const eager = listen(`shipped/events?minute=${minute}&reportIfEmpty=true&perPage=2`)
  await Promise.all([client.open, eager.open])
  const pass = async (ms: number) => {
    ahead += ms
    await app.modules.epcis.listeners.tick()
  }
  await ship('s-1', 'x-2', 's-3', 's-4')
  await pass(0)
  expect([client.messages, eager.messages]).toEqual([[], []])
  await pass(31 * 60_000)
  await expect.poll(() => [client.messages.length, eager.messages.length]).toEqual([1, 2])
  expect(client.messages[0]!.serials).toEqual(['s-1', 's-3', 's-4'])
  expect(eager.messages.map(({ serials }) => serials)).toEqual([['s-1', 's-3'], ['s-4']])
  await ship('s-5')
  await pass(60_000)
  expect(client.messages.length).toBe(1)
  await pass(59 * 60_000)
  await pass(60 * 60_000)
  await expect.poll(() => eager.messages.length).toBe(4)
  expect(client.messages.map(({ serials }) => serials.length)).toEqual([3, 1])
  expect(eager.messages.slice(2).map(({ serials }) => serials)).toEqual([['s-5'], []])
  for (const { socket } of [client, eager]) socket.close()
  await Promise.all([client.closed, eager.closed])
})

test('what cannot be subscribed to is answered as HTTP, by the name of the standard', async () => {
  const ask = async (path: string, headers: Record<string, string> = { authorization: `Bearer ${key}` }) => {
    const socket = new SlowSocket(`${address}/${path}`, { headers })
    socket.on('error', () => undefined)
    const [, response] = await once(socket, 'unexpected-response')
    const pieces: Buffer[] = []
    for await (const piece of response) pieces.push(piece as Buffer)
    return [response.statusCode, JSON.parse(Buffer.concat(pieces).toString()).type]
  }
  expect(await ask('shipped/events?stream=true', {})).toEqual([401, 'epcisException:SecurityException'])
  expect(await ask('nothing/events?stream=true')).toEqual([404, 'epcisException:NoSuchNameException'])
  for (const wrong of [
    '',
    '?stream=false',
    '?stream=true&minute=5',
    '?minute=61',
    '?stream=true&initialRecordTime=now',
  ])
    expect(await ask(`shipped/events${wrong}`)).toEqual([400, 'epcisException:SubscriptionControlsException'])
  for (const wrong of ['?stream=true&EQ_nothing=1', '?stream=true&nextPageToken=eA'])
    expect(await ask(`shipped/events${wrong}`)).toEqual([400, 'epcisException:QueryParameterException'])
  // A page of another site has the browser's cookie, but no right to use it.
  const foreign = { cookie: `vigil_session=${'x'.repeat(43)}`, origin: 'https://elsewhere.example' }
  expect(await ask('shipped/events?stream=true', foreign)).toEqual([403, 'epcisException:SecurityException'])
  // Where none is offered, and to those who would rather speak something else, it is HTTP.
  const [steps] = await once(
    request(address.replace('ws:', 'http:').replace('/queries', '/bizSteps'), {
      headers: { connection: 'Upgrade', upgrade: 'h2c', authorization: `Bearer ${key}` },
    }).end(),
    'response',
  )
  expect(steps.resume().statusCode).toBe(200)
})

test('a client that does not read is cut off and goes on from where it was; one that is gone is let go', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  const patience = { batchMs: 200, beatMs: 0 }
  const loop = startSockets({ kernel: app.kernel, prefixes: new Set(), logError: console.error, patience }, 0)
  const heavy = await withScope(app.kernel.db, [county], presentPosition)
  // More than the system keeps for a connection; one by one, since a long transaction would hold back the tests beside this one.
  const text = 'x'.repeat(950_000)
  for (let i = 0; i < 14; i++) await capture(objectEvent(i, { 'https://example.com/t': text } as object))
  await settled(app.kernel)
  server.on('connection', (socket) =>
    loop.add(socket, {
      ...{ queryName: 'q', query: 'q', format: 'No_Preference', callerId: 'me', schedule: null, reportIfEmpty: false },
      following: { query: { conditions: [] }, since: new Date(0), after: heavy, until: null, batch: 12 },
      scope: async () => [county],
    }),
  )
  const slow = new SlowSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  let received = 0
  slow.on('message', () => received++)
  await once(slow, 'open')
  await expect.poll(() => loop.count('me')).toBe(1)
  slow.pause()
  await loop.tick()
  slow.resume()
  const [code] = await once(slow, 'close')
  // What was on its way still comes, and then why it ended; the second batch was never read.
  expect([code, received]).toEqual([1013, 1])
  await expect.poll(() => loop.count()).toBe(0)

  const gone = new SlowSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { autoPong: false })
  gone.on('message', () => undefined)
  await once(gone, 'open')
  await expect.poll(() => loop.count()).toBe(1)
  for (let i = 0; i < 3; i++) await loop.tick()
  expect((await once(gone, 'close'))[0]).toBe(1006)
  await loop.close()
  server.close()
})

test('the end of its key is the end of a connection, and nothing is told after it', async () => {
  const client = listen('shipped/events?stream=true')
  await client.open
  await withScope(app.kernel.db, systemScope, (tx) =>
    tx.updateTable('access.apiKey').set({ revokedAt: new Date() }).where('id', '=', keyId).execute(),
  )
  await announce(app.kernel, { apiKey: keyId })
  await ship('late')
  await app.modules.epcis.listeners.tick()
  expect((await client.closed).code).toBe(1008)
  expect(client.messages).toEqual([])
})
