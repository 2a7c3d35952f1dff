import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { addDays, dayOf } from '@vigil/codes'
import type { Contract, ExportItem, ExportList } from '@vigil/contract'
import { readJson } from '@vigil/epcis/document'
import { strictProblems } from '@vigil/epcis/strict'
import { readXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callerAt } from '../../testing/shop.ts'
import { fetchFile, settled } from '../export/export.fixture.ts'
import { boxesOf, type ColdCity, county, createColdCity, neighbour, officer } from './coldchain.fixture.ts'
import { listGaps } from './gap.read.ts'
import { keepGaps } from './gap.store.ts'
import { readOverview } from './overview.read.ts'
import { addTemperatures } from './temperature.service.ts'
import { epcisOfLot } from './trace.epcis.ts'
import { findLots } from './trace.find.ts'
import { recordTrade } from './trade.service.ts'
import { closeViolation, followViolation, readPhoto, readViolation } from './violation.follow.ts'
import { addPhoto, scan } from './violation.service.ts'

let city: ColdCity
let lot: Awaited<ReturnType<ColdCity['lot']>>
let fillet: { lotId: string; uri: string }
let box: string
const inNeighbour = callerAt(neighbour, 'coldchain.read')
const inCounty = callerAt(county, 'coldchain.read', 'coldchain.inspect')
const elsewhere = callerAt('/350000/350500/350502/', 'coldchain.read')

beforeAll(async () => {
  city = await createColdCity()
  const { parts, holders } = city
  const { warehouse, shop } = holders
  lot = await city.lot()
  const boxes = await boxesOf(parts, lot.id, 4)
  box = boxes[0]!
  const lines = boxes.map((code) => ({ code }))
  const sent = await recordTrade(parts, officer, { kind: 'ship', holderId: warehouse, toId: shop, lines })
  await recordTrade(parts, officer, { kind: 'receive', holderId: shop, dispatch: sent.dispatch!, lines })
  const outputs = [{ goodsId: city.fillet, lotNo: '', grams: 900 }]
  const cut = await recordTrade(parts, officer, { kind: 'process', holderId: shop, lines: [lines[0]!], outputs })
  fillet = cut.outputs[0]!
})
afterAll(() => city.close())

const handle = (name: keyof Contract, call: object): Promise<object> =>
  (city.app.modules.handlers as Record<string, (call: never) => Promise<object>>)[name]!({
    query: {},
    ...call,
  } as never)

/** An export that was ordered, once it has ended: the queue's worker may have been faster than the wait. */
async function exported(caller: typeof officer, body: object): Promise<ExportItem> {
  const { id } = (await handle('export.create', { caller, body: { ...body, wait: true } })) as ExportItem
  return settled(city.app, caller, id)
}

/** The rows of an export under its heads, as its owner downloads it. */
async function rowsOf(list: ExportList, filter: object = {}, caller = officer): Promise<Record<string, string>[]> {
  const made = await exported(caller, { list, filter, format: 'csv' })
  expect([list, made.status, made.error, made.sha256?.length]).toEqual([list, 'ready', null, 64])
  const [heads = [], ...rows] = (await fetchFile(city.app, caller, made.id))
    .toString()
    .replace(/^\uFEFF/, '')
    .trim()
    .split('\r\n')
    .map((line) => line.split(',').map((cell) => cell.replace(/^"|"$/g, '')))
  return rows.map((row) => Object.fromEntries(heads.map((head, at) => [head, row[at] ?? ''])))
}

describe('files', () => {
  test('of lots, declarations, stock and movements say what the pages say, each under its area', async () => {
    const lots = await rowsOf('cold-lots')
    expect(lots).toHaveLength(2)
    expect(lots.find((row) => row.来源 === '本地入仓')).toMatchObject({
      ...{ 状态: '已放行', 产地: '挪威', 件数: '10', '净重（千克）': '10.000', 检测结果: '阴性', 货主: '冷链importer' },
      ...{ 报关单号: `customs-${lot.declaration}`, 采样数: '3', '辖区在库（千克）': '9.000' },
    })
    expect(await rowsOf('cold-lots', { status: 'testing' })).toEqual([])
    expect(await rowsOf('cold-lots', { q: 'SUP-1' })).toHaveLength(1)
    // A lot that lies in the county has entered, although its warehouse is in another one.
    expect((await rowsOf('cold-lots', {}, inNeighbour)).map((row) => row.状态)).toEqual(['已放行', '已放行'])
    expect(await rowsOf('cold-lots', {}, elsewhere)).toEqual([])
    const [declared] = await rowsOf('cold-declarations')
    expect(declared).toMatchObject({ 状态: '已入仓', 司机: '王**', '入仓重量（千克）': '10.000', 单证种数: '4' })
    expect(JSON.stringify(declared)).not.toMatch(/王师傅|13800000001/)
    const stock = await rowsOf('cold-stock')
    expect(stock.map((row) => row['在库（千克）']).sort()).toEqual(['0.900', '3.000', '6.000'])
    expect(await rowsOf('cold-stock', {}, inCounty)).toHaveLength(1)
    const moves = await rowsOf('cold-movements', { lot: lot.id })
    const sum = moves.reduce((grams, row) => grams + Math.round(Number(row['增减（千克）']) * 1000), 0)
    expect([sum, moves.some((row) => row.事项 === '投料')]).toEqual([9000, true])
    const today = dayOf(city.app.kernel.clock.now())
    expect(await rowsOf('cold-movements', { from: today, to: today, lot: lot.id })).toHaveLength(moves.length)
    expect(await rowsOf('cold-movements', { to: addDays(today, -1) })).toEqual([])
  })

  test('of temperatures tell what was exposed', async () => {
    const { parts, holders } = city
    const start = Date.now() - 40 * 60_000
    const rows = Array.from({ length: 5 }, (_, n) => `${new Date(start + n * 600_000).toISOString()},-5.0`)
    const csv = `时间,温度(℃)\n${rows.join('\n')}\n`
    const file = { filename: 'a.csv', stream: Readable.from([Buffer.from(csv)]) }
    await addTemperatures(parts, officer, lot.id, holders.warehouse, file)
    for (const row of await rowsOf('cold-temperatures', { lot: lot.id })) expect(row['限值（℃）']).toBe('-18.0')
  })

  test('the sortable sheet follows the trace to the gram, and the platform’s table is filled by its template', async () => {
    const sheet = await rowsOf('cold-sortable', { lot: lot.id, reach: 'forward' })
    expect(sheet.map((row) => row['Critical tracking event'])).toEqual(
      expect.arrayContaining(['First receipt', 'Shipping', 'Receiving', 'Transformation']),
    )
    expect(sheet.find((row) => row['Input or output'] === 'output')).toMatchObject({
      Quantity: '0.900',
      'Lot URI': fillet.uri,
    })
    const made = await exported(elsewhere, { list: 'cold-sortable', filter: { lot: lot.id }, format: 'csv' })
    expect([made.status, made.error]).toEqual(['failed', '批次不存在，或不在您的管辖范围内'])

    const templates = (await handle('template.list', { caller: officer, query: { list: 'cold-lots' } })) as {
      items: { id: string; name: string; problems: unknown[] }[]
    }
    const [template] = templates.items
    expect(template).toMatchObject({ name: '进口冷链食品追溯平台报送表', problems: [] })
    const body = { templateId: template!.id, list: 'cold-lots', filter: { lot: lot.id }, format: 'xlsx' }
    const filled = await exported(officer, body)
    expect([filled.status, filled.error]).toEqual(['ready', null])
    const book = await readXlsx(await fetchFile(city.app, officer, filled.id))
    const cells = book.sheets[0]!.rows.flat().map(String)
    for (const words of ['进口冷链食品追溯信息报送表', '挪威', '10', '冷链importer', '3'])
      expect(cells).toContain(words)
  })

  test('the events of a trace are a document that the strict level accepts, and its hash is in the log', async () => {
    const { parts } = city
    const count = async (reach: 'lot' | 'forward' | 'backward', id: string) => {
      const { body, filename } = await epcisOfLot(parts, officer, id, reach)
      const text = (body as Buffer).toString()
      const found = readJson(text)
      if (!found.ok) throw new Error(JSON.stringify(found.problems))
      expect(strictProblems(found.value.document, { now: Date.now() + 1000 })).toEqual([])
      expect(filename).toMatch(/^VGL-\d{8}-\d{6}\.jsonld$/)
      return (JSON.parse(text) as { epcisBody: { eventList: unknown[] } }).epcisBody.eventList.length
    }
    const own = await count('lot', fillet.lotId)
    expect(own).toBeGreaterThan(0)
    expect(await count('backward', fillet.lotId)).toBe(await count('forward', lot.id))
    expect(await count('forward', lot.id)).toBeGreaterThan(own)
    await expect(epcisOfLot(parts, elsewhere, lot.id, 'lot')).rejects.toThrow('批次不存在')
    const [logged] = await city.raw(
      `SELECT detail FROM audit.entry WHERE action = 'coldchain.export-epcis' ORDER BY seq DESC LIMIT 1`,
    )
    expect(logged).toMatchObject({ detail: { reach: 'forward', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } })
  })
})

test('a lot is found by whatever somebody has in hand, in the own area alone', async () => {
  const { parts } = city
  const [row] = await city.raw(
    'SELECT d.number, l.lot_no, l.container_no, l.supplier_lot FROM coldchain.declaration d JOIN coldchain.lot l ON l.id = d.lot_id WHERE l.id = $1',
    [lot.id],
  )
  for (const q of [...Object.values(row!).map(String), box, lot.uri, `https://example.cn${new URL(box).pathname}`])
    expect([q, (await findLots(parts, officer, q)).map(({ id }) => id)]).toEqual([q, [lot.id]])
  expect(await findLots(parts, elsewhere, box)).toEqual([])
})

test('a violation is taken up, followed and closed; its photo is shown to whoever may handle it, and that is recorded', async () => {
  const { parts, holders } = city
  const found = { code: '没有登记的码', holderId: holders.shop, place: '', lon: null, lat: null, grams: 500, note: '' }
  const { violation } = await scan(parts, officer, found as never)
  const { id } = violation!
  const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.alloc(100)])
  await addPhoto(parts, officer, id, { filename: 'a.png', stream: Readable.from([png]) })
  expect(await followViolation(parts, officer, id, { note: '已到现场' })).toMatchObject({ state: 'taken' })
  await followViolation(parts, officer, id, { note: '货主来电' })
  const { items } = await listGaps(parts, officer, undefined)
  expect(items).toEqual([])
  const closed = await closeViolation(parts, officer, id, { outcome: '下架封存', withdrawnGrams: 500 })
  expect(closed.steps.map(({ kind, note }) => [kind, note])).toEqual([
    ['take', '已到现场'],
    ['note', '货主来电'],
    ['close', '下架封存'],
  ])
  await expect(followViolation(parts, officer, id, { note: '再说' })).rejects.toMatchObject({
    details: { status: 409 },
  })
  const [picture] = closed.pictures
  const { body } = await readPhoto(parts, officer, id, picture!.id)
  expect((await buffer(body as AsyncIterable<Uint8Array>)).equals(png)).toBe(true)
  await expect(readPhoto(parts, inCounty, id, picture!.id)).rejects.toMatchObject({ details: { status: 404 } })
  await expect(readViolation(parts, elsewhere, id)).rejects.toMatchObject({ details: { status: 404 } })
  const [seen] = await city.raw(`SELECT count(*)::int AS n FROM audit.entry WHERE action = 'coldchain.read-photo'`)
  expect(seen).toEqual({ n: 1 })
  expect(await rowsOf('cold-violations', { status: 'closed' })).toMatchObject([
    { 处置结果: '下架封存', '下架（千克）': '0.500' },
  ])
})

test('the driver is shown in clear with a reason to whoever inspects there, and the log does not name him', async () => {
  const call = { params: { id: lot.declaration }, body: { purpose: 'investigation', reason: '核对运输' } }
  const answer = await handle('cold-declaration.reveal-driver', { caller: officer, ...call })
  expect(answer).toEqual({ name: '王师傅', mobile: '13800000001', vehicle: '闽C12345' })
  await expect(handle('cold-declaration.reveal-driver', { caller: inNeighbour, ...call })).rejects.toMatchObject({
    details: { status: 403 },
  })
  const rows = await city.raw(`SELECT detail FROM audit.entry WHERE action = 'coldchain.reveal-driver'`)
  expect(rows).toEqual([{ detail: { purpose: 'investigation', reason: '核对运输' } }])
})

test('gaps are kept with their day, once, and a past day is shown as it was known then', async () => {
  const { app, parts } = city
  const at = (days: number) => ({
    ...parts,
    kernel: { ...app.kernel, clock: { now: () => new Date(app.kernel.clock.now().getTime() + days * 86_400_000) } },
  })
  const later = at(40)
  const then = dayOf(later.kernel.clock.now())
  const now = (await listGaps(later, officer, undefined)).total
  expect(now).toBeGreaterThan(2)
  expect([await keepGaps(later), await keepGaps(later)]).toEqual([now, null])
  expect((await listGaps(at(50), officer, undefined, then)).total).toBe(now)
  expect((await listGaps(parts, elsewhere, undefined, then)).total).toBe(0)
  await expect(listGaps(parts, officer, undefined, addDays(then, 1))).rejects.toMatchObject({
    details: { status: 404 },
  })
  const rows = await rowsOf('cold-gaps', { from: then, to: then })
  expect([rows.length, rows[0]!.清单日期]).toEqual([now, then])
  expect(await rowsOf('cold-gaps', { from: addDays(then, 1), to: addDays(then, 1) })).toEqual([])
  expect(await rowsOf('cold-gaps')).toEqual([])
})

test('figures of warehouses sum to those of the area, and statistics count lots, cases and grams by county and day', async () => {
  const { parts, declared, papers } = city
  await declared()
  const differing = await declared()
  await papers(differing)
  for (const [side, grams] of [
    ['consignor', 10_000],
    ['warehouse', 9_000],
  ] as const)
    await handle('cold-declaration.figure', {
      caller: officer,
      params: { id: differing },
      body: { side, boxes: 10, grams, reason: '' },
    })
  const today = dayOf(city.app.kernel.clock.now())
  const overview = await readOverview(parts, officer, { from: today, to: today })
  expect(overview).toMatchObject({ waiting: 2, disputed: 1, boxes: 10, lots: 1 })
  for (const key of ['waiting', 'disputed'] as const)
    expect(overview.warehouses.reduce((sum, row) => sum + row[key], 0)).toBe(overview[key])
  const statistics = await handle('cold-chain.statistics', { caller: officer, query: { from: today, to: today } })
  const figures = { lots: 1, boxes: 10, grams: 10_000, released: 1 }
  expect(statistics).toMatchObject({
    counties: [
      { areaCode: '350582', areaName: '晋江市', ...figures, violations: 0 },
      { areaCode: '350583', violations: 1, withdrawnGrams: 500 },
    ],
    days: [{ day: today, ...figures }],
    total: { ...figures, violations: 1, withdrawnGrams: 500 },
  })
  expect(await rowsOf('cold-tally', { from: today, to: today })).toHaveLength(2)
})
