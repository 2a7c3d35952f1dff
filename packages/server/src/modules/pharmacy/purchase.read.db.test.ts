import { addDays, dayOf, uuidv7 } from '@vigil/codes'
import type { PurchaseItem } from '@vigil/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../kernel/access/access.fixture.ts'
import { citizenId, createPharmacyCity, mobile, type PharmacyCity } from './pharmacy.fixture.ts'

let city: PharmacyCity
let today: string
/** Sales by store; the person's number is the index. */
const sales: Record<string, string[]> = { 'STORE-A': [], 'STORE-B': [], 'STORE-C': [], 'STORE-D': [] }

beforeAll(async () => {
  city = await createPharmacyCity()
  today = dayOf(city.clock.now())
  const classes = ['antipyretic', 'cough', 'antibiotic', 'antiviral'] as const
  const all = Object.entries(sales).flatMap(([storeCode, ids]) =>
    Array.from({ length: 30 }, (_, n) => {
      const sale = city.sale({
        storeCode,
        documentNumber: citizenId(n),
        person: { ...city.sale().person!, mobile: mobile(n) },
        items: [{ drugId: city.drug[classes[n % 4]!], quantity: 1 + (n % 3) }],
        symptoms: n % 5 === 0 ? ['fever'] : [],
      })
      ids.push(sale.id)
      return sale
    }),
  )
  for (const result of await city.register(all)) expect(result.status).toBe('registered')
})
afterAll(() => city.close())

const search = async (filter: object, as: Client = city.director, more: object = {}) => {
  const response = await as.call('POST', '/api/purchases/search', {
    filter: { from: today, to: today, ...filter },
    ...more,
  })
  return { status: response.statusCode, body: response.json(), items: (response.json().items ?? []) as PurchaseItem[] }
}
const idsOf = (items: { id: string }[]) => items.map((item) => item.id).sort()

describe('search', () => {
  test('keyset pages are complete and without doubles, newest first', async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const { body } = await search({}, city.director, { limit: 7, ...(cursor && { cursor }) })
      seen.push(...body.items.map((item: PurchaseItem) => item.id))
      cursor = body.next
      // What arrives meanwhile is newer than every page that is still to come.
      if (seen.length === 14) await city.register([city.sale({ storeCode: 'STORE-B', documentNumber: citizenId(99) })])
    } while (cursor)
    expect(seen.toSorted()).toEqual(Object.values(sales).flat().sort())
    expect(seen).toEqual(seen.toSorted().reverse())
  })

  test('each filter gives exactly its rows', async () => {
    const of = (store: string, pick: (n: number) => boolean) => sales[store]!.filter((_, n) => pick(n)).sort()
    const store = { store: 'STORE-C' }
    const limit = { limit: 200 }
    expect(idsOf((await search(store, city.director, limit)).items)).toEqual(of('STORE-C', () => true))
    expect(idsOf((await search({ ...store, class: 'cough' }, city.director, limit)).items)).toEqual(
      of('STORE-C', (n) => n % 4 === 1),
    )
    expect(idsOf((await search({ ...store, fever: true }, city.director, limit)).items)).toEqual(
      of('STORE-C', (n) => n % 5 === 0),
    )
    expect(idsOf((await search({ ...store, symptom: 'fever' }, city.director, limit)).items)).toEqual(
      of('STORE-C', (n) => n % 5 === 0),
    )
    expect(idsOf((await search({ ...store, drugId: city.drug.antiviral }, city.director, limit)).items)).toEqual(
      of('STORE-C', (n) => n % 4 === 3),
    )
    expect((await search({ ...store, status: 'undone' })).items).toEqual([])
    expect((await search({ ...store, from: addDays(today, -9), to: addDays(today, -1) })).items).toEqual([])
    expect(idsOf((await search({ area: '350583' }, city.director, limit)).items)).toEqual(
      [...sales['STORE-C']!, ...sales['STORE-D']!].sort(),
    )
    expect(idsOf((await search({ area: '350583S01', fever: true }, city.director, limit)).items)).toEqual(
      [...of('STORE-C', (n) => n % 5 === 0), ...of('STORE-D', (n) => n % 5 === 0)].sort(),
    )
  })

  test('a person is found by number and by telephone, as they are typed', async () => {
    const expected = Object.values(sales)
      .map((ids) => ids[12]!)
      .sort()
    expect(idsOf((await search({ documentNumber: citizenId(12) })).items)).toEqual(expected)
    expect(
      idsOf((await search({ documentNumber: ` ${citizenId(12).slice(0, 6)} ${citizenId(12).slice(6)}` })).items),
    ).toEqual(expected)
    expect(idsOf((await search({ mobile: '+86 138-0000-0012' })).items)).toEqual(expected)
    const sale = city.sale({
      documentType: 'passport',
      documentNumber: 'E12345678',
      person: { ...city.sale().person!, mobile: '0595-22345678' },
    })
    await city.register([sale])
    expect(idsOf((await search({ mobile: '059522345678' })).items)).toEqual([sale.id])
    expect(idsOf((await search({ documentNumber: 'e12345678' })).items)).toEqual([sale.id])
  })

  test.each([
    [{ to: '2000-01-01' }, '/filter/to'],
    [{ from: '0001-01-01' }, '/filter/from'],
    [{ to: '9999-12-31' }, '/filter/to'],
    [{ from: '2020-01-01' }, '/filter/to'],
    [{ from: '2026-02-30' }, '/filter/from'],
    [{ documentNumber: '?' }, '/filter/documentNumber'],
    [{ mobile: '?' }, '/filter/mobile'],
  ])('%j is told', async (filter, pointer) => {
    const { status, body } = await search(filter)
    expect([status, body.errors?.[0]?.pointer]).toEqual([400, pointer])
  })

  test('a made-up cursor is told, an unknown area or store does not exist', async () => {
    expect((await search({}, city.director, { cursor: '-'.repeat(36) })).status).toBe(400)
    expect((await search({ area: '350599' })).status).toBe(404)
    expect((await search({ store: 'NO-SUCH' })).status).toBe(404)
    expect((await search({ area: '350583', store: 'STORE-A' })).status).toBe(404)
  })

  test('today shows the own store only', async () => {
    const body = (await city.clerk.call('GET', '/api/purchases/today')).json()
    expect(new Set(body.items.map((item: PurchaseItem) => item.storeCode))).toEqual(new Set(['STORE-A']))
    expect(body.count).toBe(body.items.length)
  })
})

describe('personal data', () => {
  const secrets = /林小明|1380000000\d|350582196\d|世纪大道/
  test('is masked everywhere but in a reveal', async () => {
    const id = sales['STORE-A']![3]!
    const masked = [
      await city.director.call('POST', '/api/purchases/search', {
        filter: { from: today, to: today, store: 'STORE-A' },
      }),
      await city.director.call('GET', `/api/purchases/${id}`),
      await city.clerk.call('GET', '/api/purchases/today'),
      await city.director.call('GET', `/api/pharmacy/overview?from=${today}&to=${today}`),
      await city.director.call('GET', '/api/audit'),
      await city.clerk.call('POST', `/api/purchases/${id}/undo`),
    ]
    for (const response of masked) {
      expect(response.statusCode).toBe(200)
      expect(response.body).not.toMatch(secrets)
    }
    const item = masked[1]!.json().purchase
    expect(item).toMatchObject({ name: '林**', mobile: '138****0003' })
    expect(item.documentNumber).toMatch(/^350\*+\w{4}$/)
    const dump = await city.owner('SELECT t::text FROM pharmacy.purchase t')
    expect(JSON.stringify(dump)).not.toMatch(secrets)
  })

  test('a reveal needs a purpose and a reason, and leaves an audit row without personal data', async () => {
    const id = sales['STORE-A']![4]!
    const reveal = (body: unknown, as = city.supervisor) => as.call('POST', `/api/purchases/${id}/reveal`, body)
    expect((await reveal({ reason: '随访' })).json().errors[0].pointer).toBe('/purpose')
    expect((await reveal({ purpose: 'follow-up', reason: '' })).json().errors[0].pointer).toBe('/reason')
    expect((await reveal({ purpose: 'curiosity', reason: '随访' })).statusCode).toBe(400)
    expect((await reveal({ purpose: 'follow-up', reason: '随访' }, city.clerk)).statusCode).toBe(403)
    const answer = await reveal({ purpose: 'follow-up', reason: '随访' })
    expect(answer.json()).toMatchObject({ name: '林小明', documentNumber: citizenId(4), mobile: mobile(4) })
    const rows = await city.owner(
      `SELECT actor, outcome, object, path, detail FROM audit.entry WHERE action = 'purchase.reveal'`,
    )
    expect(rows).toEqual([
      {
        actor: '测试supervisor',
        outcome: 'done',
        object: `purchase:${id}`,
        path: '/350000/350500/350582/350582S01/STORE-A/',
        detail: { purpose: 'follow-up', reason: '随访' },
      },
    ])
    const all = await city.owner('SELECT t::text FROM audit.entry t')
    expect(JSON.stringify(all)).not.toMatch(secrets)
  })
})

describe('area', () => {
  test('a county supervisor sees nothing of another county on any path', async () => {
    const { supervisor } = city
    const foreign = sales['STORE-C']![0]!
    expect(new Set((await search({}, supervisor, { limit: 200 })).items.map((item) => item.storeCode))).toEqual(
      new Set(['STORE-A', 'STORE-B']),
    )
    for (const filter of [{ area: '350583' }, { area: '350583S01' }, { store: 'STORE-C' }])
      expect((await search(filter, supervisor)).status).toBe(404)
    expect(
      (await search({ documentNumber: citizenId(0) }, supervisor)).items.every((item) => item.areaCode === '350582S01'),
    ).toBe(true)
    const statuses = await Promise.all([
      supervisor.call('GET', `/api/purchases/${foreign}`),
      supervisor.call('POST', `/api/purchases/${foreign}/reveal`, { purpose: 'follow-up', reason: '随访' }),
      supervisor.call('GET', `/api/pharmacy/overview?area=350583&from=${today}&to=${today}`),
      supervisor.call('GET', `/api/pharmacy/overview?store=STORE-C&from=${today}&to=${today}`),
      supervisor.call('GET', '/api/pharmacy/stores/STORE-C'),
      supervisor.call('GET', `/api/purchases/${uuidv7()}`),
    ])
    expect(statuses.map((response) => response.statusCode)).toEqual([404, 404, 404, 404, 404, 404])
    // Outside the area and not there at all look the same.
    const shape = (body: string) => body.replaceAll(/"instance":"[^"]*"/g, '')
    expect(shape(statuses[0]!.body)).toBe(shape(statuses[5]!.body))
    const { rows } = {
      rows: await city.owner(
        `SELECT DISTINCT path FROM audit.entry WHERE action = 'request.refused' AND actor = '测试supervisor'`,
      ),
    }
    expect(rows).toEqual([{ path: '/350000/350500/350582/' }])
  })

  test('a permission counts where it was given: who reads the city and reveals in one county reveals in no other', async () => {
    const two = await city.person('two-roles', 'viewer', '350500')
    await city.owner(
      `INSERT INTO access.grant (id, account_id, role_code, area_code, path)
       SELECT gen_random_uuid(), a.id, 'county-supervisor', '350583', '/350000/350500/350583/' FROM access.account a WHERE username = 'two-roles'`,
    )
    const fresh = await city.another()
    const client = two.at(fresh.http)
    const reveal = async (id: string) =>
      (await client.call('POST', `/api/purchases/${id}/reveal`, { purpose: 'follow-up', reason: '随访' })).statusCode
    const [near, far] = [sales['STORE-C']![5]!, sales['STORE-B']![5]!]
    expect((await client.call('GET', `/api/purchases/${far}`)).statusCode).toBe(200)
    expect([await reveal(near), await reveal(far)]).toEqual([200, 404])
    const exported = await client.call('POST', '/api/exports', {
      format: 'csv',
      filter: { from: today, to: today, area: '350582' },
    })
    expect(exported.statusCode).toBe(404)
  })

  test('the overview adds up at every level and shows the own area only', async () => {
    const overview = async (as: Client, query = '') =>
      (await as.call('GET', `/api/pharmacy/overview?from=${today}&to=${today}${query}`)).json()
    const whole = await overview(city.director)
    const truth = (
      await city.owner(`SELECT count(*)::int AS n FROM pharmacy.purchase WHERE status <> 'undone' AND day = $1`, [
        today,
      ])
    )[0] as { n: number }
    expect(whole.figures.purchases).toBe(truth.n)
    const counties = whole.ranking.filter((row: { purchases: number }) => row.purchases > 0)
    expect(counties.map((row: { code: string }) => row.code).sort()).toEqual(['350582', '350583'])
    expect(counties.reduce((sum: number, row: { purchases: number }) => sum + row.purchases, 0)).toBe(truth.n)
    expect(whole.stores).toEqual({ total: 4, reporting: 4 })
    const own = await overview(city.supervisor)
    expect(own.area.code).toBe('350582')
    expect(own.ranking.map((row: { code: string }) => row.code)).toEqual(['350582S01'])
    expect(own.figures.purchases).toBe(counties.find((row: { code: string }) => row.code === '350582').purchases)
    const office = await overview(city.supervisor, '&area=350582S01')
    expect(office.figures.purchases).toBe(own.figures.purchases)
    expect(office.ranking.map((row: { code: string }) => row.code).sort()).toEqual(['STORE-A', 'STORE-B'])
    const fever = await overview(city.director, '&class=antipyretic&store=STORE-C')
    // Persons 0, 4, 8 … 28 bought an antipyretic; of them 0 and 20 had fever.
    expect(fever.figures).toMatchObject({ purchases: 8, buyers: 8, fever: 2 })
    expect((await city.director.call('GET', '/api/pharmacy/overview?from=0001-01-01&to=9999-12-31')).statusCode).toBe(
      400,
    )
  })

  test('the application role without a scope sees nothing, and with one only that', async () => {
    const client = await city.app.kernel.connections.pool.connect()
    const count = async (table: string) => (await client.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n
    const tables = [
      'pharmacy.purchase',
      'pharmacy.purchase_drug',
      'pharmacy.purchase_revision',
      'pharmacy.refusal',
      'pharmacy.rollup_store_day',
      'pharmacy.rollup_county_day',
      'pharmacy.store',
      'access.account',
      'audit.entry',
    ]
    try {
      for (const table of tables) expect([table, await count(table)]).toEqual([table, 0])
      await client.query(`SET vigil.paths = '/350000/350500/350583/'`)
      expect(await count('pharmacy.purchase')).toBe(60)
      expect(await count('pharmacy.purchase_drug')).toBe(60)
      expect(await count("pharmacy.rollup_county_day WHERE county <> '350583'")).toBe(0)
      const moved = await client.query(`UPDATE pharmacy.purchase SET fever = true WHERE id = $1`, [
        sales['STORE-A']![0],
      ])
      expect(moved.rowCount).toBe(0)
      await expect(
        client.query(`UPDATE pharmacy.purchase SET path = '/350000/350500/350582/' WHERE id = $1`, [
          sales['STORE-C']![0],
        ]),
      ).rejects.toThrow(/row-level security/)
      await expect(client.query('DELETE FROM pharmacy.purchase')).rejects.toThrow(/permission denied/)
    } finally {
      client.release(true)
    }
  })
})
