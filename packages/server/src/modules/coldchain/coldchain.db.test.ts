import { uuidv7 } from '@vigil/codes'
import type { EpcisEvent } from '@vigil/epcis/document'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { ChunkPlan } from '../../kernel/import/index.ts'
import { captureEvents } from '../epcis/index.ts'
import { boxesOf, type ColdCity, county, createColdCity, neighbour, officer, passTests } from './coldchain.fixture.ts'
import { cancelDeclaration } from './declaration.service.ts'
import { countArrival } from './entry.service.ts'
import { recordForeign } from './foreign.service.ts'
import { saveRule } from './holder.service.ts'
import { takeSample } from './inspect.service.ts'
import { destroyByOrder, releaseLot, withdrawRelease } from './release.service.ts'
import { recordTrade } from './trade.service.ts'

let city: ColdCity
beforeAll(async () => {
  city = await createColdCity()
}, 120_000)
afterAll(() => city.close())

const refused = (rule: string) => ({ refusals: [expect.objectContaining({ rule, position: 0 })] })
const problem = (code: string) => ({ details: expect.objectContaining({ code }) })
const trade = (
  kind: 'ship' | 'receive' | 'sell' | 'lose' | 'return' | 'destroy',
  holder: keyof ColdCity['holders'],
  code: string,
  grams?: number,
  more = {},
) =>
  recordTrade(city.parts, officer, {
    ...{ kind, holderId: city.holders[holder], lines: [grams === undefined ? { code } : { code, grams }] },
    ...more,
  })
const balance = async (lotId: string, holder: keyof ColdCity['holders']) => {
  const [row] = await city.raw('SELECT grams FROM coldchain.balance WHERE lot_id = $1 AND holder_id = $2', [
    lotId,
    city.holders[holder],
  ])
  return Number(row?.grams ?? 0)
}
/** in = out + stock, per lot and holder, by plain SQL over the whole ledger. */
const drift = () =>
  city.raw(`SELECT b.lot_id FROM coldchain.balance b WHERE b.grams IS DISTINCT FROM
    (SELECT sum(m.grams) FROM coldchain.movement m WHERE m.lot_id = b.lot_id AND m.holder_id = b.holder_id)`)

describe('declaration and entry', () => {
  test('is made ahead of time, within the slots of the warehouse', async () => {
    const soon = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000)
    await expect(city.declared({ slotAt: soon.toISOString() })).rejects.toMatchObject(problem('invalid'))
    const slotAt = new Date(soon.getTime() + 1000 * 3_600_000).toISOString()
    const first = await city.declared({ slotAt })
    await city.declared({ slotAt })
    await expect(city.declared({ slotAt })).rejects.toMatchObject(problem('full'))
    await cancelDeclaration(city.parts, officer, first, '改期')
    await city.declared({ slotAt })
  })

  test('a rule of the county is in force from its day on, for itself alone', async () => {
    const today = new Date().toISOString().slice(0, 10)
    const values = { tolerancePpm: 1000, noticeHours: 240, testDays: 3, note: '' }
    const rule = await saveRule(city.parts, officer, { areaCode: '350583', from: '2099-01-01', ...values }, today)
    expect(rule).toMatchObject({ areaCode: '350583', noticeHours: 240 })
    await city.declared()
  })

  test('the driver is nowhere in clear', async () => {
    const id = await city.declared({ driverName: '欧阳不可见', driverMobile: '13912345678' })
    const [row] = await city.raw('SELECT d::text AS text, sealed FROM coldchain.declaration d WHERE id = $1', [id])
    expect(row!.text).not.toMatch(/欧阳|13912345678/)
    expect((row!.sealed as Buffer).includes('欧阳')).toBe(false)
  })

  test('does not enter without its papers, nor on different figures; nothing that was said is overwritten', async () => {
    const id = await city.declared()
    const say = (side: 'consignor' | 'warehouse', grams: number, reason = '') =>
      countArrival(city.parts, officer, id, { side, boxes: 10, grams, reason })
    await say('consignor', 10_000)
    await expect(say('warehouse', 10_000)).rejects.toMatchObject(problem('missing-customs'))
    await city.papers(id)
    await say('warehouse', 9_990)
    const state = () => city.raw('SELECT state, entered_grams FROM coldchain.declaration WHERE id = $1', [id])
    expect(await state()).toEqual([{ state: 'disputed', entered_grams: null }])
    await expect(say('consignor', 9_990)).rejects.toMatchObject(problem('invalid'))
    await say('consignor', 9_990, '途中破损一袋')
    expect(await state()).toEqual([{ state: 'entered', entered_grams: 9_990 }])
    const figures = await city.raw('SELECT side, grams FROM coldchain.figure WHERE declaration_id = $1 ORDER BY id', [
      id,
    ])
    expect(figures.map(({ grams }) => Number(grams))).toEqual([10_000, 9_990, 9_990])
    const [gap] = await city.raw('SELECT * FROM coldchain.discrepancy WHERE declaration_id = $1', [id])
    expect(gap).toMatchObject({ consignor_grams: 10_000, warehouse_grams: 9_990, settled_grams: 9_990 })
    await expect(say('warehouse', 9_990, '再登')).rejects.toMatchObject(problem('entered'))
    expect(await drift()).toEqual([])
  })
})

describe('gate', () => {
  test('nothing but samples and ordered destruction leaves before release, and each release binds its evidence', async () => {
    const { id, uri, declaration } = await city.lot({ released: false })
    await expect(trade('ship', 'warehouse', uri, 100, { toId: city.holders.trader })).rejects.toMatchObject(
      refused('not-released'),
    )
    await expect(releaseLot(city.parts, officer, id, '')).rejects.toMatchObject(problem('no-sample-goods'))
    await takeSample(city.parts, officer, id, { code: `S-${id}`, subject: 'goods', grams: 200 })
    await expect(releaseLot(city.parts, officer, id, '')).rejects.toMatchObject(problem('pending-goods'))
    const order = { holderId: city.holders.warehouse, orderNo: '泉市监〔2022〕1号', reason: '污染' }
    await destroyByOrder(city.parts, officer, id, { ...order, grams: 800 })
    expect(await balance(id, 'warehouse')).toBe(9_000)
    await city.raw(`UPDATE coldchain.sample SET result = 'negative', result_at = now() WHERE lot_id = $1`, [id])
    await passTests(city.parts, officer, id)
    const [release] = await city.raw('SELECT * FROM coldchain.release WHERE lot_id = $1', [id])
    const papers = await city.raw('SELECT sha256 FROM coldchain.document WHERE declaration_id = $1', [declaration])
    const bound = (release!.evidence as { sha256: string }[]).map(({ sha256 }) => sha256)
    expect(bound).toEqual(expect.arrayContaining(papers.map(({ sha256 }) => sha256)))
    expect(bound).toHaveLength(8)
    await trade('sell', 'warehouse', uri, 1000)
    await withdrawRelease(city.parts, officer, id, '复检阳性')
    await expect(trade('sell', 'warehouse', uri, 1000)).rejects.toMatchObject(refused('not-released'))
    await expect(withdrawRelease(city.parts, officer, id, '再次')).rejects.toMatchObject(problem('withdraw'))
    expect(await balance(id, 'warehouse')).toBe(8_000)
  })

  test('stands in the database: raw SQL passes neither it nor the balance, and changes no history', async () => {
    const { id } = await city.lot({ released: false })
    const { warehouse, trader } = city.holders
    const write = (kind: string, grams: number, holder = warehouse) =>
      city.raw(
        `INSERT INTO coldchain.movement (id, lot_id, holder_id, kind, grams, event_hash, at, path) VALUES ($1, $2, $3, $4, $5, 'x', now(), $6)`,
        [uuidv7(), id, holder, kind, grams, county],
      )
    for (const kind of ['ship', 'use', 'sell', 'lose', 'destroy'])
      await expect(write(kind, -1)).rejects.toMatchObject({ constraint: 'release_gate' })
    await expect(write('handle', 0)).rejects.toMatchObject({ constraint: 'release_gate' })
    await expect(write('receive', 1, trader)).rejects.toMatchObject({ constraint: 'release_gate' })
    await expect(write('sample', -10_001)).rejects.toMatchObject({ constraint: 'balance_not_negative' })
    await expect(write('enter', 5)).rejects.toMatchObject({ code: '23505' })
    await write('sample', -1)
    await passTests(city.parts, officer, id)
    await expect(write('sell', -10_000)).rejects.toMatchObject({ constraint: 'balance_not_negative' })
    await write('sell', -9_999)
    expect(await balance(id, 'warehouse')).toBe(0)
    const denied = { code: '42501' }
    for (const text of [
      'UPDATE coldchain.balance SET grams = 5',
      'INSERT INTO coldchain.balance SELECT lot_id, holder_id, 1, path, now() FROM coldchain.balance',
      'UPDATE coldchain.movement SET grams = 0',
      'DELETE FROM coldchain.movement',
      `UPDATE coldchain.release SET kind = 'release'`,
      'UPDATE coldchain.lot SET releases = 1',
      'DELETE FROM coldchain.figure',
    ])
      await expect(city.raw(text)).rejects.toMatchObject(denied)
    const release = `INSERT INTO coldchain.release VALUES ($1, $2, $3, 'release', '[]', '', '', '/', now(), '')`
    await expect(city.raw(release, [uuidv7(), id, 2])).rejects.toMatchObject({ constraint: 'release_order' })
  })

  test("a laboratory's file brings results once; what is there is never overwritten", async () => {
    const { id } = await city.lot({ released: false })
    for (const n of [1, 2]) await takeSample(city.parts, officer, id, { code: `F${n}`, subject: 'packaging', grams: 0 })
    const kind = city.app.modules.imports.get('coldchain-result')!
    const run = async (rows: Record<string, string>[], scope = systemScope) => {
      const plan = (await kind.open(officer, scope)) as ChunkPlan<unknown>
      const numbered = rows.map((row, index) => {
        const parsed = plan.parse({ lab: '疾控', reportNo: '', ...row }, index + 2)
        if (!('ok' in parsed)) throw new Error(JSON.stringify(parsed.errors))
        return { rowNumber: index + 2, value: parsed.ok }
      })
      const dry = await plan.weigh(numbered)
      const done = await withScope(city.app.kernel.db, scope, await plan.prepare(numbered))
      expect(done).toEqual(dry)
      return [done.fresh, done.unchanged, done.problems.map(({ rowNumber, column }) => `${rowNumber} ${column}`)]
    }
    const file = [
      { code: 'F1', result: '阴性' },
      { code: 'F2', result: '阳性' },
      { code: 'F9', result: '阴性' },
    ]
    expect(await run(file, [neighbour])).toEqual([0, 0, ['2 code', '3 code', '4 code']])
    expect(await run(file)).toEqual([2, 0, ['4 code']])
    expect(await run([file[0]!, { code: 'F2', result: '阴性' }])).toEqual([0, 1, ['3 result']])
    await expect(releaseLot(city.parts, officer, id, '')).rejects.toMatchObject(problem('no-sample-goods'))
  })

  test('a withdrawal waits for a sale under way, and the next sale sees it', async () => {
    const { id, uri } = await city.lot()
    const sold = await Promise.allSettled([
      ...[1, 2, 3, 4].map(() => trade('sell', 'warehouse', uri, 10)),
      withdrawRelease(city.parts, officer, id, '并发'),
      ...[1, 2, 3, 4].map(() => trade('sell', 'warehouse', uri, 10)),
    ])
    const count = sold.filter(({ status }) => status === 'fulfilled').length - 1
    expect(await balance(id, 'warehouse')).toBe(10_000 - count * 10)
    await expect(trade('sell', 'warehouse', uri, 10)).rejects.toMatchObject(refused('not-released'))
    const [late] = await city.raw(
      `SELECT count(*)::int AS n FROM coldchain.movement m JOIN coldchain.release r ON r.lot_id = m.lot_id AND r.kind = 'withdraw'
       WHERE m.lot_id = $1 AND m.kind = 'sell' AND m.id > r.id AND m.at > r.at + interval '1 second'`,
      [id],
    )
    expect(late!.n).toBe(0)
  })
})

describe('trade', () => {
  test('ships, receives, processes and sells across counties; the ledger sums to the gram', async () => {
    const { id, uri } = await city.lot()
    const [box, second] = (await boxesOf(city.parts, id, 10)) as [string, string]
    const { trader, processor, shop } = city.holders
    const sent = await trade('ship', 'warehouse', box, undefined, { toId: trader })
    expect(await balance(id, 'warehouse')).toBe(9_000)
    await expect(trade('ship', 'warehouse', box, undefined, { toId: trader })).rejects.toMatchObject(
      refused('box-not-here'),
    )
    await expect(trade('receive', 'trader', uri, 900, { dispatch: sent.dispatch })).rejects.toMatchObject(
      refused('receipt-mismatch'),
    )
    await expect(trade('receive', 'trader', second, undefined, { dispatch: sent.dispatch })).rejects.toMatchObject(
      refused('box-not-here'),
    )
    await trade('receive', 'trader', uri, 999, { dispatch: sent.dispatch })
    await expect(trade('receive', 'trader', box, undefined, { dispatch: sent.dispatch })).rejects.toMatchObject(
      refused('received-twice'),
    )
    const big = await trade('ship', 'warehouse', uri, 9_000, { toId: processor })
    await trade('lose', 'warehouse', uri, 1_000, { dispatch: big.dispatch })
    await trade('receive', 'processor', uri, 8_000)
    const made = await recordTrade(city.parts, officer, {
      ...{ kind: 'process', holderId: processor, lines: [{ code: uri, grams: 8_000 }] },
      outputs: [
        { goodsId: city.fillet, lotNo: '', grams: 5_000 },
        { goodsId: city.fillet, lotNo: 'TRIM-1', grams: 2_500 },
      ],
    })
    const [fillet] = made.outputs
    const toShop = await trade('ship', 'processor', fillet!.uri, 5_000, { toId: shop })
    await trade('receive', 'shop', fillet!.uri, 5_000, { dispatch: toShop.dispatch })
    await trade('sell', 'shop', fillet!.uri, 300)
    await expect(trade('sell', 'shop', fillet!.uri, 4_701)).rejects.toMatchObject(refused('not-enough'))
    expect(await balance(fillet!.lotId, 'shop')).toBe(4_700)
    const flows = await city.raw('SELECT to_lot, grams FROM coldchain.flow WHERE from_lot = $1 ORDER BY grams', [id])
    expect(flows.map(({ grams }) => Number(grams))).toEqual([500, 2_500, 5_000])
    const [lot] = await city.raw('SELECT expires_on::text FROM coldchain.lot WHERE id = $1', [fillet!.lotId])
    expect(lot!.expires_on).not.toBeNull()
    await withdrawRelease(city.parts, officer, id, '阳性')
    await expect(trade('sell', 'shop', fillet!.uri, 1)).rejects.toMatchObject(refused('not-released'))
    expect(await drift()).toEqual([])
  })

  test('a certificate of another province opens the gate for its lot, once', async () => {
    const day = new Date(Date.now() - 86_400_000 * 40).toISOString().slice(0, 10)
    const body = {
      ...{ goodsId: city.goodsId, lotNo: '', origin: '智利', plantNo: 'C-9', supplierLot: 'CL-7', containerNo: '' },
      ...{ producedOn: day, expiresOn: '2099-01-01', boxes: 5, grams: 5_000, holderId: city.holders.trader },
      ...{ province: '浙江省', issuer: '宁波监管仓', certificateNo: 'ZJ-0001', issuedOn: day },
    }
    const id = await recordForeign(city.parts, officer, body)
    const [lot] = await city.raw('SELECT uri, kind FROM coldchain.lot WHERE id = $1', [id])
    expect(lot!.kind).toBe('foreign')
    await trade('sell', 'trader', lot!.uri as string, 5_000)
    await expect(recordForeign(city.parts, officer, body)).rejects.toMatchObject(problem('taken'))
  })

  test("a stranger's program passes the same gate, and its refusal names the event by position and hash", async () => {
    const { id, uri } = await city.lot()
    const [warehouse] = await city.raw('SELECT uri FROM coldchain.holder WHERE id = $1', [city.holders.warehouse])
    const sale = (quantity: number, uom: string, second: number): EpcisEvent => ({
      type: 'ObjectEvent',
      eventTime: `2022-03-01T10:00:0${second}.000+08:00`,
      eventTimeZoneOffset: '+08:00',
      action: 'OBSERVE',
      bizStep: 'retail_selling',
      readPoint: { id: warehouse!.uri as string },
      quantityList: [{ epcClass: uri, quantity, uom }],
    })
    const send = (events: EpcisEvent[]) =>
      withScope(city.app.kernel.db, systemScope, (tx) =>
        captureEvents(city.parts.repository, tx, events, { path: county, by: '外部系统', source: 'capture' }),
      )
    await send([sale(0.1, 'KGM', 0), sale(0.2, 'KGM', 1)])
    expect(await balance(id, 'warehouse')).toBe(9_700)
    await expect(send([sale(1, 'KGM', 2), sale(9, 'KGM', 3), sale(1, 'KGM', 4)])).rejects.toMatchObject({
      refusals: [{ position: 1, rule: 'not-enough', hash: expect.stringMatching(/^ni:/) }],
    })
    expect(await balance(id, 'warehouse')).toBe(9_700)
    await send([sale(0.1, 'KGM', 0)])
    expect(await balance(id, 'warehouse')).toBe(9_700)
    const strange = {
      ...sale(1, 'KGM', 5),
      quantityList: [{ epcClass: `${uri}X`, quantity: 1, uom: 'KGM' }],
    } as EpcisEvent
    await expect(send([strange])).rejects.toMatchObject({ refusals: [{ rule: 'unknown-code' }] })
  })

  test('whoever holds no right at a place does nothing there', async () => {
    const { uri } = await city.lot()
    const outside = { ...officer, grants: officer.grants.map((grant) => ({ ...grant, path: neighbour })) }
    await expect(
      recordTrade(city.parts, outside, {
        ...{ kind: 'sell', holderId: city.holders.warehouse, lines: [{ code: uri, grams: 1 }] },
      }),
    ).rejects.toMatchObject(problem('not-found'))
  })
})
