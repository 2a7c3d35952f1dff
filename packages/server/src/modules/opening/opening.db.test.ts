import { addDays, dayOf, startOfDay, uuidv7 } from '@vigil/codes'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPharmacyCity, type PharmacyCity, password } from '../pharmacy/pharmacy.fixture.ts'
import { backdateStores } from './index.ts'

let city: PharmacyCity
const today = () => dayOf(city.clock.now())
const said = (state: 'open' | 'closed', more: object = {}) => ({
  id: uuidv7(),
  state,
  saidAt: city.clock.now().toISOString(),
  ...more,
})
const checkIn = async (...entries: object[]) => {
  const response = await city.clerk.call('POST', '/api/opening/check-ins', { entries })
  expect(response.statusCode, response.body).toBe(200)
  return response.json() as {
    results: { id: string; status: string; detail: string | null }[]
    own: { entries: { state: string }[] }
  }
}
const read = async (client = city.director, query = '') => {
  const response = await client.call('GET', `/api/opening?from=${today()}&to=${today()}${query}`)
  expect(response.statusCode, response.body).toBe(200)
  return response.json()
}
const stores = async (standing: string, client = city.director) => {
  const response = await client.call('GET', `/api/opening/stores?day=${today()}&standing=${standing}`)
  expect(response.statusCode, response.body).toBe(200)
  return (response.json().items as { code: string }[]).map(({ code }) => code)
}

beforeAll(async () => {
  city = await createPharmacyCity()
}, 60_000)
afterAll(() => city.close())

describe('checking in', () => {
  test('the day begins with all stores missing', async () => {
    expect((await read()).figures).toEqual({ active: 4, open: 0, closed: 0, sold: 0, missing: 4 })
    expect(await stores('missing')).toEqual(['STORE-A', 'STORE-B', 'STORE-C', 'STORE-D'])
  })

  test('closed with a reason, then open: the last statement stands, and both are kept', async () => {
    const first = said('closed', { reason: 'stocktaking', note: '半天', backOn: today() })
    expect((await checkIn(first)).results).toEqual([{ id: first.id, status: 'taken', detail: null }])
    expect(await read()).toMatchObject({
      figures: { closed: 1, missing: 3 },
      reasons: [{ reason: 'stocktaking', stores: 1 }],
    })
    city.clock.forward(60_000)
    const { own } = await checkIn(said('open'))
    expect(own.entries.map(({ state }) => state)).toEqual(['open', 'closed'])
    expect(await read()).toMatchObject({ figures: { open: 1, closed: 0, missing: 3 }, reasons: [] })
    // A statement that waited on the device and comes after a later one does not stand in its place.
    await checkIn(
      said('closed', { reason: 'holiday', saidAt: new Date(city.clock.now().getTime() - 30_000).toISOString() }),
    )
    expect((await read()).figures).toMatchObject({ open: 1, closed: 0 })
    // The same one again is no second one.
    expect((await checkIn(first)).own.entries).toHaveLength(3)
    const changed = `UPDATE opening.entry SET state = 'open'`
    await expect(city.app.kernel.connections.pool.query(changed)).rejects.toThrow(/permission denied/)
  })

  test('what cannot count is told by row and holds nothing up', async () => {
    const late = said('open', { saidAt: new Date(city.clock.now().getTime() - 4 * 86_400_000).toISOString() })
    const bare = said('closed')
    const good = said('open')
    const { results } = await checkIn(late, bare, good)
    expect(results.map(({ status, detail }) => [status, detail])).toEqual([
      ['refused', '签到已超过 3 天，不能补报'],
      ['refused', '请选择停业原因'],
      ['taken', null],
    ])
  })

  test('a sale is evidence of being open, without a row of its own', async () => {
    await city.register([city.sale({ storeCode: 'STORE-B' })])
    expect((await read()).figures).toEqual({ active: 4, open: 1, closed: 0, sold: 1, missing: 2 })
    expect(await stores('sold')).toEqual(['STORE-B'])
    const ranking: { code: string; active: number; missing: number }[] = (await read()).ranking
    expect(ranking.filter(({ active }) => active > 0).map(({ code, missing }) => [code, missing])).toEqual([
      ['350583', 2],
      ['350582', 0],
    ])
  })
})

describe('calling', () => {
  const call = (storeCode: string, more: object, client = city.director) =>
    client.call('POST', '/api/opening/calls', { storeCode, note: '', ...more })

  test('who called with what result is kept; a reached store is stated by it', async () => {
    expect((await call('STORE-C', { result: 'no-answer' })).json()).toMatchObject({
      standing: 'missing',
      calls: 1,
      lastCall: { result: 'no-answer', actor: '测试director' },
    })
    expect((await call('STORE-C', { result: 'closed', note: '' })).statusCode).toBe(400)
    const closed = { result: 'closed', reason: 'renovation', note: '', backOn: addDays(today(), 3) }
    expect((await call('STORE-C', closed)).json()).toMatchObject({ standing: 'closed', source: 'call', calls: 2 })
    expect((await call('STORE-C', { result: 'open' })).json().code).toBe('checked-in')
    expect((await read()).figures).toEqual({ active: 4, open: 1, closed: 1, sold: 1, missing: 1 })
  })

  test('a neighbour sees and calls nobody here', async () => {
    expect((await call('STORE-D', { result: 'open' }, city.supervisor)).statusCode).toBe(404)
    expect(await stores('missing', city.supervisor)).toEqual([])
    expect((await read(city.supervisor)).figures.active).toBe(2)
  })
})

describe('the denominator of a past day', () => {
  test('suspending a store today leaves yesterday as it was', async () => {
    const day = addDays(today(), -3)
    expect(await backdateStores(city.app.kernel, ['STORE-A', 'STORE-B', 'STORE-C', 'STORE-D'], day)).toBe(4)
    const before = await read(city.director, '').then(() =>
      city.director.call('GET', `/api/opening?from=${day}&to=${addDays(today(), -1)}`),
    )
    expect(before.json().curve.map(({ active }: { active: number }) => active)).toEqual([4, 4, 4])
    const status = { status: 'suspended', reason: '检查' }
    expect((await city.director.call('POST', '/api/pharmacy/stores/STORE-D/status', status)).statusCode).toBe(200)
    expect((await read()).figures.active).toBe(3)
    const after = await city.director.call('GET', `/api/opening?from=${day}&to=${today()}`)
    expect(after.json().curve.map(({ active }: { active: number }) => active)).toEqual([4, 4, 4, 3])
    await expect(city.app.kernel.connections.pool.query('DELETE FROM opening.store_state')).rejects.toThrow(
      /permission denied/,
    )
  })
})

test('the list is exported as the page shows it', async () => {
  const filter = { from: today(), to: today(), status: 'closed' }
  const made = await city.director.call('POST', '/api/exports', { list: 'opening', format: 'csv', filter, wait: true })
  expect(made.statusCode, made.body).toBe(202)
  const file = await city.director.call('GET', `/api/exports/${made.json().id}/file`)
  expect(file.body).toContain('STORE-C')
  expect(file.body).toContain('装修')
  expect(file.body).not.toContain('STORE-A')
})

describe('those in charge are told of the missing', () => {
  const messages = () =>
    city.owner<{ path: string; url: string; title: string; told: number }>(
      `SELECT path, url, title, (SELECT count(*)::int FROM channel.delivery d WHERE d.message_id = m.id) AS told
       FROM channel.message m WHERE kind = 'opening' ORDER BY id`,
    )
  /** Moves the clock to a time of day in Shanghai, some days on. */
  const goTo = (days: number, hours: number) => {
    const at = startOfDay(addDays(today(), days)).getTime() + hours * 3_600_000
    city.clock.forward(at - city.clock.now().getTime())
  }
  const remind = () => city.app.modules.opening.remind()
  /** Sessions end while the clock runs on. */
  const signIn = async () => {
    for (const [client, name] of [
      [city.director, 'director'],
      [city.supervisor, 'supervisor'],
    ] as const)
      expect((await client.signIn(name, { password })).statusCode).toBe(200)
  }
  const mailbox = (client: PharmacyCity['director']) =>
    client.call('POST', '/api/me/channels', {
      name: '邮箱',
      kind: 'email',
      address: 'zhiban@example.cn',
      grades: ['red'],
      quiet: null,
      active: true,
    })

  test('once a day and area, of two processes and whatever the clock does, with the call list', async () => {
    for (const client of [city.supervisor, city.director]) expect((await mailbox(client)).statusCode).toBe(201)
    goTo(1, 9.9)
    expect(await remind()).toBe(0)
    goTo(0, 10.01)
    const day = today()
    const other = await city.another()
    const counts = await Promise.all([remind(), other.modules.opening.remind(), remind()])
    // The director is in charge of the city, not of a county.
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1)
    const told = [
      {
        path: expect.stringMatching(/350582\/$/),
        url: `/opening?area=350582&from=${day}&to=${day}`,
        title: '晋江市 10:00 仍有 2 家药店未签到',
        told: 1,
      },
    ]
    expect(await messages()).toEqual(told)
    for (const [days, hours] of [
      [0, 23],
      [-1, 12],
      [1, 8],
      [0, 10.5],
    ] as const) {
      goTo(days, hours)
      await remind()
    }
    expect((await messages()).slice(1).every(({ url }) => !url.includes(day))).toBe(true)
    await signIn()
    const { told: shown } = await read(city.supervisor, '&area=350582')
    expect(shown).toMatchObject({ missing: 2, recipients: 1 })
  })

  test('a dated rule moves the time or ends it; nobody is told of an area without missing stores', async () => {
    const rule = (at: string | null, more: object = {}) =>
      city.director.call('POST', '/api/opening/rules', { areaCode: '350582', from: today(), at, note: '', ...more })
    expect((await rule('09:00', { from: addDays(today(), -1) })).statusCode).toBe(400)
    expect((await rule('25:00')).statusCode).toBe(400)
    expect((await rule('08:30', { from: addDays(today(), 1) })).statusCode).toBe(201)
    const before = (await messages()).length
    goTo(1, 8.6)
    expect(await remind()).toBe(1)
    await signIn()
    expect((await rule(null, { from: addDays(today(), 1) })).statusCode).toBe(201)
    goTo(1, 11)
    expect(await remind()).toBe(0)
    expect(await messages()).toHaveLength(before + 1)
    await signIn()
    const { items } = (await city.supervisor.call('GET', '/api/opening/rules')).json()
    expect(items.map(({ at }: { at: string | null }) => at)).toEqual([null, '08:30'])
  })
})
