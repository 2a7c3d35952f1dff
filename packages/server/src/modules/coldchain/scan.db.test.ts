import { Readable } from 'node:stream'
import { uuidv7 } from '@vigil/codes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callerAt } from '../../testing/shop.ts'
import { addBoxes, lotLabels } from './box.service.ts'
import { boxesOf, type ColdCity, county, createColdCity, neighbour, officer } from './coldchain.fixture.ts'
import { countArrival } from './entry.service.ts'
import { readCode } from './label.domain.ts'
import { breakPallet, issuePallet, palletPaper } from './pallet.service.ts'
import { savePrefix } from './prefix.service.ts'
import { readPack, readScanned } from './scan.read.ts'
import { recordTrade } from './trade.service.ts'
import { addPhoto, scan } from './violation.service.ts'

let city: ColdCity
beforeAll(async () => {
  city = await createColdCity()
}, 120_000)
afterAll(() => city.close())

const count = async (table: string) => Number((await city.raw(`SELECT count(*) AS n FROM coldchain.${table}`))[0]!.n)

test('a phone knows its stock and what comes, sends each thing once, and is told why a code is wrong', async () => {
  const { parts, holders } = city
  const { warehouse, trader, shop } = holders
  const at = callerAt(county, 'coldchain.read', 'coldchain.operate')
  const { id: lotId } = await city.lot()
  const codes = await boxesOf(parts, lotId, 4)
  const lines = codes.slice(0, 3).map((code) => ({ code }))
  const ship = { key: uuidv7(), kind: 'ship' as const, holderId: warehouse, toId: trader, lines }

  // Two at a time, as when an answer is lost and the phone tries again while the first is still under way.
  const [sent, same] = await Promise.all([recordTrade(parts, at, ship), recordTrade(parts, at, ship)])
  expect(same).toEqual(sent)
  expect(await recordTrade(parts, at, ship)).toEqual(sent)
  expect(await count('dispatch')).toBe(1)
  await expect(recordTrade(parts, at, { ...ship, toId: shop })).rejects.toMatchObject({
    details: { code: 'key-reused' },
  })

  const pack = await readPack(parts, at, trader)
  expect(pack).toMatchObject({ stock: [], cut: false, lots: [{ id: lotId, gate: 'released' }] })
  expect(pack.arriving).toMatchObject([{ uri: sent.dispatch, lotId, grams: 3000, lostGrams: 0 }])
  expect(pack.boxes.map(({ uri, dispatch }) => [uri, dispatch]).sort()).toEqual(
    lines.map(({ code }) => [code, sent.dispatch]).sort(),
  )
  expect(await readScanned(parts, at, trader, codes[0]!)).toMatchObject({ grams: 1000, wrong: 'not-here' })

  // Refused, then put right: the key is as good as new.
  const receive = { key: uuidv7(), kind: 'receive' as const, holderId: trader, dispatch: sent.dispatch! }
  const two = { ...receive, lines: lines.slice(0, 2) }
  await expect(recordTrade(parts, at, two)).rejects.toThrow('收货与发货数量不一致')
  const lost = {
    key: uuidv7(),
    kind: 'lose' as const,
    holderId: trader,
    dispatch: sent.dispatch!,
    lines: lines.slice(2),
  }
  await recordTrade(parts, at, lost)
  await recordTrade(parts, at, two)
  expect((await readPack(parts, at, trader)).stock).toMatchObject([{ lotId, grams: 2000 }])
  expect(await readScanned(parts, at, trader, codes[0]!)).toMatchObject({ wrong: null, lot: { id: lotId } })
  await expect(readPack(parts, callerAt(neighbour, 'coldchain.operate'), trader)).rejects.toMatchObject({
    details: { code: 'not-found' },
  })

  const found = { place: '', lon: 118.6, lat: 24.8, grams: null, note: '' }
  const seen = { key: uuidv7(), at: '', holderId: trader, code: codes[3]!, ...found }
  seen.at = new Date(parts.kernel.clock.now().getTime() - 3_600_000).toISOString()
  const raised = await scan(parts, at, seen)
  expect(raised.violation?.kind).toBe('not-here')
  expect(await scan(parts, at, seen)).toEqual(raised)
  const photo = () => ({ filename: '现场.png', stream: Readable.from([Buffer.from('\x89PNG\r\n\x1a\n-', 'latin1')]) })
  await addPhoto(parts, at, raised.violation!.id, photo())
  expect(await addPhoto(parts, at, raised.violation!.id, photo())).toMatchObject({ photos: 1, at: seen.at })

  const declaration = await city.declared()
  const figure = { key: uuidv7(), side: 'warehouse' as const, boxes: 9, grams: 9000, reason: '' }
  await countArrival(parts, officer, declaration, figure)
  await countArrival(parts, officer, declaration, figure)
  const figures = await city.raw('SELECT id FROM coldchain.figure WHERE declaration_id = $1', [declaration])
  expect(figures.length).toBe(1)
})

test('the labels of a lot are those of its boxes and of their pallets', async () => {
  const { parts } = city
  const { id } = await city.lot({ released: false })
  const pallet = '140123451122233341'
  await addBoxes(parts, officer, id, { boxes: [{ grams: 1000 }, { grams: 1500 }], pallet })
  const { body } = await lotLabels(parts, officer, id, 'zpl', 'https://trace.example')
  const text = String(body)
  expect(text.match(/\^XA/g)?.length).toBe(3)
  expect(text).toContain(pallet)
})

test('a pallet gets a number of its own, its code stands for its boxes on every way, and for nothing once it is broken up', async () => {
  const { parts, holders } = city
  const { warehouse, trader } = holders
  const at = callerAt(county, 'coldchain.read', 'coldchain.operate')
  const { id: lotId } = await city.lot()
  const codes = await boxesOf(parts, lotId, 8)
  const issue = (some: readonly string[], key = uuidv7()) =>
    issuePallet(parts, at, warehouse, { key, codes: [...some] })
  await expect(issue(codes.slice(0, 3))).rejects.toMatchObject({ details: { code: 'no-prefix' } })
  await savePrefix(parts, officer, { prefix: '9521234', areaCode: '350500' })
  await expect(savePrefix(parts, officer, { prefix: '95212', areaCode: '350500' })).rejects.toMatchObject({
    details: { code: 'taken' },
  })

  const key = uuidv7()
  const first = await issue(codes.slice(0, 3), key)
  expect(await issue(codes.slice(0, 3), key)).toEqual(first)
  expect(first).toMatchObject({ sscc: '095212340000000013', boxes: 3, grams: 3000 })
  // Two who take the same boxes at once: one has them, and no number is given twice.
  const race = await Promise.allSettled([issue(codes.slice(3, 6)), issue(codes.slice(3, 6)), issue(codes.slice(6))])
  expect(race.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected'])
  const numbered = (await city.raw('SELECT sscc FROM coldchain.pallet')).map(({ sscc }) => String(sscc))
  expect(new Set(numbered).size).toBe(3)
  for (const sscc of numbered) expect(readCode(`(00)${sscc}`)).toMatchObject({ ok: true, code: { kind: 'pallet' } })
  await savePrefix(parts, officer, { prefix: '6901234567', areaCode: '350582', holderId: warehouse })

  const label = await palletPaper(parts, at, { id: warehouse, sscc: first.sscc }, 'zpl', 'https://food.example')
  const zpl = String(label.body)
  expect(zpl).toContain(`^FD>;>800${first.sscc}^FS`)
  expect(zpl).toContain(`https://food.example/00/${first.sscc}`)
  expect(zpl).toContain('共 3 箱　3 kg')

  // One box goes alone: the pallet's code stands for the two that are left.
  const ship = (code: string) =>
    recordTrade(parts, at, { kind: 'ship', holderId: warehouse, toId: trader, lines: [{ code }] })
  const alone = await ship(codes[0]!)
  const sent = await ship(`(00)${first.sscc}`)
  const pack = await readPack(parts, at, trader)
  const coming = (dispatch: string | null) => pack.boxes.filter((box) => box.dispatch === dispatch)
  expect(coming(alone.dispatch)).toMatchObject([{ uri: codes[0], pallet: null }])
  expect(coming(sent.dispatch).map(({ uri, pallet }) => [uri, pallet])).toEqual(
    codes
      .slice(1, 3)
      .sort()
      .map((uri) => [uri, first.uri]),
  )
  const receive = { kind: 'receive' as const, holderId: trader, dispatch: sent.dispatch! }
  await recordTrade(parts, at, { ...receive, lines: [{ code: first.uri }] })
  const stands = (await readPack(parts, at, trader)).boxes.filter(({ pallet }) => pallet === first.uri)
  expect(stands).toHaveLength(2)

  await expect(breakPallet(parts, at, warehouse, { code: first.sscc })).rejects.toMatchObject({
    details: { code: 'not-found' },
  })
  expect(await breakPallet(parts, at, trader, { code: first.sscc })).toEqual({ boxes: 2 })
  await expect(breakPallet(parts, at, trader, { code: first.sscc })).rejects.toMatchObject({
    details: { code: 'not-found' },
  })
  const told = await city.raw(
    "SELECT action, doc->>'parentID' AS parent FROM epcis.event WHERE type = 'AggregationEvent' ORDER BY seq",
  )
  expect(told.filter(({ parent }) => parent === first.uri)).toEqual([
    { action: 'ADD', parent: first.uri },
    { action: 'DELETE', parent: first.uri },
  ])
  expect((await readPack(parts, at, trader)).boxes.every(({ pallet }) => pallet === null)).toBe(true)
  await expect(issuePallet(parts, at, trader, { codes: [codes[5]!] })).rejects.toThrow()
})
