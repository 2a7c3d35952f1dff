import { setTimeout as sleep } from 'node:timers/promises'
import { addDays, dayOf } from '@vigil/codes'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../../kernel/access/access.fixture.ts'
import { csv, imported, saleRow } from '../import/import.fixture.ts'
import { citizenId, createPharmacyCity, type PharmacyCity } from './pharmacy.fixture.ts'

let city: PharmacyCity
let other: FastifyInstance
beforeAll(async () => {
  city = await createPharmacyCity()
  other = (await city.another()).http
  await other.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => city.close())

interface Event {
  name: string
  data: { county: string; office: string; store: string; count: number }
  at: number
}

/** Listens as a browser does, at the other server process. */
async function listen(as: Client): Promise<{ events: Event[]; stop(): void; mediaType: string }> {
  const { port } = other.server.address() as { port: number }
  const cookie = [...as.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const abort = new AbortController()
  const response = await fetch(`http://127.0.0.1:${port}/api/events`, { headers: { cookie }, signal: abort.signal })
  const events: Event[] = []
  const read = async () => {
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? []
        if (name) events.push({ name, data: JSON.parse(data!), at: Date.now() })
        text = text.slice(end + 2)
      }
    }
  }
  read().catch(() => undefined)
  return { events, stop: () => abort.abort(), mediaType: response.headers.get('content-type') ?? '' }
}
const sales = (list: readonly Event[]) => list.filter(({ name }) => name === 'purchase')

test('a sale at one process is seen by the supervisor at another within two seconds, of the own area only', async () => {
  const supervisor = await listen(city.supervisor)
  const director = await listen(city.director)
  expect(supervisor.mediaType).toContain('text/event-stream')
  const before = Date.now()
  const store = (storeCode: string, n: number) => city.sale({ storeCode, documentNumber: citizenId(n) })
  const batch = [store('STORE-A', 1), store('STORE-A', 2), store('STORE-C', 3)]
  await city.register(batch)
  await city.register(batch)
  while (sales(director.events).length < 2 && Date.now() < before + 5000) await sleep(10)
  await sleep(400)
  expect(
    sales(director.events)
      .map(({ data }) => [data.store, data.count])
      .sort(),
  ).toEqual([
    ['STORE-A', 2],
    ['STORE-C', 1],
  ])
  expect(sales(supervisor.events).map(({ data }) => [data.county, data.office, data.store, data.count])).toEqual([
    ['350582', '350582S01', 'STORE-A', 2],
  ])
  expect(sales(supervisor.events)[0]!.at - before).toBeLessThan(2000)
  expect(supervisor.events[0]!.name).toBe('hello')
  expect(JSON.stringify(director.events)).not.toMatch(/path|3505821|林/)
  supervisor.stop()
  director.stop()
})

test('an undo is told too, as no new sale', async () => {
  const sale = city.sale({ documentNumber: citizenId(4) })
  await city.register([sale], city.clerk)
  await sleep(600)
  const supervisor = await listen(city.supervisor)
  expect((await city.clerk.call('POST', `/api/purchases/${sale.id}/undo`)).statusCode).toBe(200)
  for (const until = Date.now() + 5000; sales(supervisor.events).length < 1 && Date.now() < until; ) await sleep(10)
  expect(sales(supervisor.events).map(({ data }) => [data.store, data.count])).toEqual([['STORE-A', 0]])
  supervisor.stop()
})

test('figures that people share are those of their own area, and follow a sale, a correction, an undo and an import', async () => {
  const today = dayOf(city.clock.now())
  const period = `from=${addDays(today, -2)}&to=${today}`
  const ask = async (as: Client, query = '') => {
    const overview = (await as.call('GET', `/api/pharmacy/overview?${period}${query}`)).json()
    return { ...overview.figures, reporting: overview.stores.reporting, asOf: overview.asOf }
  }
  const there = { director: city.director.at(other), supervisor: city.supervisor.at(other) }
  /** Asks at the other process until the figure is there, and not older than what its consoles were told. */
  const follows = async (as: Client, change: () => Promise<unknown>, figure: string, by: number, query = '') => {
    const before = await ask(as, query)
    const listener = await listen(city.director)
    await change()
    for (const until = Date.now() + 3000; Date.now() < until && sales(listener.events).length === 0; ) await sleep(10)
    listener.stop()
    expect((await ask(as, query))[figure] - before[figure]).toBe(by)
  }
  const sale = city.sale({ storeCode: 'STORE-B', documentNumber: citizenId(40), symptoms: [] })
  const register = () => city.register([sale], city.chain)

  await city.register([city.sale({ storeCode: 'STORE-C', documentNumber: citizenId(39) })], city.chain)
  // Until its message has come, so that what is heard below is of the sale below.
  await sleep(400)
  const [city1, county1] = [await ask(city.director), await ask(city.supervisor, '&area=350582')]
  const [city2, county2] = [await ask(there.director), await ask(there.supervisor)]
  const together = await Promise.all([ask(city.director), ask(city.director), ask(city.supervisor, '&area=350582')])
  // Those who ask together get one answer, each of the own area.
  expect(together[0].asOf).toBe(together[1].asOf)
  expect(together.map(({ purchases }) => purchases)).toEqual([city1.purchases, city1.purchases, county1.purchases])
  expect(city2.purchases).toBe(city1.purchases)
  expect(county2.purchases).toBe(county1.purchases)
  expect(county1.purchases).toBeLessThan(city1.purchases)

  const lastSale = async () => (await city.director.call('GET', '/api/pharmacy/stores/STORE-B')).json().lastPurchaseAt
  expect(await lastSale()).toBeNull()
  await follows(there.director, register, 'purchases', 1)
  expect(await lastSale()).toBe(sale.soldAt)
  // At the process that took the sale nobody waits for a message.
  expect((await ask(city.director)).purchases).toBe(city1.purchases + 1)
  expect((await ask(city.supervisor, '&area=350582')).purchases).toBe(county1.purchases + 1)
  expect((await ask(city.director, '&store=STORE-B')).reporting).toBe(1)

  const correct = () =>
    city.director.call('POST', `/api/purchases/${sale.id}/corrections`, {
      revision: 0,
      reason: '更正',
      changes: { symptoms: ['fever'] },
    })
  await follows(there.supervisor, correct, 'fever', 1)
  expect((await ask(city.supervisor, '&area=350582')).fever).toBe(county1.fever + 1)
  const undo = () => city.chain.call('POST', `/api/purchases/${sale.id}/undo`)
  await follows(there.director, undo, 'purchases', -1, '&store=STORE-B')
  expect(await lastSale()).toBeNull()

  const drug = city.app.modules.pharmacy.purchases.reference.drug(city.drug.cough)!.name
  const before = [await ask(there.director), await ask(there.supervisor), await ask(there.director, '&store=STORE-A')]
  const run = await imported(city.chain, 'purchase', csv([saleRow(drug, 41), saleRow(drug, 42)]))
  expect(run.result).toMatchObject({ fresh: 2 })
  const after = [await ask(there.director), await ask(there.supervisor), await ask(there.director, '&store=STORE-A')]
  expect(after.map(({ purchases }, at) => purchases - before[at]!.purchases)).toEqual([2, 2, 2])
})

test('a clerk has no stream', async () => {
  expect((await city.clerk.call('GET', '/api/events')).statusCode).toBe(403)
})

test('the stream ends when the account is disabled', async () => {
  const officer = await city.person('leaving', 'county-supervisor', '350582')
  const { port } = other.server.address() as { port: number }
  const cookie = [...officer.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await fetch(`http://127.0.0.1:${port}/api/events`, { headers: { cookie } })
  const [account] = await city.owner<{ id: string }>(`SELECT id FROM access.account WHERE username = 'leaving'`)
  expect((await city.director.call('POST', `/api/accounts/${account!.id}/disable`)).statusCode).toBe(200)
  const ended = response.text().then(() => 'ended')
  expect(await Promise.race([ended, sleep(25_000, 'still open')])).toBe('ended')
})
