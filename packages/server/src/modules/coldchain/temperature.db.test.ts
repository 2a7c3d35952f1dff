import { Readable } from 'node:stream'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callerAt } from '../../testing/shop.ts'
import { type ColdCity, createColdCity, neighbour, officer } from './coldchain.fixture.ts'
import { addTemperatures, listTemperatures } from './temperature.service.ts'
import { staysOf } from './temperature.stay.domain.ts'

let city: ColdCity
beforeAll(async () => {
  city = await createColdCity()
}, 120_000)
afterAll(() => city.close())

const minute = 60_000
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
