import { starterCatalogue } from '@vigil/simulate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Caller } from '../../kernel/access/caller.ts'
import { drugHandlers } from './drug.route.ts'
import { seedDrugs } from './drug.store.ts'
import { callerIn, city, createShop, type Shop, upload } from './store.fixture.ts'

let shop: Shop
let handlers: ReturnType<typeof drugHandlers>
const keeper = callerIn([city])
const clerk = callerIn([city], ['drug.read', 'purchase.register'])
const heads = ['类别', '通用名', '商品名', '剂型', '规格', '生产企业', '批准文号', '商品条码', '追溯码', '启用']

beforeAll(async () => {
  shop = await createShop()
  handlers = drugHandlers(shop.kernel, shop.reference)
})
afterAll(() => shop.close())

// The handlers read caller, query and upload only.
const call = (parts: object) => parts as never
const bring = (rows: string[][], caller: Caller = keeper) =>
  handlers['drug.import'](call({ caller, upload: upload('xlsx', heads, rows) }))
const search = (q: string, caller = clerk) => handlers['drug.search'](call({ caller, query: { q } }))
const fenbide = [
  '退热',
  '布洛芬缓释胶囊',
  '芬必得',
  '缓释胶囊剂',
  '0.3g',
  '某制药',
  '国药准字H10900089',
  '6901234567892',
  '8123456',
  '是',
]
const changed = (cells: Partial<Record<number, string>>) => fenbide.map((cell, at) => cells[at] ?? cell)

test('an installation begins with the starter catalogue, and seeding again adds nothing', async () => {
  const count = async () => (await shop.query('SELECT count(*) AS n FROM pharmacy.drug'))[0]?.n
  expect(await count()).toBe(starterCatalogue.length)
  const ids = await shop.kernel.db.transaction().execute(seedDrugs)
  expect(new Set(ids).size).toBe(starterCatalogue.length)
  expect(await count()).toBe(starterCatalogue.length)
  expect((await search('blf')).items.length).toBeGreaterThan(3)
})

test('an import is found at once by name, brand, bar code, trace code and approval number', async () => {
  expect(await bring([fenbide])).toMatchObject({ total: 1, accepted: 1, errorFileId: null })
  for (const q of ['芬必得', 'fbd', '6901234567892', '81234560000000000001', '国药准字H10900089']) {
    const { items } = await search(q)
    expect(items.map((item) => item.brand)).toEqual(['芬必得'])
    expect(items[0]).toMatchObject({ class: 'antipyretic', tracePrefix: '8123456', active: true })
  }
})

test('every wrong cell is named', async () => {
  const report = await bring([
    changed({ 0: '维生素' }),
    changed({ 1: '' }),
    changed({ 6: '国药准字1234' }),
    changed({ 7: '6901234567890' }),
    changed({ 8: '123' }),
    changed({ 9: '也许' }),
    changed({ 2: '甲', 0: 'cough', 6: '', 7: '', 8: '81234561234567890123' }),
    changed({ 2: '甲', 6: '', 7: '', 8: '' }),
  ])
  expect(report).toMatchObject({ total: 8, accepted: 1, rejected: 7 })
  expect(report.problems.map((each) => [each.row, each.column])).toEqual([
    [2, '类别'],
    [3, '通用名'],
    [4, '批准文号'],
    [5, '商品条码'],
    [6, '追溯码'],
    [7, '启用'],
    [9, '通用名'],
  ])
})

test('the same drug again keeps its id, its codes and takes its new class and state', async () => {
  const [before] = (await search('fbd')).items
  await bring([changed({ 0: 'cough', 7: '', 8: '', 9: '否' })])
  expect((await search('fbd')).items).toEqual([])
  const [after] = (await search('fbd', keeper)).items
  expect(after).toEqual({ ...before, class: 'cough', active: false })
})

test('the pack changes its version with the catalogue only', async () => {
  const first = await handlers['drug.pack'](call({ caller: clerk }))
  expect(first.items.some((line) => line.name.includes('芬必得'))).toBe(false)
  expect((await handlers['drug.pack'](call({ caller: clerk }))).version).toBe(first.version)
  await bring([fenbide])
  const second = await handlers['drug.pack'](call({ caller: clerk }))
  expect(second.version).not.toBe(first.version)
  expect(second.items.length).toBe(first.items.length + 1)
})

test('who only reads cannot import; each import is one audit row', async () => {
  await expect(bring([fenbide], clerk)).rejects.toMatchObject({ details: { status: 403 } })
  const rows = await shop.query(`SELECT detail FROM audit.entry WHERE action = 'drug.import'`)
  expect(rows.length).toBe(4)
})
