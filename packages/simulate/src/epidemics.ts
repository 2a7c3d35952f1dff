import { epochDayOf } from './dates.ts'
import { createRandom } from './random.ts'
import type { City, Epidemic } from './types.ts'

const purpose = 41
/** Spread that Noufaily et al. (2019) give the lognormal delays of their outbreaks. */
export const defaultSdLog = 0.5
export const defaultMedianDays = 5

/**
 * Injected purchases of an epidemic by day of the simulation: `size` delays from a lognormal distribution with the given
 * median in days, added to the start day, as Noufaily et al. (Bioinformatics 2019) spread an outbreak over time.
 * Cases before the first or after the last day are not made.
 */
export function spreadCases(
  seed: number,
  epidemic: Epidemic,
  index: number,
  firstEpochDay: number,
  days: number,
): Uint32Array {
  const random = createRandom(seed, purpose, index)
  const cases = new Uint32Array(days)
  const start = epochDayOf(epidemic.startDay) - firstEpochDay
  const meanLog = Math.log(epidemic.medianDays ?? defaultMedianDays)
  for (let n = 0; n < epidemic.size; n++) {
    const delay = Math.exp(meanLog + (epidemic.sdLog ?? defaultSdLog) * random.normal())
    const day = start + Math.floor(delay)
    if (day >= 0 && day < days) cases[day]!++
  }
  return cases
}

/** Number of purchases that an epidemic adds to the simulated period; 0 for an unknown id. */
export function injectedCount(city: City, id: string): number {
  const index = city.epidemics.findIndex((epidemic) => epidemic.id === id)
  return city.epidemicCases[index]?.reduce((sum, count) => sum + count, 0) ?? 0
}
