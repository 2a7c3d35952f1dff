import { dayText, epochDayOf } from './dates.ts'
import { spreadCases } from './epidemics.ts'
import { checkOptions } from './options.ts'
import { findPerson, type Slot } from './people.ts'
import { createClinics, createCounties, createOffices } from './places.ts'
import { profileOf } from './profiles.ts'
import { createRandom } from './random.ts'
import { classLevel, createDayFactor } from './season.ts'
import { createChains, createCountyStores, createPromotions } from './stores.ts'
import {
  type City,
  type CityOptions,
  type Clerk,
  drugClasses,
  type Party,
  type Promotion,
  type Store,
} from './types.ts'

const purposes = { clerk: 51 }

/**
 * A synthetic city: pure and deterministic, the same options give the same city, byte for byte. Persons are not
 * stored but derived when they buy, so memory grows with stores and days only.
 * Throws SimulationOptionError naming the option that is wrong.
 */
export function createCity(options: CityOptions): City {
  const { seed, area, startDay, days, stores: storeTotal, dailyPurchases, epidemics, habits } = checkOptions(options)
  const { province, dialling } = profileOf(area.code)
  const epochDay = epochDayOf(startDay)
  const counties = createCounties(seed, area, storeTotal)
  const offices = createOffices(seed, counties)
  const chains = createChains(seed, area, storeTotal)
  const stores = counties.flatMap((county, countyIndex) =>
    createCountyStores({ seed, countyIndex, county, offices, chains, licence: { province, dialling }, days, habits }),
  )
  const promotions = createPromotions(seed, chains.length, days)
  const city: City = {
    seed,
    code: area.code,
    name: area.name,
    startDay,
    days,
    dailyPurchases,
    epochDay,
    counties,
    offices,
    parties: partiesOf(area.code, area.name, chains, stores),
    chains,
    stores,
    clinics: createClinics(seed, dialling, counties, offices),
    promotions,
    epidemics: [...epidemics],
    epidemicCases: epidemics.map((epidemic, index) => spreadCases(seed, epidemic, index, epochDay, days)),
    expected: expectedByDay(stores, promotions, epochDay, days, dailyPurchases),
  }
  for (const store of stores) store.clerks = clerksOf(city, store)
  return city
}

function partiesOf(code: string, name: string, chains: City['chains'], stores: readonly Store[]): Party[] {
  const heads = chains.map(
    (chain): Party => ({
      creditCode: chain.creditCode,
      name: chain.name,
      kind: 'chain',
      areaCode: code,
      address: name,
    }),
  )
  const branches = stores.map(
    (store): Party => ({
      creditCode: store.creditCode,
      name: store.name,
      kind: 'store',
      areaCode: store.areaCode,
      address: store.address,
    }),
  )
  return [...heads, ...branches]
}

/** One to four clerks, adults of working age who live around the store. */
function clerksOf(city: City, store: Store): Clerk[] {
  const county = city.counties[store.countyIndex]!
  const random = createRandom(city.seed, purposes.clerk, store.index)
  const count = Math.min(store.catchment.count, 1 + random.below(4))
  const clerks: Clerk[] = []
  for (let n = 0; clerks.length < count && n < 8; n++) {
    // From anywhere around the store: its first households are its best customers, which clerks need not be.
    const household = store.catchment.first + random.below(store.catchment.count)
    const person = findPerson(city, county, household, random.below(2) as Slot)
    if (person === undefined || person.documentType !== 'citizen-id' || person.age > 60) continue
    if (clerks.some((clerk) => clerk.documentNumber === person.documentNumber)) continue
    clerks.push({ name: person.name, documentNumber: person.documentNumber, mobile: person.mobile })
  }
  return clerks
}

/** Promotions of a chain that run on a day. */
export function promotionsOn(city: Pick<City, 'promotions'>, chain: number, day: number): Promotion[] {
  return city.promotions.filter((promotion) => promotion.chain === chain && promotion.from <= day && day < promotion.to)
}

/** True unless the store is silent on this day. */
export function reportsOn(store: Store, day: number): boolean {
  return !store.silences.some((silence) => silence.from <= day && day < silence.to)
}

/**
 * Expected purchases by day and class if every store reported and nobody promoted, scaled so that what is really
 * expected (silent stores out, promotions and double entries in) has the wanted daily mean.
 */
function expectedByDay(
  stores: readonly Store[],
  promotions: readonly Promotion[],
  epochDay: number,
  days: number,
  daily: number,
): Float64Array {
  const dayFactor = createDayFactor()
  const expected = new Float64Array(days * 4)
  let total = 0
  for (let day = 0; day < days; day++) {
    const factor = dayFactor(dayText(epochDay + day))
    for (let c = 0; c < 4; c++) expected[day * 4 + c] = factor * classLevel(drugClasses[c]!, epochDay + day)
    total += dayTotal(stores, promotions, expected.subarray(day * 4, day * 4 + 4), day)
  }
  const factor = total > 0 ? (daily * days) / total : 0
  return expected.map((value) => value * factor)
}

function dayTotal(
  stores: readonly Store[],
  promotions: readonly Promotion[],
  levels: Float64Array,
  day: number,
): number {
  const base = levels.reduce((sum, level) => sum + level, 0)
  const extra = new Map<number, number>()
  for (const promotion of promotions) {
    if (day < promotion.from || day >= promotion.to) continue
    const level = promotion.drugClasses.reduce((sum, drugClass) => sum + levels[drugClasses.indexOf(drugClass)]!, 0)
    extra.set(promotion.chain, (extra.get(promotion.chain) ?? 0) + (promotion.lift - 1) * level)
  }
  let total = 0
  for (const store of stores) {
    if (!reportsOn(store, day)) continue
    const promoted = store.chain === null ? 0 : (extra.get(store.chain) ?? 0)
    const doubled = store.habits.find((habit) => habit.kind === 'near-identical' && habit.from <= day && day < habit.to)
    total += store.size * (base + promoted) * (1 + (doubled?.share ?? 0))
  }
  return total
}
