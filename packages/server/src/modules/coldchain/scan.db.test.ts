import { Readable } from 'node:stream'
import { uuidv7 } from '@vigil/codes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callerAt } from '../../testing/shop.ts'
import { addBoxes, lotLabels } from './box.service.ts'
import { boxesOf, type ColdCity, county, createColdCity, neighbour, officer } from './coldchain.fixture.ts'
import { countArrival } from './entry.service.ts'
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
