import { addDays, dayOf, startOfDay, uuidv7 } from '@vigil/codes'
import type { PurchaseItem, PurchaseTotal } from '@vigil/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../kernel/access/access.fixture.ts'
import { readScope } from '../../kernel/db/index.ts'
import { citizenId, createPharmacyCity, type PharmacyCity, stores } from './pharmacy.fixture.ts'
import { salesOfDrug } from './purchase.by-drug.ts'
import { countPurchases } from './purchase.count.ts'
import type { ResolvedFilter } from './purchase.filter.ts'
import type { Units } from './purchase.units.ts'

let city: PharmacyCity
let today: string
let yesterday: string
const classes = ['antipyretic', 'cough', 'antibiotic', 'antiviral'] as const
const spread = 70

beforeAll(async () => {
  city = await createPharmacyCity()
  today = dayOf(city.clock.now())
  yesterday = addDays(today, -1)
  const sales = Array.from({ length: 280 }, (_, n) => {
    const day = addDays(today, -(n % spread))
    const soldAt = new Date(Math.min(startOfDay(day).getTime() + (n % 23) * 3_600_000, city.clock.now().getTime()))
    // Every seventh was uploaded late: its id is up to three days younger than the sale.
    const late = n % 7 === 0 && n % spread > 3 ? (n % 3) * 86_400_000 : 0
    return city.sale({
      id: uuidv7(soldAt.getTime() + late),
      soldAt: soldAt.toISOString(),
      storeCode: stores[n % 4]!.code,
      documentNumber: citizenId(n % 40),
      items: [{ drugId: city.drug[classes[(n >> 2) % 4]!], quantity: 1 }],
      symptoms: n % 5 === 0 ? ['fever'] : n % 11 === 0 ? ['cough'] : [],
    })
  })
  for (const result of await city.register(sales)) expect(result.status).toBe('registered')
  for (const { id } of sales.slice(0, 6)) {
    const body = { revision: 0, reason: '测试更正', changes: { temperatureTenths: 380 } }
    expect((await city.director.call('POST', `/api/purchases/${id}/corrections`, body)).statusCode).toBe(200)
  }
  const late = city.sale({ storeCode: 'STORE-A', documentNumber: citizenId(41) })
  await city.register([late], city.clerk)
  expect((await city.clerk.call('POST', `/api/purchases/${late.id}/undo`)).statusCode).toBe(200)
  await city.owner('ANALYZE pharmacy.purchase, pharmacy.purchase_drug')
})
afterAll(() => city.close())

interface Answer {
  readonly items: PurchaseItem[]
  readonly next: string | null
  readonly total: PurchaseTotal | null
}
async function page(filter: object, as: Client, cursor: string | null, limit: number): Promise<Answer> {
  const body = { filter: { from: addDays(today, -spread), to: today, ...filter }, limit, ...(cursor && { cursor }) }
  const response = await as.call('POST', '/api/purchases/search', body)
  expect(response.statusCode, response.body).toBe(200)
  return response.json()
}
async function allPages(filter: object, as: Client, limit: number): Promise<{ ids: string[]; total: PurchaseTotal }> {
  const first = await page(filter, as, null, limit)
  const items = [...first.items]
  for (let next = first.next; next; ) {
    const answer = await page(filter, as, next, limit)
    expect(answer.total).toBeNull()
    items.push(...answer.items)
    next = answer.next
  }
  return { ids: items.map(({ id }) => id), total: first.total! }
}
const truth = async (where: string, order = 'day DESC, id DESC') =>
  (
    await city.owner<{ id: string }>(
      `SELECT id FROM pharmacy.purchase p WHERE day BETWEEN '${addDays(today, -spread)}' AND '${today}' AND ${where} ORDER BY ${order}`,
    )
  ).map(({ id }) => id)

describe('pages by every way to the rows', () => {
  const cases: [string, () => object, () => string, ('by id' | 'by day')?][] = [
    ['the city', () => ({}), () => 'true', 'by id'],
    ['the city up to yesterday', () => ({ to: yesterday }), () => `day <= '${yesterday}'`],
    ['a county', () => ({ area: '350582' }), () => `county = '350582'`],
    ['an office', () => ({ area: '350583S01' }), () => `county = '350583'`],
    ['a store', () => ({ store: 'STORE-B' }), () => `store_code = 'STORE-B'`],
    ['a class', () => ({ class: 'cough' }), () => `'cough' = ANY (classes)`, 'by id'],
    ['fever in a county', () => ({ area: '350582', fever: true }), () => `county = '350582' AND fever`],
    ['a symptom', () => ({ symptom: 'cough' }), () => `'cough' = ANY (symptoms)`, 'by id'],
    ['corrected ones', () => ({ status: 'corrected' }), () => `status = 'corrected'`],
    [
      'valid ones in an office',
      () => ({ area: '350582S01', status: 'valid' }),
      () => `county = '350582' AND status = 'valid'`,
    ],
  ]
  test.each(cases)('%s', async (_name, filter, where, order = 'by day') => {
    const expected = await truth(where(), order === 'by id' ? 'id DESC' : 'day DESC, id DESC')
    expect(expected.length).toBeGreaterThan(3)
    const { ids, total } = await allPages(filter(), city.director, 3)
    expect(ids).toEqual(expected)
    const counted = await truth(`${where()} AND status <> 'undone'`)
    expect(total).toEqual({ count: counted.length, estimated: false })
  })

  test('a person', async () => {
    const expected = await truth(
      `person_index = (SELECT person_index FROM pharmacy.purchase WHERE id = '${(await page({ documentNumber: citizenId(7) }, city.director, null, 1)).items[0]!.id}')`,
    )
    expect(expected).toHaveLength(7)
    expect((await allPages({ documentNumber: citizenId(7) }, city.director, 3)).ids).toEqual(expected)
  })

  test.each([
    ['in the city', {}, 'true'],
    ['in a county', { area: '350583' }, `county = '350583'`],
    ['in an office', { area: '350582S01' }, `area_code = '350582S01'`],
    ['in a store', { store: 'STORE-A' }, `store_code = 'STORE-A'`],
    ['of fever', { fever: true }, 'fever'],
    [
      'with a symptom, still valid',
      { symptom: 'fever', status: 'valid' },
      `symptoms @> '{fever}' AND status = 'valid'`,
    ],
  ])('a drug %s, in the order of the ids', async (_name, place, where) => {
    const drugId = city.drug.antiviral
    const expected = await truth(`${where} AND drug_ids @> ARRAY['${drugId}']::uuid[]`, 'id DESC')
    expect(expected.length).toBeGreaterThan(0)
    const { ids, total } = await allPages({ ...place, drugId }, city.director, 4)
    expect(ids).toEqual(expected)
    expect(total).toEqual({ count: expected.length, estimated: false })
  })

  test('the last page says the number of rows itself', async () => {
    const { total, items, next } = await page({ status: 'corrected' }, city.director, null, 50)
    expect([items.length, next, total]).toEqual([6, null, { count: 6, estimated: false }])
  })

  test('many days of many stores are estimated from some of them, and said to be so', async () => {
    const scope = ['/350000/350500/350582/350582S01/']
    const filter: ResolvedFilter = { from: addDays(today, -spread + 1), to: today, scope, county: '350582' }
    const codes = stores.filter(({ office }) => office === '350582S01').map(({ code }) => code)
    const units: Units = { column: 'storeCode', codes, counties: ['350582'], whole: false }
    const totals = await readScope(city.app.kernel.db, scope, async (tx) => ({
      exact: await countPurchases(tx, filter, units),
      estimated: await countPurchases(tx, filter, units, undefined, codes.length * 20),
    }))
    expect(totals.exact.estimated).toBe(false)
    expect(totals.exact.count).toBeGreaterThan(100)
    expect(totals.estimated.estimated).toBe(true)
    expect(Math.abs(totals.estimated.count / totals.exact.count - 1)).toBeLessThan(0.2)
  })

  test('sales of a drug over a long period are estimated from some of its days', async () => {
    const scope = ['/350000/350500/']
    const drugId = city.drug.antiviral
    const filter = { from: addDays(today, -spread + 1), to: today, scope, drugId }
    const units: Units = { column: 'county', codes: [], counties: ['350582', '350583'], whole: true }
    const estimated = await readScope(city.app.kernel.db, scope, (tx) => salesOfDrug(tx, filter, units))
    const exact = (await truth(`drug_ids @> ARRAY['${drugId}']::uuid[]`)).length
    expect(exact).toBeGreaterThan(20)
    expect(Math.abs(estimated / exact - 1)).toBeLessThan(0.5)
  })

  test('a supervisor finds and counts the own county only', async () => {
    const expected = await truth(`county = '350582'`)
    const { ids, total } = await allPages({}, city.supervisor, 50)
    expect(ids).toEqual(expected)
    const valid = await truth(`county = '350582' AND status <> 'undone'`)
    expect(total).toEqual({ count: valid.length, estimated: false })
  })

  test.each([
    'x',
    '2026-01-01',
    `2026-01-01_${'0'.repeat(36)}`,
    `${'9'.repeat(10)}_${uuidv7()}`,
    `2026-01-01_${uuidv7()}_`,
  ])('a made-up cursor %j is told', async (cursor) => {
    const filter = { from: today, to: today }
    const response = await city.director.call('POST', '/api/purchases/search', { filter, cursor })
    expect([response.statusCode, response.json().errors?.[0]?.pointer]).toEqual([400, '/cursor'])
  })
})
