import type { City as AreaCity, CityCounty } from '@vigil/codes/areas'
import { placeName, roadName } from './names.ts'
import { maxHouseholds, rankStepFor } from './people.ts'
import { originCodes, profileOf } from './profiles.ts'
import { createRandom, hash32 } from './random.ts'
import type { County, FeverClinic, Office } from './types.ts'

const householdsPerStore = 250
const purposes = { office: 21, clinic: 22, rank: 23 }

/** Splits `total` into whole numbers proportional to the weights, each at least 1 (largest remainders). */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  const spare = total - weights.length
  const exact = weights.map((weight) => (spare * weight) / sum)
  const whole = exact.map((value) => 1 + Math.floor(value))
  const left = total - whole.reduce((a, b) => a + b, 0)
  const byRemainder = exact
    .map((value, index) => ({ index, rest: value % 1 }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index)
  for (const { index } of byRemainder.slice(0, left)) whole[index]!++
  return whole
}

/** The counties of a city with their demand, households and runs of stores. */
export function createCounties(seed: number, area: AreaCity, storeTotal: number): County[] {
  const profile = profileOf(area.code)
  const weights = area.counties.map((county) => profile.weights[county.code] ?? profile.otherWeight)
  const sum = weights.reduce((a, b) => a + b, 0)
  const storeCounts = apportion(storeTotal, weights)
  const origins = originCodes.filter((code) => !code.startsWith(area.code.slice(0, 4)))
  const blocks = new Map<string, number>()
  let firstStore = 0
  let householdOffset = 0
  return area.counties.map((county, index) => {
    const idAreaCode = nearestStandard(area, county).code
    const idBlock = blocks.get(idAreaCode) ?? 0
    blocks.set(idAreaCode, idBlock + 1)
    const storeCount = storeCounts[index]!
    const households = Math.min(maxHouseholds, storeCount * householdsPerStore)
    const result: County = {
      code: county.code,
      name: county.name,
      lon: county.lon,
      lat: county.lat,
      idAreaCode,
      idBlock,
      originCodes: origins.filter((_, i) => i % area.counties.length === index),
      weight: weights[index]! / sum,
      households,
      rankStep: rankStepFor(households),
      rankShift: hash32(seed, purposes.rank, index) % households,
      householdOffset,
      firstStore,
      storeCount,
    }
    firstStore += storeCount
    householdOffset += households
    return result
  })
}

// A zone has no code of its own in GB/T 2260: its people were registered in the county around it.
function nearestStandard(area: AreaCity, county: CityCounty): CityCounty {
  if (county.standard) return county
  const distance = (other: CityCounty): number => (other.lon - county.lon) ** 2 + (other.lat - county.lat) ** 2
  return area.counties.filter((other) => other.standard).reduce((a, b) => (distance(b) < distance(a) ? b : a))
}

/** Four to twelve offices 所 a county, more where demand is larger, at made-up towns 镇 and streets 街道. */
export function createOffices(seed: number, counties: readonly County[]): Office[] {
  return counties.flatMap((county, index) => {
    const random = createRandom(seed, purposes.office, index)
    const count = Math.max(4, Math.min(12, Math.round(4 + county.weight * 48)))
    const urban = county.name.endsWith('区') ? 0.8 : 0.4
    return Array.from({ length: count }, (_, n): Office => {
      const place = placeName(index, n) + (random.chance(urban) ? '街道' : '镇')
      return {
        code: `${county.code}S${String(n + 1).padStart(2, '0')}`,
        name: `${place}市场监督管理所`,
        place,
        countyCode: county.code,
        lon: round(county.lon + random.normal() * 0.035),
        lat: round(county.lat + random.normal() * 0.03),
      }
    })
  })
}

/** Degrees with five decimals, about a metre. */
export function round(degrees: number): number {
  return Math.round(degrees * 100_000) / 100_000
}

const hospitalKinds = ['第一示范医院', '第二示范医院', '示范中医院', '示范妇幼保健院']

/** Two to four fever clinics 发热门诊 a county, made up (their names say 示范, a model). */
export function createClinics(
  seed: number,
  dialling: string,
  counties: readonly County[],
  offices: readonly Office[],
): FeverClinic[] {
  return counties.flatMap((county, index) => {
    const random = createRandom(seed, purposes.clinic, index)
    const near = offices.filter((office) => office.countyCode === county.code)
    const count = Math.min(near.length, 2 + (county.weight > 0.08 ? 1 : 0) + random.below(2))
    return Array.from({ length: Math.min(4, count) }, (_, n): FeverClinic => {
      const office = near[n]!
      return {
        name: `${county.name}${hospitalKinds[n]!}发热门诊`,
        areaCode: county.code,
        address: `${office.place}${roadName(random.u32())}${1 + random.below(300)}号`,
        phone: `0${dialling}-2${String(random.below(10_000_000)).padStart(7, '0')}`,
        lon: round(office.lon + random.normal() * 0.006),
        lat: round(office.lat + random.normal() * 0.006),
      }
    })
  })
}
