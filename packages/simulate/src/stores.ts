import { creditCodeCheckDigit, organizationCodeCheckDigit } from '@vigil/codes'
import { chainBrand, roadName, shopName } from './names.ts'
import { round } from './places.ts'
import { createRandom, type Random } from './random.ts'
import {
  type Chain,
  type County,
  type DayInterval,
  type DrugClass,
  type HabitKind,
  habitKinds,
  type Office,
  type Promotion,
  type Reporting,
  type Store,
  type StoreHabit,
} from './types.ts'

const purposes = { chain: 31, store: 32, size: 33, conduct: 34, promotion: 35 }
const licencePrefix = { chain: 'C', independent: 'D' } as const

/** A unified social credit code (GB 32100) with both check characters right; `serial` below a million tells two apart. */
export function creditCode(kind: '91' | '92', areaCode: string, serial: number): string {
  const organisation = `MA${String(serial).padStart(6, '0')}`
  const first17 = kind + areaCode + organisation + organizationCodeCheckDigit(organisation)
  return first17 + creditCodeCheckDigit(first17)
}

/** The chains of a city: one for about a hundred stores, at least two. */
export function createChains(seed: number, area: { code: string; name: string }, storeTotal: number): Chain[] {
  const count = Math.max(2, Math.min(24, Math.round(storeTotal / 100)))
  const shift = createRandom(seed, purposes.chain).below(144)
  return Array.from({ length: count }, (_, n) => ({
    name: `${area.name}${chainBrand((n + shift) % 144)}大药房连锁有限公司`,
    creditCode: creditCode('91', `${area.code.slice(0, 4)}00`, n + 1),
  }))
}

/** Everything about one county's stores but their clerks, who are persons and need the finished county. */
export function createCountyStores(input: {
  seed: number
  countyIndex: number
  county: County
  offices: readonly Office[]
  chains: readonly Chain[]
  licence: { province: string; dialling: string }
  days: number
  habits: Readonly<Record<HabitKind, number>>
}): Store[] {
  const { seed, county, countyIndex, chains } = input
  const officeIndices = [...input.offices.keys()].filter((i) => input.offices[i]!.countyCode === county.code)
  const sizes = createRandom(seed, purposes.size, countyIndex)
  const names = new Set<string>()
  const stores: Store[] = Array.from({ length: county.storeCount }, (_, n) => {
    const index = county.firstStore + n
    const random = createRandom(seed, purposes.store, index)
    const officeIndex = officeIndices[Math.floor((n * officeIndices.length) / county.storeCount)]!
    const office = input.offices[officeIndex]!
    // Zipf-like: the first chain is the largest.
    const chain = random.chance(0.55) ? Math.floor(chains.length * random.unit() ** 2) : null
    const road = roadName(random.u32())
    const letter = chain === null ? licencePrefix.independent : licencePrefix.chain
    return {
      index,
      code: county.code + String(n + 1).padStart(4, '0'),
      name: uniqueName(
        names,
        chain === null
          ? office.place + shopName(random.u32())
          : `${brandOf(chains[chain]!)}大药房${office.place}${road}店`,
      ),
      creditCode: creditCode(chain === null ? '92' : '91', county.idAreaCode, 1000 + index),
      licenceNo: `${input.licence.province}${letter}${chain === null ? 'B' : 'A'}${input.licence.dialling}${String(index + 1).padStart(4, '0')}`,
      countyIndex,
      areaCode: county.code,
      officeCode: office.code,
      officeIndex,
      address: `${county.name}${office.place}${road}${1 + random.below(400)}号`,
      lon: round(office.lon + random.normal() * 0.012),
      lat: round(office.lat + random.normal() * 0.01),
      chain,
      size: Math.exp(0.75 * sizes.normal()) * (chain === null ? 1 : 1.3),
      opensAt: 450 + 30 * random.below(4),
      closesAt: 1260 + 30 * random.below(4),
      clerks: [],
      ...conductOf(createRandom(seed, purposes.conduct, index), input.days, input.habits),
      catchment: { first: 0, count: 0 },
    }
  })
  scale(stores, county)
  return stores
}

function brandOf(chain: Chain): string {
  return chain.name.slice(chain.name.indexOf('市') + 1, chain.name.indexOf('大药房'))
}

function uniqueName(taken: Set<string>, name: string): string {
  let result = name
  for (let n = 2; taken.has(result); n++) result = name.endsWith('店') ? `${name.slice(0, -1)}${n}店` : `${name}${n}店`
  taken.add(result)
  return result
}

/** Sizes to shares of the city, and the county's households dealt to the stores in proportion. */
function scale(stores: Store[], county: County): void {
  const sum = stores.reduce((total, store) => total + store.size, 0)
  let before = 0
  for (const store of stores) {
    const first = Math.floor((before / sum) * (county.households - stores.length)) + (store.index - county.firstStore)
    before += store.size
    const next =
      Math.floor((before / sum) * (county.households - stores.length)) + (store.index - county.firstStore) + 1
    store.catchment = { first, count: next - first }
    store.size = (store.size / sum) * county.weight
  }
}

function conductOf(
  random: Random,
  days: number,
  shares: Readonly<Record<HabitKind, number>>,
): { reporting: Reporting; silences: DayInterval[]; habits: StoreHabit[] } {
  const u = random.unit()
  const reporting: Reporting =
    u < 0.9
      ? { kind: 'live' }
      : u < 0.96
        ? { kind: 'late', everyDays: 0, hour: 23 }
        : { kind: 'late', everyDays: 1 + random.below(4), hour: 8 + random.below(4) }
  const silences: DayInterval[] = []
  // A store falls silent about once in three years, for three days to two weeks.
  for (let day = Math.ceil(-1100 * Math.log(1 - random.unit())); day < days; ) {
    const to = Math.min(days, day + 3 + random.below(12))
    silences.push({ from: day, to })
    day = to + Math.ceil(-1100 * Math.log(1 - random.unit()))
  }
  return { reporting, silences, habits: habitsOf(random, days, shares) }
}

const habitShare: Readonly<Record<HabitKind, readonly [number, number]>> = {
  'fabricated-id': [0.15, 0.4],
  'same-birthday': [0.15, 0.35],
  'shared-id': [0.1, 0.3],
  'shared-mobile': [0.2, 0.5],
  'staff-id': [0.08, 0.25],
  'batch-entry': [0.6, 1],
  'near-identical': [0.08, 0.2],
}

// At most one habit a store, so that the label of a purchase is never ambiguous.
function habitsOf(random: Random, days: number, shares: Readonly<Record<HabitKind, number>>): StoreHabit[] {
  let left = random.unit()
  for (const kind of habitKinds) {
    left -= shares[kind]
    if (left >= 0) continue
    const [low, high] = habitShare[kind]
    const whole = random.chance(0.5)
    const from = whole ? 0 : random.below(Math.max(1, Math.floor(days * 0.6)))
    const to = whole ? days : Math.min(days, from + 21 + random.below(60))
    return [{ kind, from, to, share: low + (high - low) * random.unit() }]
  }
  return []
}

const promoted: readonly (readonly DrugClass[])[] = [
  ['antipyretic'],
  ['cough'],
  ['antipyretic', 'cough'],
  ['cough', 'antiviral'],
]

/** Each chain's promotions: three to five days, some three to six weeks apart; never for antibiotics. */
export function createPromotions(seed: number, chainCount: number, days: number): Promotion[] {
  return Array.from({ length: chainCount }, (_, chain) => {
    const random = createRandom(seed, purposes.promotion, chain)
    const list: Promotion[] = []
    for (let from = random.below(42); from < days; from += 21 + random.below(22)) {
      const to = Math.min(days, from + 3 + random.below(3))
      const lift = 1.3 + 0.5 * random.unit()
      list.push({
        id: `promotion-${chain + 1}-${list.length + 1}`,
        chain,
        from,
        to,
        drugClasses: random.pick(promoted),
        lift,
      })
    }
    return list
  }).flat()
}
