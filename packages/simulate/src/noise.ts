import { createRandom } from './random.ts'
import type { City } from './types.ts'

const purpose = 71
/** Gamma shape of a store's own day: weather, a queue, a clerk off sick. */
export const storeNoiseShape = 12
/** Gamma shape of a county's day and class: makes county counts vary more than Poisson counts do. */
export const countyNoiseShape = 300

/** Noise of mean 1 by county (row) and class (column) on a day. */
export function classNoise(city: City, day: number): Float64Array {
  const random = createRandom(city.seed, purpose, day)
  return Float64Array.from({ length: city.counties.length * 4 }, () => random.gammaMean1(countyNoiseShape))
}
