import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importFile } from '../../kernel/import/index.ts'
import { readTable } from '../../kernel/tabular/index.ts'
import { readPdf } from './poster.fixture.ts'
import { makePosters } from './poster.service.ts'
import { fetchAccountSheet, issueAccounts } from './store.account.ts'
import { bytesOf, callerIn, city, createShop, creditCode, jinjiang, nanan, type Shop, upload } from './store.fixture.ts'
import { listStores, readStore } from './store.read.ts'
import { setStoreStatus, storeImport } from './store.service.ts'

let shop: Shop
const director = callerIn([city])
const heads = ['药店名称', '统一社会信用代码', '地址', '区县', '监管所', '电话', '经度', '纬度', '药店编号']

beforeAll(async () => {
  shop = await createShop()
})
afterAll(() => shop.close())

const bring = (rows: string[][], caller = director, format: 'csv' | 'xlsx' = 'csv') =>
  importFile(shop.kernel, storeImport(shop.kernel, shop.reference), caller, upload(format, heads, rows))
const row = (serial: number, name: string, more: Partial<Record<number, string>> = {}) =>
  [
    name,
    creditCode(serial),
    `世纪大道${serial}号`,
    '晋江市',
    '青阳市场监督管理所',
    '0595-85661234',
    '118.55',
    '24.81',
    '',
  ].map((cell, at) => more[at] ?? cell)
const problem = async (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: { details?: { status: number; code: string } }) => error.details,
  )

describe('import', () => {
  test('good rows get running codes by county; every bad row is told with column and reason', async () => {
    const report = await bring(
      [
        row(1, '康民大药房'),
        row(2, ''),
        row(3, '错码药房', { 1: creditCode(3).replace(/.$/, (last) => (last === '1' ? '2' : '1')) }),
        row(4, '外市药房', { 3: '鼓楼区', 4: '' }),
        row(5, '无坐标药房', { 6: '', 7: '' }),
        row(6, '半坐标药房', { 6: '' }),
        row(7, '南安药房', { 3: '350583', 4: '' }),
        row(8, '只写所', { 3: '' }),
        row(1, '重复药房'),
        row(9, '电话药房', { 5: '123' }),
      ],
      director,
      'xlsx',
    )
    expect(report).toMatchObject({ total: 10, accepted: 4, rejected: 6 })
    expect(report.problems.map((each) => [each.row, each.column])).toEqual([
      [3, '药店名称'],
      [4, '统一社会信用代码'],
      [5, '区县'],
      [7, '经度'],
      [10, '药店名称'],
      [11, '电话'],
    ])
    const { items } = await listStores(shop.kernel, shop.reference, director, {})
    expect(items.map((item) => [item.code, item.name, item.areaCode, item.countyName])).toEqual([
      ['P35058200001', '康民大药房', '350582S01', '晋江市'],
      ['P35058200002', '无坐标药房', '350582S01', '晋江市'],
      ['P35058200003', '只写所', '350582S01', '晋江市'],
      ['P35058300001', '南安药房', '350583', '南安市'],
    ])
    expect(shop.reference.store('P35058200001')).toMatchObject({ phone: '0595-85661234', lon: 118.55 })
  })

  test('the error file holds the bad rows in the columns of the upload', async () => {
    const report = await bring([row(60, '好药房'), row(61, '坏药房', { 2: '' })])
    expect(report).toMatchObject({ accepted: 1, rejected: 1 })
    const file = await shop.kernel.files.open(report.errorFileId ?? '')
    const text = (await bytesOf(file.stream)).toString()
    expect(text).toContain('坏药房')
    expect(text).toContain('请填写地址')
    expect(text).not.toContain('好药房')
  })

  test('the same shop again is renewed, not doubled; an audit row tells counts and hash only', async () => {
    const before = await shop.query('SELECT count(*) AS n FROM pharmacy.store')
    const report = await bring([row(1, '康民大药房(新)')])
    expect(report.accepted).toBe(1)
    expect(await shop.query('SELECT count(*) AS n FROM pharmacy.store')).toEqual(before)
    expect(shop.reference.store('P35058200001')?.name).toBe('康民大药房(新)')
    const parties = await shop.query('SELECT name FROM party.party WHERE credit_code = $1', [creditCode(1)])
    expect(parties).toEqual([{ name: '康民大药房(新)' }])
    const [entry] = await shop.query(
      `SELECT actor, path, detail FROM audit.entry WHERE action = 'store.import' ORDER BY seq DESC LIMIT 1`,
    )
    expect(entry).toMatchObject({
      actor: '测试',
      path: city,
      detail: { total: 1, accepted: 1, rejected: 0, created: 0 },
    })
    expect(JSON.stringify(entry)).not.toContain('康民')
    expect((entry?.detail as { sha256?: string } | undefined)?.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  test('an own code is kept, and by it a row may leave the rest of its keys empty', async () => {
    await bring([row(70, '自编码药房', { 8: 'jj-0070' })])
    expect(shop.reference.store('JJ-0070')?.path).toBe(`${jinjiang}350582S01/JJ-0070/`)
    const report = await bring([row(70, '改名药房', { 1: '', 3: '', 4: '', 5: '', 8: 'JJ-0070' })])
    expect(report.accepted).toBe(1)
    expect(shop.reference.store('JJ-0070')).toMatchObject({
      name: '改名药房',
      areaCode: '350582S01',
      phone: '0595-85661234',
    })
  })

  test('the area of a known store is not changed by a file', async () => {
    const report = await bring([
      row(70, '改名药房', { 4: '池店市场监督管理所', 8: 'JJ-0070' }),
      row(1, '康民大药房', { 4: '池店市场监督管理所' }),
    ])
    expect(report).toMatchObject({ accepted: 0, rejected: 2 })
    expect(shop.reference.store('JJ-0070')?.areaCode).toBe('350582S01')
  })

  test('nothing outside the own area is made, changed or told', async () => {
    const neighbour = callerIn([nanan])
    const report = await bring(
      [
        row(80, '越界药房'),
        row(1, '抢注药房', { 3: '南安市', 4: '' }),
        row(81, '占码药房', { 3: '南安市', 4: '', 8: 'JJ-0070' }),
        row(82, '南安二店', { 3: '南安市', 4: '溪美市场监督管理所' }),
      ],
      neighbour,
    )
    expect(report).toMatchObject({ accepted: 1, rejected: 3 })
    expect(report.problems.map((each) => each.row)).toEqual([2, 3, 4])
    expect(shop.reference.store('P35058200001')?.name).toBe('康民大药房(新)')
    expect(await problem(bring([row(90, '甲')], callerIn([city], ['store.read'])))).toMatchObject({ status: 403 })
  })

  test('a chain with one credit code across two counties is one party', async () => {
    await bring([row(85, '连锁一店')])
    const report = await bring([row(85, '连锁二店', { 2: '成功街2号', 3: '南安市', 4: '' })], callerIn([nanan]))
    expect(report.accepted).toBe(1)
    const rows = await shop.query(
      `SELECT count(*) AS stores, count(DISTINCT party_id) AS parties FROM pharmacy.store WHERE name LIKE '连锁%店'`,
    )
    expect(rows).toEqual([{ stores: 2, parties: 1 }])
  })

  test('two imports at once never give one code twice', async () => {
    const half = (from: number) => Array.from({ length: 40 }, (_, at) => row(from + at, `并发${from + at}`))
    const reports = await Promise.all([bring(half(1000)), bring(half(2000)), bring(half(1000))])
    expect(reports.map((report) => report.accepted)).toEqual([40, 40, 40])
    const rows = await shop.query(`SELECT count(*) AS n FROM pharmacy.store WHERE name LIKE '并发%'`)
    expect(rows).toEqual([{ n: 80 }])
  })

  test('a file that is no table is one error of the field', async () => {
    const bad = { filename: '药店.xlsx', stream: upload('csv', ['a'], [['b']]).stream }
    expect(
      await problem(importFile(shop.kernel, storeImport(shop.kernel, shop.reference), director, bad)),
    ).toMatchObject({ status: 400 })
  })

  test('five thousand rows are taken in one go', async () => {
    const rows = Array.from({ length: 5000 }, (_, at) => row(10_000 + at, `批量${at}`, { 4: '池店市场监督管理所' }))
    const report = await bring(rows)
    expect(report).toMatchObject({ total: 5000, accepted: 5000, errorFileId: null })
    expect(await shop.query(`SELECT count(*) AS n FROM pharmacy.store WHERE name LIKE '批量%'`)).toEqual([{ n: 5000 }])
  })
})

describe('list', () => {
  test('pages by code without gap or double, within the area asked for', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listStores(shop.kernel, shop.reference, director, {
        area: '350582S01',
        limit: 30,
        ...(cursor && { cursor }),
      })
      seen.push(...page.items.map((item) => item.code))
      cursor = page.next ?? undefined
    } while (cursor)
    expect(seen).toEqual([...new Set(seen)].sort())
    const [count] = await shop.query(`SELECT count(*) AS n FROM pharmacy.store WHERE area_code = '350582S01'`)
    expect(seen.length).toBe(count?.n)
  })

  test('what lies outside does not exist', async () => {
    const neighbour = callerIn([nanan])
    const { items } = await listStores(shop.kernel, shop.reference, neighbour, { limit: 200 })
    expect(items.length).toBe(3)
    expect(items.every((item) => item.countyCode === '350583')).toBe(true)
    expect(await problem(listStores(shop.kernel, shop.reference, neighbour, { area: '350582' }))).toMatchObject({
      status: 404,
    })
    expect(await problem(readStore(shop.kernel, shop.reference, neighbour, 'P35058200001'))).toMatchObject({
      status: 404,
    })
    expect(await readStore(shop.kernel, shop.reference, director, 'P35058200001')).toMatchObject({
      accountStatus: null,
      purchasesToday: 0,
    })
  })

  test('text is searched as it stands, signs included', async () => {
    const find = async (q: string) => (await listStores(shop.kernel, shop.reference, director, { q })).items.length
    expect(await find('康民')).toBe(1)
    expect(await find('jj-0070')).toBe(1)
    expect(await find('%')).toBe(0)
    expect(await find('_')).toBe(0)
  })
})

test('a status is set once, with reason in the log, and reaches the copy in memory', async () => {
  const set = (caller = director) =>
    setStoreStatus(shop.kernel, shop.reference, caller, 'P35058200001', { status: 'suspended', reason: '许可证过期' })
  expect(await problem(set(callerIn([nanan])))).toMatchObject({ status: 404 })
  await set()
  expect(shop.reference.store('P35058200001')?.status).toBe('suspended')
  expect(await problem(set())).toMatchObject({ status: 409 })
  const [entry] = await shop.query(`SELECT object, detail FROM audit.entry WHERE action = 'store.set-status'`)
  expect(entry).toEqual({
    object: 'store/P35058200001',
    detail: { from: 'active', to: 'suspended', reason: '许可证过期' },
  })
})

describe('accounts', () => {
  test('one action makes what is missing; the sheet can be fetched once', async () => {
    const input = { areaCode: '350582S01' }
    const first = await issueAccounts(shop.kernel, shop.reference, director, input)
    // The suspended one gets none.
    const [count] = await shop.query(
      `SELECT count(*) AS n FROM pharmacy.store WHERE area_code = '350582S01' AND status = 'active'`,
    )
    expect(first).toMatchObject({ created: count?.n, existing: 0 })
    expect(await issueAccounts(shop.kernel, shop.reference, director, input)).toEqual({
      created: 0,
      existing: count?.n,
      batchId: null,
    })
    const batch = first.batchId ?? ''
    const [stored] = await shop.query('SELECT sealed FROM pharmacy.account_batch WHERE id = $1', [batch])
    expect((stored?.sealed as Buffer | undefined)?.includes('JJ-0070')).toBe(false)
    expect(await problem(fetchAccountSheet(shop.kernel, callerIn([nanan]), batch))).toMatchObject({ status: 404 })
    const sheet = await fetchAccountSheet(shop.kernel, director, batch)
    const codes: string[] = []
    const columns = [
      { key: 'store', heads: ['药店编号'] },
      { key: 'code', heads: ['激活码'] },
    ]
    for await (const { values } of readTable(await bytesOf(sheet.body), { filename: 'a.xlsx', columns }))
      codes.push(values.code ?? '')
    expect(new Set(codes).size).toBe(first.created)
    expect(codes.every((code) => code.length >= 8)).toBe(true)
    expect(await problem(fetchAccountSheet(shop.kernel, director, batch))).toMatchObject({
      status: 409,
      code: 'sheet-fetched',
    })
    const [emptied] = await shop.query('SELECT sealed FROM pharmacy.account_batch WHERE id = $1', [batch])
    expect(emptied?.sealed).toBeNull()
    const { items } = await listStores(shop.kernel, shop.reference, director, { account: 'invited', limit: 200 })
    expect(items.length).toBe(first.created)
  })

  test('a lost code is made anew for a named store that never activated', async () => {
    const again = await issueAccounts(shop.kernel, shop.reference, director, {
      areaCode: '350582',
      storeCodes: ['JJ-0070'],
    })
    expect(again).toMatchObject({ created: 1, existing: 0 })
    const named = { areaCode: '350583', storeCodes: ['JJ-0070'] }
    expect(await problem(issueAccounts(shop.kernel, shop.reference, director, named))).toMatchObject({ status: 404 })
  })

  test('a sheet that nobody fetched within a day is gone', async () => {
    const { batchId } = await issueAccounts(shop.kernel, shop.reference, director, { areaCode: '350583' })
    await shop.query(`UPDATE pharmacy.account_batch SET created_at = now() - interval '25 hours' WHERE id = $1`, [
      batchId,
    ])
    expect(await problem(fetchAccountSheet(shop.kernel, director, batchId ?? ''))).toMatchObject({
      status: 409,
      code: 'sheet-expired',
    })
  })
})

describe('posters', () => {
  const make = (query: { area?: string; store?: string }, caller = director) =>
    makePosters(shop.kernel, shop.reference, caller, { ...query, size: 'A6' }, 'https://shouwang.example.cn')

  test('one of a store, or one of each store of an area that is not closed', async () => {
    const one = await make({ store: 'JJ-0070' })
    expect(one.filename).toBe('登记海报-A6-改名药房.pdf')
    const [page] = readPdf(await bytesOf(one.body)).pages
    expect(page?.texts.join('')).toContain('晋江市 青阳市场监督管理所')
    const before = readPdf(await bytesOf((await make({ area: '350583' })).body)).pages.length
    await setStoreStatus(shop.kernel, shop.reference, director, 'P35058300001', { status: 'closed', reason: '注销' })
    expect(readPdf(await bytesOf((await make({ area: '350583' })).body)).pages.length).toBe(before - 1)
  })

  test('nothing asked, too much asked, or something outside', async () => {
    expect(await problem(make({}))).toMatchObject({ status: 400 })
    expect(await problem(make({ area: '350582' }))).toMatchObject({ status: 400 })
    expect(await problem(make({ area: '350582' }, callerIn([nanan])))).toMatchObject({ status: 404 })
    expect(await problem(make({ store: 'JJ-0070' }, callerIn([nanan])))).toMatchObject({ status: 404 })
  })
})
