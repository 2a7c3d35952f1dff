import { promotionsOn, reportsOn } from './city.ts'
import { habitOn } from './habits.ts'
import { classNoise, storeNoiseShape } from './noise.ts'
import { classBits } from './purchase.ts'
import { createRandom, cumulate, pickCumulative } from './random.ts'
import { type City, drugClasses } from './types.ts'

const purposes = { sales: 63, outbreak: 64 }
/** Columns of a store: the four classes, then sales of any class. */
export const countColumns = drugClasses.length + 1

/**
 * Sales of one day by store and class, without buyers and goods: some eight times as fast as `purchasesOfDay`, with the
 * same means and spreads but draws of its own. A sale of several classes counts once in each and once in the sum.
 * @returns `countColumns` numbers per store, in the order of `City.stores`
 */
export function countsOfDay(city: City, day: number): Uint32Array {
  const counts = new Uint32Array(city.stores.length * countColumns)
  const add = (store: number, bits: number, times: number) => {
    for (let c = 0; c < drugClasses.length; c++) if (bits & (1 << c)) counts[store * countColumns + c]! += times
    counts[store * countColumns + drugClasses.length]! += times
  }
  const noise = classNoise(city, day)
  for (const store of city.stores) {
    if (!reportsOn(store, day)) continue
    const random = createRandom(city.seed, purposes.sales, day, store.index)
    const level = random.gammaMean1(storeNoiseShape) * store.size
    const habit = habitOn(store, day)
    const twice = habit?.kind === 'near-identical' ? habit.share : 0
    const promotions = store.chain === null ? [] : promotionsOn(city, store.chain, day)
    for (const [c, drugClass] of drugClasses.entries()) {
      const mean = level * city.expected[day * 4 + c]! * noise[store.countyIndex * 4 + c]!
      const lift = promotions.reduce((sum, p) => sum + (p.drugClasses.includes(drugClass) ? p.lift - 1 : 0), 1)
      for (let n = random.poisson(mean * lift); n > 0; n--)
        add(store.index, classBits(c, random), random.chance(twice) ? 2 : 1)
    }
  }
  for (let index = 0; index < city.epidemics.length; index++) injectCounts(city, index, day, add)
  return counts
}

function injectCounts(
  city: City,
  index: number,
  day: number,
  add: (store: number, bits: number, times: number) => void,
): void {
  const cases = city.epidemicCases[index]![day]!
  if (cases === 0) return
  const { countyCode, drugClass } = city.epidemics[index]!
  const { firstStore, storeCount } = city.counties.find(({ code }) => code === countyCode)!
  const all = city.stores.slice(firstStore, firstStore + storeCount)
  const open = all.filter((store) => reportsOn(store, day))
  const stores = open.length > 0 ? open : all
  const cumulative = cumulate(stores.map(({ size }) => size))
  const random = createRandom(city.seed, purposes.outbreak, index, day)
  const pick = () => stores[pickCumulative(cumulative, random.unit())]!.index
  let store = pick()
  for (let n = 0; n < cases; n++) {
    if (!random.chance(0.25)) store = pick()
    add(store, classBits(drugClasses.indexOf(drugClass), random), 1)
  }
}
