import { addDays, dayOf, uuidv7 } from '@vigil/codes'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPharmacyCity, type PharmacyCity } from '../pharmacy/pharmacy.fixture.ts'
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
