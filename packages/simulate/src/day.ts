import { promotionsOn, reportsOn } from './city.ts'
import { applyDocumentHabit, doubleEntries, gatherAtClosing, habitOn } from './habits.ts'
import { classNoise, storeNoiseShape } from './noise.ts'
import type { Slot } from './people.ts'
import { buildPurchase, type Draft } from './purchase.ts'
import { createRandom, cumulate, pickCumulative, type Random } from './random.ts'
import { type City, drugClasses, type SimulatedPurchase, type Store } from './types.ts'

const purposes = { sales: 61, outbreak: 62 }

/**
 * All purchases that are sold on one day of the simulation (0 = first) and ever reported, in order of sale.
 * Independent of other days, so any day can be made alone.
 */
export function purchasesOfDay(city: City, day: number): SimulatedPurchase[] {
  if (!Number.isInteger(day) || day < 0 || day >= city.days) return []
  const noise = classNoise(city, day)
  const made: Made[] = []
  for (const store of city.stores) {
    if (reportsOn(store, day)) sellInStore(city, store, day, noise, made)
  }
  for (let index = 0; index < city.epidemics.length; index++) injectCases(city, index, day, made)
  made.sort((a, b) => a.sold - b.sold || (a.purchase.id < b.purchase.id ? -1 : 1))
  return made.map((entry) => entry.purchase)
}

/** All purchases of the city, day after day in order of sale; holds one day in memory. */
export function* purchases(city: City): Generator<SimulatedPurchase> {
  for (let day = 0; day < city.days; day++) yield* purchasesOfDay(city, day)
}

type Made = { sold: number; purchase: SimulatedPurchase }

function sellInStore(city: City, store: Store, day: number, noise: Float64Array, made: Made[]): void {
  const random = createRandom(city.seed, purposes.sales, day, store.index)
  const level = random.gammaMean1(storeNoiseShape) * store.size
  const means = drugClasses.map((_, c) => level * city.expected[day * 4 + c]! * noise[store.countyIndex * 4 + c]!)
  const cumulative = cumulate(means)
  const habit = habitOn(store, day)
  let drafts: Draft[] = []
  for (let n = random.poisson(cumulative[3]!); n > 0; n--) {
    drafts.push(draftSale(city, store, day, pickCumulative(cumulative, random.unit()), random))
  }
  if (store.chain !== null) {
    for (const promotion of promotionsOn(city, store.chain, day)) {
      for (const drugClass of promotion.drugClasses) {
        const c = drugClasses.indexOf(drugClass)
        for (let n = random.poisson((promotion.lift - 1) * means[c]!); n > 0; n--) {
          drafts.push({ ...draftSale(city, store, day, c, random), truth: { promotion: promotion.id } })
        }
      }
    }
  }
  if (habit?.kind === 'batch-entry') drafts = gatherAtClosing(store, habit, drafts, random)
  // A run of made-up numbers grows with the hour.
  drafts.sort((a, b) => a.sold - b.sold)
  const run = { next: 0 }
  for (const draft of drafts) {
    const purchase = buildPurchase(city, draft, random)
    if (habit !== undefined) applyDocumentHabit(city, store, day, habit, purchase, random, run)
    made.push({ sold: draft.sold, purchase })
    if (habit?.kind === 'near-identical') doubleEntries(city, habit, draft, purchase, random, made)
  }
}

function draftSale(city: City, store: Store, day: number, classIndex: number, random: Random): Draft {
  const u = random.unit()
  // Where the buyer lives: around the store, elsewhere in the county, elsewhere in the city.
  const countyIndex = u < 0.97 ? store.countyIndex : pickCounty(city, random)
  const county = city.counties[countyIndex]!
  const { first, count } = store.catchment
  // The exponent makes few households buy often: the share of returning buyers is calibrated by it.
  const household = u < 0.84 ? first + Math.floor(count * random.unit() ** 2.6) : random.below(county.households)
  return {
    store,
    day,
    sold: saleSecond(store, random),
    classIndex,
    countyIndex,
    household,
    slot: pickSlot(random),
    truth: {},
  }
}

function pickCounty(city: City, random: Random): number {
  let left = random.unit()
  for (const [index, county] of city.counties.entries()) {
    left -= county.weight
    if (left < 0) return index
  }
  return city.counties.length - 1
}

const slotWeights = cumulate([44, 33, 8, 15])

function pickSlot(random: Random): Slot {
  return pickCumulative(slotWeights, random.unit()) as Slot
}

// Morning, late afternoon and evening peaks in minutes after midnight, over an even ground.
const peaks = [600, 990, 1180] as const

/** Second of the day of a sale, within the opening hours. */
function saleSecond(store: Store, random: Random): number {
  const open = store.opensAt * 60
  const close = store.closesAt * 60
  if (random.chance(0.7)) {
    const second = Math.floor((random.pick(peaks) + 65 * random.normal()) * 60)
    if (second >= open && second < close) return second
  }
  return open + random.below(close - open)
}

/** An epidemic's cases of the day: the county's reporting stores by size; every fourth case joins the household before. */
function injectCases(city: City, index: number, day: number, made: Made[]): void {
  const count = city.epidemicCases[index]![day]!
  if (count === 0) return
  const epidemic = city.epidemics[index]!
  const countyIndex = city.counties.findIndex((county) => county.code === epidemic.countyCode)
  const { firstStore, storeCount, households } = city.counties[countyIndex]!
  const all = city.stores.slice(firstStore, firstStore + storeCount)
  const open = all.filter((store) => reportsOn(store, day))
  // When every store of the county is silent the cases are still made, so that the labelled count holds.
  const stores = open.length > 0 ? open : all
  const cumulative = cumulate(stores.map((store) => store.size))
  const random = createRandom(city.seed, purposes.outbreak, index, day)
  let household = random.below(households)
  let store = stores[pickCumulative(cumulative, random.unit())]!
  for (let n = 0; n < count; n++) {
    if (!random.chance(0.25)) {
      store = stores[pickCumulative(cumulative, random.unit())]!
      household = store.catchment.first + random.below(store.catchment.count)
    }
    const draft: Draft = {
      store,
      day,
      sold: saleSecond(store, random),
      classIndex: drugClasses.indexOf(epidemic.drugClass),
      countyIndex,
      household,
      slot: pickSlot(random),
      truth: { outbreak: epidemic.id },
    }
    made.push({ sold: draft.sold, purchase: buildPurchase(city, draft, random) })
  }
}
