import { buildTriangle, delayDistribution, reportedSoFar, shareError } from '@vigil/detection'

/** Days after which a sale that has not been reported yet counts as one that does not come. */
export const longestDelay = 7
/** Days from which delays are learned. */
export const learnedDays = 28
/** Reports from which a store's habit can be told. */
const enough = 20
/** So many earlier days reported on one day are somebody catching up, or a file of old sales: no habit. */
const catchUpDays = 4
/** Shares are told in such steps, so that what moves by chance changes nothing. */
const step = 0.05

/** Sales of a store's day that arrived some days later; days count from the first of those learned from. */
export interface DelayCount {
  readonly store: string
  readonly day: number
  readonly delay: number
  readonly count: number
}

/** A store that reports late: the share of a day's sales that are in after 0, 1, … days. */
export interface LateStore {
  readonly store: string
  readonly within: readonly number[]
  /** Relative standard error of each of these shares, as far as it is known. */
  readonly doubt?: readonly number[]
}

const rounded = (steps: number): number => Number((steps * step).toFixed(2))

function habitual(reports: readonly DelayCount[]): DelayCount[] {
  const daysOf = new Map<number, Set<number>>()
  for (const { day, delay } of reports)
    if (delay > 0) daysOf.set(day + delay, (daysOf.get(day + delay) ?? new Set()).add(day))
  return reports.filter(
    ({ day, delay }) => delay <= 0 || (delay <= longestDelay && daysOf.get(day + delay)!.size < catchUpDays),
  )
}

/**
 * Stores whose sales come late as a habit, by the reporting triangle of each (see `delayDistribution`).
 * @param reports of days 0 to `learnedDays` - 1, the last of which is yesterday
 */
export function lateStores(reports: readonly DelayCount[]): LateStore[] {
  const today = learnedDays - 1
  return [...Map.groupBy(reports, ({ store }) => store)].flatMap(([store, all]) => {
    const own = habitual(all).map(({ day, delay, count }) => ({ day, arrived: day + Math.max(0, delay), count }))
    if (own.reduce((sum, { count }) => sum + count, 0) < enough) return []
    const triangle = buildTriangle(own, { first: 0, today, maxDelay: longestDelay })
    const delay = delayDistribution(triangle, learnedDays)
    const within = Array.from(delay.within, (share) => rounded(Math.round(share / step)))
    if (within[0]! >= 1) return []
    const usual = reportedSoFar(triangle).reduce((sum, count) => sum + count, 0) / learnedDays
    // Rounded up: a step that hides some doubt must not make it none.
    const doubt = within.map((share, at) => (share < 1 ? rounded(Math.ceil(shareError(delay, at, usual) / step)) : 0))
    return [{ store, within, doubt }]
  })
}
