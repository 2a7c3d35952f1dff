import { DetectionError } from '../error.ts'
import type { ReportingTriangle } from './triangle.ts'

export type DelayDistribution = {
  /** Share of a day's reports that arrive within d days: rises to 1 at `maxDelay`. */
  within: Float64Array
  /** Overdispersion of the cells: variance / mean, 1 or more. */
  dispersion: number
  /** Relative variance of `within` from what the reports at hand leave open. */
  variance: Float64Array
}

/**
 * Distribution of the delay by reverse-time hazards (Lawless 1994, Can J Stat 22:15; chain ladder): the share of reports of
 * delay d among those of delay ≤ d, from all days on which delay d has been seen, the last `window` days of them. A prior
 * worth half a report keeps hazards off 0 and 1. Throws DetectionError when the triangle is shorter than the longest delay.
 */
export function delayDistribution(triangle: ReportingTriangle, window = 56): DelayDistribution {
  const { days, maxDelay, reports } = triangle
  if (days <= maxDelay) throw new DetectionError('too-short', 'triangle must cover more days than the longest delay')
  if (!(Number.isInteger(window) && window >= 1)) throw new DetectionError('option', 'window must be a whole number')
  const width = maxDelay + 1
  const within = new Float64Array(width).fill(1)
  const variance = new Float64Array(width)
  for (let d = maxDelay; d >= 1; d--) {
    let late = 0
    let all = 0
    const last = days - 1 - d
    for (let t = Math.max(0, last - window + 1); t <= last; t++) {
      late += reports[t * width + d]!
      for (let e = 0; e <= d; e++) all += reports[t * width + e]!
    }
    const hazard = (late + 0.5 / width) / (all + 0.5)
    within[d - 1] = within[d]! * (1 - hazard)
    variance[d - 1] = variance[d]! + hazard / ((1 - hazard) * (all + 0.5))
  }
  const dispersion = cellDispersion(triangle, within, window)
  return { within, dispersion, variance: variance.map((value) => value * dispersion) }
}

/**
 * Relative standard error of the share of a day's reports that has arrived within `within` days: what estimation leaves open
 * (delta method on the hazards, Lawless 1994), and by how much shares of single days scatter beyond the binomial, as those
 * of a beta-binomial do: (dispersion − 1) (1 − p) / (n p) for n reports a day (McCullagh and Nelder 1989, 4.5). 0 where the
 * share is known: all of it is in, or none.
 */
export function shareError({ within, dispersion, variance }: DelayDistribution, delay: number, usual: number): number {
  const share = within[delay] ?? 1
  if (share >= 1 || share <= 0) return 0
  const scatter = usual > 0 ? ((dispersion - 1) * (1 - share)) / (usual * share) : 0
  return Math.sqrt(variance[delay]! + scatter)
}

// Pearson's statistic over the cells of days whose reports are complete.
function cellDispersion(triangle: ReportingTriangle, within: Float64Array, window: number): number {
  const { days, maxDelay, reports } = triangle
  const width = maxDelay + 1
  let statistic = 0
  let freedom = 0
  const last = days - 1 - maxDelay
  for (let t = Math.max(0, last - window + 1); t <= last; t++) {
    let total = 0
    for (let d = 0; d < width; d++) total += reports[t * width + d]!
    for (let d = 0; d < width; d++) {
      const expected = total * (within[d]! - (d > 0 ? within[d - 1]! : 0))
      if (expected < 0.5) continue
      statistic += (reports[t * width + d]! - expected) ** 2 / expected
      freedom++
    }
  }
  return freedom > width ? Math.max(1, statistic / (freedom - width)) : 1
}
