import { dayOf, uuidv7 } from '@vigil/codes'
import { openTrace } from '@vigil/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Client } from '../../kernel/access/access.fixture.ts'
import { createAccount } from '../../kernel/access/index.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { type ColdCity, createColdCity, creditCode, officer } from './coldchain.fixture.ts'
import { openRecall } from './recall.service.ts'
import { recordTrade } from './trade.service.ts'

const password = 'correct horse battery'
let city: ColdCity
let supervisor: Client
const clients = {} as Record<'importer' | 'warehouse' | 'trader' | 'shop', Client>
/** Released, 10 kg: 4 kg went to the trader, of whom the shop has 1 kg on the way and 1 kg received. */
let lot: { id: string; uri: string; declaration: string }

async function call(client: Client, method: 'GET' | 'POST', path: string, body?: object, status = 200) {
  const response = await client.call(method, `/api/coldchain/${path}`, body)
  expect([path, response.statusCode, response.statusCode === status ? '' : response.body]).toEqual([path, status, ''])
  return response.headers['content-type']?.toString().includes('json') ? response.json() : undefined
}
const get = (client: Client, path: string, status = 200) => call(client, 'GET', path, undefined, status)
const post = (client: Client, path: string, body: object, status = 201) => call(client, 'POST', path, body, status)

async function invited(holder: keyof typeof clients): Promise<Client> {
  const account = { username: holder, displayName: `${holder}的人` }
  const { code } = await post(supervisor, `holders/${city.holders[holder]}/accounts`, account)
  const client = new Client(city.app.http)
  const accepted = await client.call('POST', '/api/invitations/accept', { username: holder, code, password })
  expect(accepted.json()).toMatchObject({ permissions: ['coldchain.read', 'coldchain.operate'] })
  return client
}

async function person(username: string, grant: { roleCode: string; areaCode: string }): Promise<Client> {
  await withScope(city.app.kernel.db, systemScope, (tx) =>
    createAccount(tx, { username, displayName: username, password, grants: [grant] }),
  )
  const client = new Client(city.app.http)
  expect((await client.signIn(username, { password })).statusCode).toBe(200)
  return client
}

beforeAll(async () => {
  city = await createColdCity()
  await city.app.kernel.connections.system.query(
    `INSERT INTO vigil.setting (name, value) VALUES ('access.totp', '{"mode":"optional"}') ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  )
  supervisor = await person('supervisor', { roleCode: 'city-director', areaCode: '350500' })
  for (const holder of ['importer', 'warehouse', 'trader', 'shop'] as const) clients[holder] = await invited(holder)
  lot = await city.lot()
  const { warehouse, trader, shop } = city.holders
  const move = (kind: 'ship' | 'receive', holderId: string, grams: number, more: object) =>
    recordTrade(city.parts, officer, { kind, holderId, lines: [{ code: lot.uri, grams }], ...more })
  const first = await move('ship', warehouse, 4000, { toId: trader })
  await move('receive', trader, 4000, { dispatch: first.dispatch! })
  const second = await move('ship', trader, 1000, { toId: shop })
  await move('receive', shop, 1000, { dispatch: second.dispatch! })
  await move('ship', trader, 1000, { toId: shop })
}, 120_000)
afterAll(() => city.close())

test('a supervisor makes accounts for businesses of his own county only, and hands on nothing else', async () => {
  const here = await person('jinjiang', { roleCode: 'county-supervisor', areaCode: '350582' })
  const account = { username: 'processor', displayName: '加工' }
  await post(here, `holders/${city.holders.processor}/accounts`, account)
  await post(here, `holders/${city.holders.shop}/accounts`, { ...account, username: 'elsewhere' }, 404)
  const grant = { roleCode: 'cold-operator', areaCode: '350582' }
  const invite = (grants: object[]) =>
    here.call('POST', '/api/accounts', { username: `user${grants.length}`, displayName: '甲', grants })
  expect((await invite([grant])).statusCode).toBe(403)
  expect((await invite([{ ...grant, storeCode: 'COLD-TRADER' }])).statusCode).toBe(201)
  expect((await invite([{ ...grant, storeCode: 'COLD-SHOP' }, grant])).statusCode).toBe(404)
  for (const [path, body] of [
    [`holders/${city.holders.trader}/accounts`, { username: 'more', displayName: '多' }],
    ['holders', {}],
  ] as const)
    expect((await clients.trader.call('POST', `/api/coldchain/${path}`, body)).statusCode).toBe(403)
})

test('each sees what waits for it, and nobody else', async () => {
  const waiting = await city.declared({ supplierLot: 'SUP-DESK' })
  const names = async (client: Client) => {
    const me = await get(client, 'me')
    return [
      me.holders.map(({ id }: { id: string }) => id),
      me.tasks.map(({ kind }: { kind: string }) => kind),
      me.grams,
    ]
  }
  const { importer, warehouse, trader, shop } = city.holders
  expect(await names(clients.importer)).toEqual([[importer], ['papers'], 0])
  expect(await names(clients.warehouse)).toEqual([[warehouse], [], 6000])
  expect(await names(clients.trader)).toEqual([[trader], [], 2000])
  expect(await names(clients.shop)).toEqual([[shop], ['receive'], 1000])
  for (const [client, items] of [
    [clients.importer, [waiting, lot.declaration]],
    [clients.warehouse, [waiting, lot.declaration]],
    [clients.trader, []],
  ] as const) {
    const list = await get(client, 'declarations')
    expect(list.items.map(({ id }: { id: string }) => id)).toEqual(items)
  }
  await get(clients.trader, `declarations/${lot.declaration}`, 404)
  const { documents } = await get(clients.importer, `declarations/${lot.declaration}`)
  await get(clients.shop, `declarations/${lot.declaration}/documents/${documents[0].id}`, 404)
})

test('of a lot each sees its own grams and movements, the owner those in the warehouse too', async () => {
  const grams = async (client: Client) => {
    const detail = await get(client, `lots/${lot.id}`)
    return {
      balances: detail.balances.map((balance: { grams: number }) => balance.grams),
      movements: detail.movements.map((movement: { grams: number }) => movement.grams),
      declared: detail.declaration !== null,
    }
  }
  expect(await grams(clients.trader)).toEqual({ balances: [2000], movements: [-1000, -1000, 4000], declared: false })
  expect(await grams(clients.shop)).toEqual({ balances: [1000], movements: [1000], declared: false })
  const stored = { balances: [6000], movements: [-4000, 10_000], declared: true }
  expect(await grams(clients.warehouse)).toMatchObject({ balances: [6000], declared: true })
  expect((await grams(clients.importer)).movements.filter((one: number) => one !== 0)).toEqual(stored.movements)
  const stock = await get(clients.trader, 'stock')
  expect(stock.items).toMatchObject([{ grams: 2000, lot: { id: lot.id }, holderId: city.holders.trader }])
  expect((await get(clients.trader, `stock?holder=${city.holders.warehouse}`)).items).toEqual([])
  const unknown = await city.lot()
  await get(clients.trader, `lots/${unknown.id}`, 404)
})

test('a trace shows a business its own step up and down', async () => {
  const trace = async (client: Client) => {
    const found = openTrace(await get(client, `trace?direction=forward&code=${encodeURIComponent(lot.uri)}`))
    return {
      held: found.lots.flatMap(({ balances }) => balances.map((one) => one.grams)),
      ways: found.dispatches.map((way) => `${way.fromName} ${way.toName}`),
    }
  }
  expect(await trace(clients.shop)).toEqual({ held: [1000], ways: Array(2).fill('冷链trader 冷链shop') })
  expect(await trace(clients.warehouse)).toEqual({ held: [6000], ways: ['冷链warehouse 冷链trader'] })
  expect((await trace(supervisor)).held).toEqual([6000, 2000, 1000])
})

test('a shop in another county has no gap for goods that entered elsewhere', async () => {
  const kinds = (await get(clients.shop, 'gaps')).items.map(({ kind }: { kind: string }) => kind)
  expect(kinds).not.toContain('no-entry')
  const overview = `overview?from=${dayOf(new Date())}&to=${dayOf(new Date())}`
  expect(await get(clients.shop, overview)).toMatchObject({ warehouses: [], waiting: 0, lots: 0, grams: 0 })
})

test('nobody acts for another business', async () => {
  const { warehouse, shop, importer } = city.holders
  const lines = [{ code: lot.uri, grams: 10 }]
  for (const holderId of [warehouse, shop]) await post(clients.trader, 'trade', { kind: 'sell', holderId, lines }, 404)
  const { trader } = clients
  await post(trader, `lots/${lot.id}/certificates`, { boxes: 1, grams: 10 }, 404)
  await post(trader, `lots/${lot.id}/boxes`, { boxes: [{ grams: 10 }] }, 404)
  await get(trader, `lots/${lot.id}/labels?format=pdf`, 404)
  await post(trader, `lots/${lot.id}/release`, { reason: '' }, 403)
  const figure = { side: 'consignor', boxes: 1, grams: 1, reason: 'x' }
  await post(clients.warehouse, `declarations/${lot.declaration}/figures`, figure, 404)
  const scan = { code: lot.uri, holderId: importer, place: '', lon: null, lat: null, grams: null, note: '' }
  await post(trader, 'scans', scan, 404)
})

test('a buyer takes the exit certificate issued to it and the newest of the lot; owner and warehouse take all', async () => {
  const { trader, shop } = city.holders
  const issue = async (lotId: string, toId?: string): Promise<{ id: string; number: string; toName: string | null }> =>
    post(supervisor, `lots/${lotId}/certificates`, { boxes: 1, grams: 1000, ...(toId ? { toId } : {}) })
  const [former, whole, own] = [await issue(lot.id), await issue(lot.id), await issue(lot.id, trader)]
  expect([whole.toName, own.toName]).toEqual([null, '冷链trader'])
  const all = [former, whole, own].map(({ id }) => id)
  for (const [client, seen] of [
    [clients.trader, [whole.id, own.id]],
    [clients.shop, [whole.id]],
    [clients.importer, all],
    [clients.warehouse, all],
    [supervisor, all],
  ] as const) {
    const detail = await get(client, `lots/${lot.id}`)
    expect(detail.certificates.map(({ id }: { id: string }) => id)).toEqual(seen)
    for (const id of all) if (!seen.includes(id)) await get(client, `certificates/${id}`, 404)
  }
  for (const id of [whole.id, own.id]) await get(clients.trader, `certificates/${id}`)
  const kept = async (client: Client) =>
    (await get(client, 'stock')).items.find((held: { lot: { id: string } }) => held.lot.id === lot.id).certificateId
  expect([await kept(clients.trader), await kept(clients.shop)]).toEqual([own.id, whole.id])
  expect(await kept(clients.warehouse)).toBe(own.id)
  await post(supervisor, `lots/${lot.id}/certificates`, { boxes: 1, grams: 1000, toId: uuidv7() }, 404)
  const other = await city.lot()
  await get(clients.shop, `certificates/${(await issue(other.id, shop)).id}`, 404)
})

test('a notice of recall asks each for its own, and tells sums of its own only', async () => {
  const other = await city.lot()
  const move = (kind: 'ship' | 'receive', holderId: string, grams: number, more: object) =>
    recordTrade(city.parts, officer, { kind, holderId, lines: [{ code: other.uri, grams }], ...more })
  const sent = await move('ship', city.holders.warehouse, 3000, { toId: city.holders.trader })
  await move('receive', city.holders.trader, 3000, { dispatch: sent.dispatch! })
  const order = { kind: 'real' as const, reason: '检出阳性', orderedBy: '专班', lotIds: [other.id] }
  const id = await openRecall(city.parts, officer, order)
  const seen = await get(clients.trader, `recalls/${id}`)
  expect(seen).toMatchObject({ total: 3000, problems: [], byFate: [{ fate: 'on-hand', grams: 3000 }] })
  expect(seen.lines.map(({ holderId }: { holderId: string }) => holderId)).toEqual([city.holders.trader])
  expect((await get(clients.warehouse, `recalls/${id}`)).total).toBe(7000)
  expect((await get(clients.trader, 'recalls')).items[0]).toMatchObject({ id, total: 3000, asked: 1, answered: 0 })
  await get(clients.shop, `recalls/${id}`, 404)
  expect((await get(clients.trader, 'me')).tasks[0]).toMatchObject({ kind: 'recall', id, grams: 3000 })
  const count = { holderId: city.holders.trader, lotId: other.id, grams: 2900, note: '' }
  expect(await post(clients.trader, `recalls/${id}/counts`, count, 200)).toMatchObject({ confirmed: 2900, total: 3000 })
  expect((await get(clients.trader, 'me')).tasks.map(({ kind }: { kind: string }) => kind)).not.toContain('recall')
  await post(clients.trader, `recalls/${id}/counts`, { ...count, holderId: city.holders.warehouse }, 404)
  await get(clients.warehouse, `recalls/${id}/certificate`, 404)
})

test('a trader registers a partner once, and no warehouse', async () => {
  const body = { creditCode: creditCode(77), name: '新门店', kind: 'shop', address: '街 1 号', areaCode: '350583' }
  const made = await post(clients.trader, 'partners', body)
  expect(await post(clients.trader, 'partners', { ...body, name: '别名' })).toEqual(made)
  await post(clients.trader, 'partners', { ...body, kind: 'warehouse' }, 400)
  await post(clients.trader, 'partners', { ...body, creditCode: `${body.creditCode.slice(0, -1)}0` }, 400)
  await post(clients.trader, 'partners', { ...body, areaCode: '999999' }, 404)
})

test('warehouses of the city and their free hours can be asked, those of nobody not', async () => {
  const { items } = await get(clients.importer, 'warehouses')
  expect(items.map(({ id }: { id: string }) => id)).toEqual([city.holders.warehouse])
  const day = dayOf(new Date(Date.now() + 10 * 86_400_000))
  const slots = await get(clients.importer, `warehouses/${items[0].id}/slots?day=${day}`)
  expect(slots.items).toHaveLength(24)
  await get(clients.importer, `warehouses/${uuidv7()}/slots?day=${day}`, 404)
  await get(clients.importer, `warehouses/${city.holders.shop}/slots?day=${day}`, 404)
})
