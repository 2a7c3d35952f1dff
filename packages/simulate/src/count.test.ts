import { describe, expect, it } from 'vitest'
import { createCity } from './city.ts'
import { countColumns, countsOfDay } from './count.ts'
import { purchasesOfDay } from './day.ts'
import { demoEpidemics } from './demo.ts'
import { drugClasses } from './types.ts'

const days = 30
const city = createCity({
  seed: 5,
  city: '350500',
  startDay: '2025-03-01',
  days,
  stores: 130,
  dailyPurchases: 2400,
  epidemics: demoEpidemics('350500', '2025-03-01', days),
})
const sums = (pick: (day: number) => ArrayLike<number>): number[] => {
  const total = new Array<number>(countColumns).fill(0)
  for (let day = 0; day < days; day++) {
    const counts = pick(day)
    for (let at = 0; at < counts.length; at++) total[at % countColumns]! += counts[at]!
  }
  return total
}
const index = new Map(city.stores.map((store) => [store.code, store.index]))
function slow(day: number): Uint32Array {
  const counts = new Uint32Array(city.stores.length * countColumns)
  for (const { storeCode, items } of purchasesOfDay(city, day)) {
    const at = index.get(storeCode)! * countColumns
    for (const name of new Set(items.map(({ drugClass }) => drugClass))) counts[at + drugClasses.indexOf(name)]!++
    counts[at + drugClasses.length]!++
  }
  return counts
}

describe('counts of a day', () => {
  it('are the same for the same seed', () => {
    expect(countsOfDay(city, 3)).toEqual(countsOfDay(city, 3))
    expect(countsOfDay(city, 3)).not.toEqual(countsOfDay(city, 4))
  })

  it('have the sums of the purchases, class by class, as near as chance lets them', () => {
    const [quick, made] = [sums((day) => countsOfDay(city, day)), sums(slow)]
    for (const [at, sum] of quick.entries()) expect(Math.abs(sum / made[at]! - 1)).toBeLessThan(4 * Math.sqrt(2 / sum))
  })

  it('are none in silent stores', () => {
    const silent = city.stores.find(({ silences }) => silences.some(({ from, to }) => from < days && to > from))!
    const { from } = silent.silences.find((gap) => gap.from < days)!
    expect(countsOfDay(city, from)[silent.index * countColumns + drugClasses.length]).toBe(0)
  })
})
