import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { citizenId, createPharmacyCity, mobile, type PharmacyCity } from './pharmacy.fixture.ts'

let city: PharmacyCity
beforeAll(async () => {
  city = await createPharmacyCity()
})
afterAll(async () => {
  expect(await city.drift()).toEqual([])
  await city.close()
})

const countOf = async (id: string) => {
  const [row] = await city.owner<{ purchases: number; items: number }>(
    `SELECT (SELECT count(*)::int FROM pharmacy.purchase WHERE id = $1) AS purchases, (SELECT count(*)::int FROM pharmacy.purchase_drug WHERE purchase_id = $1) AS items`,
    [id],
  )
  return row
}
const codes = (result: { errors?: { pointer: string; code: string }[] } | undefined) =>
  (result?.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)
/** What is stored, but for the audit log, as one text. */
const fingerprint = async () => {
  const tables = [
    'purchase',
    'purchase_drug',
    'purchase_revision',
    'refusal',
    'buyer_day',
    'rollup_store_day',
    'rollup_county_day',
  ]
  const parts = tables.map(
    (name) => `(SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM pharmacy.${name} t)`,
  )
  return (await city.owner<{ print: string }>(`SELECT concat_ws(' ', ${parts.join(', ')}) AS print`))[0]!.print
}

describe('registration', () => {
  test('a sale is stored with its lines, referred when there is fever, and counted', async () => {
    const sale = city.sale({ symptoms: ['fever'], temperatureTenths: 385 })
    const [result] = await city.register([sale])
    expect(result).toMatchObject({ id: sale.id, status: 'registered' })
    expect(result!.clinics!.map((clinic) => clinic.name)).toEqual(['发热门诊1', '发热门诊2', '发热门诊3'])
    expect(result!.clinics![0]!.distanceM).toBeGreaterThan(900)
    const [row] = await city.owner('SELECT clinic_ids, fever, county, revision FROM pharmacy.purchase WHERE id = $1', [
      sale.id,
    ])
    expect(row).toEqual({ clinic_ids: result!.clinics!.map((c) => c.id), fever: true, county: '350582', revision: 0 })
    const [plain] = await city.register([city.sale()])
    expect(plain!.clinics).toBeUndefined()
  })

  test('a clerk needs no store code, and cannot register for another store', async () => {
    const { storeCode: _own, ...sale } = city.sale()
    const other = city.sale({ storeCode: 'STORE-B' })
    const [own, foreign] = await city.register([sale, other], city.clerk)
    expect(own!.status).toBe('registered')
    expect(codes(foreign)).toEqual(['/storeCode store'])
    const [missing] = await city.register([sale], city.chain)
    expect(codes(missing)).toEqual(['/storeCode required'])
    expect(await countOf(other.id)).toMatchObject({ purchases: 0 })
  })

  test('a program of another area gets a per-row error, one without the permission 403', async () => {
    const narrow = await city.program('chain-api', '350583')
    const sales = [city.sale({ storeCode: 'STORE-A' }), city.sale({ storeCode: 'STORE-C' })]
    const [outside, inside] = await city.register(sales, narrow)
    expect([codes(outside), inside!.status]).toEqual([['/storeCode store'], 'registered'])
    const viewer = await city.program('viewer', '350500')
    expect((await viewer.call('POST', '/api/purchases', { purchases: sales })).statusCode).toBe(403)
  })

  test('a mixed batch: good rows are in, bad rows are named', async () => {
    const good = [city.sale(), city.sale()]
    const results = await city.register([
      good[0],
      { ...city.sale(), documentNumber: '350582198001010011' },
      { ...city.sale(), nonsense: 1 },
      { ...city.sale(), items: [{ drugId: city.drug.cough, quantity: '2' }] },
      { ...city.sale(), person: { name: '林'.repeat(61), mobile: '13800000001', residenceAreaCode: '350582' } },
      { ...city.sale(), temperatureTenths: 500, symptoms: ['fever', 'fever'] },
      {},
      { ...city.sale(), id: 'x' },
      good[1],
    ])
    expect(results.map((result) => (result.status === 'registered' ? 'registered' : codes(result)))).toEqual([
      'registered',
      ['/documentNumber check-digit'],
      ['/nonsense additionalProperties'],
      ['/items/0/quantity type'],
      ['/person/residenceAddress required', '/person/name maxLength'],
      ['/symptoms uniqueItems', '/temperatureTenths maximum'],
      expect.arrayContaining(['/id required', '/items required', '/soldAt required']),
      expect.arrayContaining(['/id minLength']),
      'registered',
    ])
    for (const { id } of good) expect(await countOf(id)).toEqual({ purchases: 1, items: 1 })
  })

  test('characters that cannot be stored are told by field, on every route', async () => {
    const dirty = [
      { ...city.sale(), history: 'a\0b' },
      { ...city.sale(), person: { ...city.sale().person!, residenceAddress: '街道\ud800' } },
      { ...city.sale(), boughtFor: { name: '\0', relation: 'family' } },
    ]
    const results = await city.register([...dirty, city.sale()])
    expect(results.map(codes)).toEqual([
      ['/history storable'],
      ['/person/residenceAddress storable'],
      ['/boughtFor/name storable'],
      [],
    ])
    const sale = city.sale()
    await city.register([sale])
    const reveal = await city.director.call('POST', `/api/purchases/${sale.id}/reveal`, {
      purpose: 'follow-up',
      reason: '\0',
    })
    expect([reveal.statusCode, reveal.json().errors[0].pointer]).toEqual([400, '/reason'])
    const query = await city.director.call('GET', '/api/parties?q=%00')
    expect(query.statusCode).toBe(400)
  })

  test('impossible requests are refused as a whole, with a problem document', async () => {
    const send = (body: unknown, headers: Record<string, string> = {}) =>
      city.app.http.inject({
        method: 'POST',
        url: '/api/purchases',
        headers: { ...city.chain.headers, 'content-type': 'application/json', ...headers },
        payload: typeof body === 'string' ? body : JSON.stringify(body),
      })
    const many = Array.from({ length: 501 }, () => city.sale())
    const before = await fingerprint()
    const answers = await Promise.all([
      send({ purchases: many }),
      send({ purchases: [] }),
      send({ purchases: 'x' }),
      send({ purchases: [1] }),
      send({ purchases: [city.sale()], more: 1 }),
      send({ purchases: [city.sale()], sentAt: '2026-11-23T10:00:60Z' }),
      send('{"purchases":['),
      send(''),
      send('{"__proto__":{}}'),
      send({ purchases: [city.sale({ history: 'x'.repeat(2_000_000) })] }),
      send('a=b', { 'content-type': 'text/csv' }),
      send({ purchases: [city.sale()] }, { origin: 'not a url', authorization: '' }),
    ])
    expect(answers.map((answer) => answer.statusCode)).toEqual([
      400, 400, 400, 400, 400, 400, 400, 400, 400, 413, 415, 403,
    ])
    for (const answer of answers) {
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
      expect(answer.json().title).toMatch(/\p{Script=Han}/u)
    }
    expect(answers[0]!.json().errors).toMatchObject([{ pointer: '/purchases', code: 'maxItems' }])
    expect(answers[4]!.json().errors).toMatchObject([{ pointer: '/more' }])
    expect(await fingerprint()).toBe(before)
  })

  test('500 rows travel in one request', async () => {
    const sales = Array.from({ length: 500 }, (_, n) =>
      city.sale({ storeCode: n % 2 ? 'STORE-B' : 'STORE-D', documentNumber: citizenId(1000 + n) }),
    )
    const results = await city.register(sales)
    expect(new Set(results.map((result) => result.status))).toEqual(new Set(['registered']))
    expect(results.map((result) => result.id)).toEqual(sales.map((sale) => sale.id))
  })
})

describe('the same again', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed)
    if (!value || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, item]) => [key, reversed(item)]),
    )
  }

  test('is answered the same and changes nothing: later, in another order, with another clock', async () => {
    const sales = [
      city.sale({ symptoms: ['fever'] }),
      city.sale({ storeCode: 'STORE-C', documentNumber: citizenId(2) }),
    ]
    const first = await city.register(sales)
    const before = await fingerprint()
    expect(await city.register(sales)).toEqual(first)
    expect(await city.register(sales.map(reversed))).toEqual(first)
    expect(
      await city.register(sales, city.chain, { sentAt: new Date(city.clock.now().getTime() + 600_000).toISOString() }),
    ).toEqual(first)
    expect(await city.register([{ ...sales[0], id: sales[0]!.id.toUpperCase() }])).toEqual([first[0]])
    expect(await fingerprint()).toBe(before)
  })

  test('twice in one batch is one sale; another content under its id is told', async () => {
    const sale = city.sale()
    const other = { ...sale, items: [{ drugId: city.drug.cough, quantity: 9 }] }
    const [, first, taken, again] = await city.register([city.sale(), sale, other, sale])
    expect(first!.status).toBe('registered')
    expect(again).toEqual(first)
    expect(codes(taken)).toEqual(['/id id-taken'])
    expect(await countOf(sale.id)).toEqual({ purchases: 1, items: 1 })
    const before = await fingerprint()
    expect((await city.register([other])).map(codes)).toEqual([['/id id-taken']])
    expect((await city.register([{ ...sale, storeCode: 'STORE-C' }])).map(codes)).toEqual([['/id id-taken']])
    expect(await fingerprint()).toBe(before)
  })

  test('at once through two server processes is one sale each', async () => {
    const other = await city.another()
    const sales = Array.from({ length: 60 }, (_, n) =>
      city.sale({ storeCode: n % 2 ? 'STORE-A' : 'STORE-C', documentNumber: citizenId(n % 7) }),
    )
    const there = city.chain.at(other.http)
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        city.register(n % 3 === 0 ? sales.toReversed() : sales, n % 2 ? there : city.chain),
      ),
    )
    const byId = (results: { id: string }[]) => results.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    for (const answer of answers) expect(byId(answer)).toEqual(byId(answers[0]!))
    const [stored] = await city.owner('SELECT count(*)::int AS n FROM pharmacy.purchase WHERE id = ANY($1::uuid[])', [
      sales.map((sale) => sale.id),
    ])
    expect(stored).toEqual({ n: sales.length })
    expect(await city.drift()).toEqual([])
  })

  test('a retry after the store was suspended is answered as the first time; a new sale is not', async () => {
    const sale = city.sale({ storeCode: 'STORE-D', documentNumber: citizenId(3) })
    const first = await city.register([sale])
    const status = (to: string) =>
      city.director.call('POST', '/api/pharmacy/stores/STORE-D/status', { status: to, reason: '检查' })
    expect((await status('suspended')).statusCode).toBe(200)
    await city.app.modules.pharmacy.purchases.reference.refresh()
    expect(await city.register([sale])).toEqual(first)
    expect((await city.register([city.sale({ storeCode: 'STORE-D' })])).map(codes)).toEqual([
      ['/storeCode store-suspended'],
    ])
    await status('active')
    await city.app.modules.pharmacy.purchases.reference.refresh()
  })
})

describe('returning buyers', () => {
  const known = { documentType: 'citizen-id', documentNumber: citizenId(40) } as const
  const lookup = (body: unknown, as = city.clerk) => as.call('POST', '/api/pharmacy/buyers/lookup', body)

  test('a buyer is unknown, then known: masked, and enough to register', async () => {
    expect((await lookup(known)).json()).toMatchObject({ known: false, name: null })
    const { person: _person, ...rest } = city.sale({ ...known, useKnownProfile: true })
    expect((await city.register([rest])).map(codes)).toEqual([['/useKnownProfile profile-unknown']])
    const person = { ...city.sale().person!, name: '欧阳小红', mobile: mobile(40) }
    const first = city.sale({
      ...known,
      person: { ...person, emergencyName: '欧阳父', emergencyMobile: '0595-22345678' },
    })
    await city.register([first])
    const answer = await lookup(known)
    expect(answer.json()).toEqual({
      known: true,
      name: '欧***',
      mobile: '138****0040',
      residence: '晋江市…',
      hasEmergencyContact: true,
    })
    const again = { ...rest, id: city.sale().id }
    expect((await city.register([again]))[0]!.status).toBe('registered')
    const clear = await city.director.call('POST', `/api/purchases/${again.id}/reveal`, {
      purpose: 'follow-up',
      reason: '核对',
    })
    expect(clear.json()).toMatchObject({ name: '欧阳小红', mobile: mobile(40), emergencyMobile: '0595-22345678' })
  })

  test('a wrong number is told; beyond 120 look-ups in an hour comes 429, recorded', async () => {
    expect((await lookup({ ...known, documentNumber: '1' })).json().errors[0].pointer).toBe('/documentNumber')
    const program = await city.program('chain-api', '350582')
    const statuses: number[] = []
    for (let n = 0; n < 121; n++) statuses.push((await lookup(known, program)).statusCode)
    expect(statuses.filter((status) => status === 200)).toHaveLength(120)
    expect(statuses.at(-1)).toBe(429)
    const over = await lookup(known, program)
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0)
    const rows = await city.owner(
      `SELECT outcome, count(*)::int AS n FROM audit.entry WHERE action = 'buyer.lookup' AND actor = '测试程序' AND object LIKE 'person:%' GROUP BY 1 ORDER BY 1`,
    )
    expect(rows).toEqual([
      { outcome: 'done', n: 120 },
      { outcome: 'refused', n: 2 },
    ])
  })
})

test('a sale that an order bars is refused and recorded once; what was sold before stays sold', async () => {
  const { guards } = city.app.modules.pharmacy.purchases
  const before = city.sale({ documentNumber: citizenId(50), items: [{ drugId: city.drug.antiviral, quantity: 7 }] })
  const first = await city.register([before])
  const order = { code: 'stop-1', title: '暂停销售', detail: '请劝导就医', from: '2026-01-01', to: null }
  guards.add({ refuse: ({ lines }) => (lines.some((line) => line.quantity === 7) ? order : undefined) })
  const barred = { ...before, id: city.sale().id }
  const [refused, fine] = await city.register([barred, city.sale()])
  expect(refused).toEqual({
    id: barred.id,
    status: 'refused',
    refusal: { title: '暂停销售', detail: '请劝导就医', from: '2026-01-01', to: null },
  })
  expect(fine!.status).toBe('registered')
  expect(await city.register([barred])).toEqual([refused])
  expect(await city.register([before])).toEqual(first)
  expect(await countOf(barred.id)).toEqual({ purchases: 0, items: 0 })
  const refusals = await city.owner('SELECT id, store_code, reason_code FROM pharmacy.refusal')
  expect(refusals).toEqual([{ id: barred.id, store_code: 'STORE-A', reason_code: 'stop-1' }])
})
