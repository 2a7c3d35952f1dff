import { Readable } from 'node:stream'
import type { EpcisEvent } from '@vigil/epcis/document'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withScope } from '../../kernel/db/index.ts'
import { callerAt } from '../../testing/shop.ts'
import { captureEvents } from '../epcis/index.ts'
import { boxesOf, type ColdCity, county, createColdCity, neighbour, officer } from './coldchain.fixture.ts'
import { addTemperatures, listTemperatures } from './temperature.service.ts'
import { staysOf } from './temperature.stay.domain.ts'

let city: ColdCity
beforeAll(async () => {
  city = await createColdCity()
}, 120_000)
afterAll(() => city.close())

const minute = 60_000
const iso = (ms: number) => new Date(ms).toISOString()
const local = (ms: number) => new Date(ms + 480 * minute).toISOString().slice(0, 19).replace('T', ' ')

test('a logger file tells what of a lot was too warm and for how long; what is no reading is refused by line', async () => {
  const { id } = await city.lot()
  const later = {
    ...city.parts,
    kernel: { ...city.app.kernel, clock: { now: () => new Date(Date.now() + 180 * minute) } },
  }
  const from = Math.ceil(Date.now() / minute) * minute
  const values = [-20, -19.5, -5, -4, -20, -20.5]
  const rows = values.map((value, index) => `${local(from + index * 20 * minute)},${value}`)
  const text = ['时间,温度(℃)', ...rows, '坏行,abc'].join('\n')
  const file = () => ({ filename: '记录仪.csv', stream: Readable.from([Buffer.from(text)]) })
  const { warehouse, shop } = city.holders
  await addTemperatures(later, officer, id, warehouse, file())
  const { limitTenths, items } = await listTemperatures(later, officer, id)
  expect([limitTenths, items.length]).toEqual([-180, 1])
  expect(items[0]).toMatchObject({
    ...{ readings: 6, lowest: -205, highest: -40, refused: 1, holderName: '冷链warehouse' },
    exposures: [{ grams: 10_000, duration: 40 * minute, unknown: 0, peak: -40 }],
  })

  await expect(addTemperatures(later, officer, id, warehouse, file())).rejects.toMatchObject({
    details: { code: 'taken' },
  })
  const outside = callerAt(neighbour, 'coldchain.read', 'coldchain.operate')
  await expect(addTemperatures(later, outside, id, warehouse, file())).rejects.toMatchObject({
    details: { code: 'not-found' },
  })
  await expect(addTemperatures(later, outside, id, shop, file())).rejects.toMatchObject({
    details: { code: 'not-found' },
  })
  await expect(listTemperatures(later, outside, id)).rejects.toMatchObject({ details: { code: 'not-found' } })
  const empty = { filename: 'x.csv', stream: Readable.from([Buffer.from('没有,表头\n')]) }
  await expect(addTemperatures(later, officer, id, warehouse, empty)).rejects.toMatchObject({
    details: { code: 'invalid' },
  })
})

test('sensors of captured events are judged like loggers: of a box, a pallet, a lot, and the place that holds it', async () => {
  const { id, uri } = await city.lot()
  const [one, two] = await boxesOf(city.parts, id, 4)
  const [at] = await city.raw('SELECT location_uri AS place FROM coldchain.holder WHERE id = $1', [
    city.holders.warehouse,
  ])
  const { place } = at as { place: string }
  const start = Math.ceil(Date.now() / minute) * minute
  const later = { now: () => new Date(start + 300 * minute) }
  const parts = { ...city.parts, kernel: { ...city.app.kernel, clock: later } }
  const { repository } = city.parts
  const capture = (...events: EpcisEvent[]) =>
    withScope(city.app.kernel.db, ['/'], (tx) => {
      const own = { ...repository, kernel: parts.kernel }
      return captureEvents(own, tx, events, { path: county, by: '温度网关', source: 'capture' })
    })
  const sensed = (more: object, celsius: readonly number[], device = 'urn:uuid:probe'): EpcisEvent =>
    ({
      type: 'ObjectEvent',
      ...{ eventTime: iso(start + 240 * minute), eventTimeZoneOffset: '+08:00', action: 'OBSERVE' },
      ...{ bizStep: 'sensor_reporting', readPoint: { id: place }, bizLocation: { id: place } },
      sensorElementList: celsius.map((value, n) => ({
        sensorMetadata: { time: iso(start + n * 20 * minute), deviceID: device },
        sensorReport: [{ type: 'Temperature', value: value + 273.15, uom: 'KEL' }],
      })),
      ...more,
    }) as unknown as EpcisEvent
  await capture(
    sensed({ epcList: [one] }, [-20, -10, -10, -20]),
    sensed({ quantityList: [{ epcClass: uri }] }, [-20, -5, -20], 'urn:uuid:lot'),
    // The cold room itself: whatever lay there then.
    sensed({}, [-20, -15, -20, -20], 'urn:uuid:room'),
    sensed({ epcList: ['https://example.com/nothing-of-ours'] }, [40]),
  )
  const pallet = 'https://id.gs1.org/00/340123450000000017'
  const packed = sensed(
    { type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', parentID: pallet, childEPCs: [two] },
    [-19],
  )
  const { sensorElementList: _, ...pack } = packed
  await capture(pack as EpcisEvent)
  await capture(sensed({ epcList: [pallet] }, [-18, -17, -17, -18], 'urn:uuid:pallet'))

  const { items } = await listTemperatures(parts, officer, id)
  const told = items.map(({ filename, holderName, exposures }) => [
    filename.replace(/ .*）/, '）'),
    holderName,
    exposures.map(({ grams, duration, peak }) => [grams, duration / minute, peak]),
  ])
  expect(told.sort()).toEqual(
    [
      ['传感器（箱）', '冷链warehouse', [[1000, 40, -100]]],
      ['传感器（箱）', '冷链warehouse', [[1000, 40, -170]]],
      ['传感器（批次）', '冷链warehouse', [[10_000, 20, -50]]],
      // Fifteen below for twenty minutes is what loading may bring.
      ['传感器（场所）', '冷链warehouse', []],
    ].sort(),
  )
  expect(items.every(({ by }) => by === '温度网关')).toBe(true)
  const outside = callerAt(neighbour, 'coldchain.read', 'coldchain.operate')
  await expect(listTemperatures(parts, outside, id)).rejects.toMatchObject({ details: { code: 'not-found' } })
})

test('stays cover exactly the times in which there was stock', () => {
  const moves = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: -30, max: 30 })), {
    maxLength: 30,
  })
  fc.assert(
    fc.property(moves, (given) => {
      let [time, stock] = [0, 0]
      const movements = given.map(([wait, wish]) => {
        time += wait
        const grams = Math.max(wish, -stock)
        stock += grams
        return { at: time, grams }
      })
      const stays = staysOf(movements, time + 10)
      for (let at = 0; at < time + 10; at++) {
        const there = movements.reduce((sum, move) => sum + (move.at <= at ? move.grams : 0), 0)
        const stay = stays.find((each) => each.from <= at && at < each.to)
        expect(stay !== undefined).toBe(there > 0)
        if (stay) expect(stay.grams).toBeGreaterThanOrEqual(there)
      }
    }),
  )
})
