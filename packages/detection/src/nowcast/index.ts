import { negativeBinomialQuantile, poissonQuantile } from '../distribution/index.ts'
import { DetectionError } from '../error.ts'
import { type DelayDistribution, delayDistribution, shareError } from './delay.ts'
import { type ReportingTriangle, reportedSoFar } from './triangle.ts'

export { type DelayDistribution, delayDistribution, shareError } from './delay.ts'
export { buildTriangle, type Report, type ReportingTriangle, reportedSoFar } from './triangle.ts'

export type NowcastOptions = {
  /** Days from which delays are learned; 56 unless told. */
  window?: number
  /** Coverage of the prediction interval; 0.95 unless told. */
  level?: number
}

export type Nowcast = {
  /** Reports at hand per day, what they will come to, and the range in which that will lie with probability `level`. */
  reported: Float64Array
  expected: Float64Array
  lower: Float64Array
  upper: Float64Array
  /** Share of each day's reports at hand, for `completeness` of the daily detector. */
  completeness: Float64Array
  /** How far that share is known, for `completenessError` of the daily detector. */
  completenessError: Float64Array
  delay: DelayDistribution
}

/**
 * What recent days will come to once late reports are in: reports at hand divided by the share that has arrived, with a
 * negative binomial range for the rest, wide enough for the delays' dispersion, chance and estimation. A day of which
 * little has arrived gets a wide range, not a low count. Throws DetectionError as `delayDistribution`.
 */
export function nowcast(triangle: ReportingTriangle, options: NowcastOptions = {}): Nowcast {
  const level = options.level ?? 0.95
  if (!(level > 0 && level < 1)) throw new DetectionError('option', 'level must lie between 0 and 1')
  const delay = delayDistribution(triangle, options.window ?? 56)
  const { days, maxDelay } = triangle
  const reported = reportedSoFar(triangle)
  const usual = usualCount(triangle, reported)
  const expected = Float64Array.from(reported)
  const lower = Float64Array.from(reported)
  const upper = Float64Array.from(reported)
  const completeness = new Float64Array(days).fill(1)
  const completenessError = new Float64Array(days)
  for (let t = Math.max(0, days - maxDelay); t < days; t++) {
    const share = delay.within[days - 1 - t]!
    completeness[t] = share
    completenessError[t] = shareError(delay, days - 1 - t, usual)
    // Gamma prior worth one ordinary day's reports in part: matters only where almost nothing has arrived.
    const weight = Math.min(1, 1 / Math.max(usual, 1))
    const rate = (reported[t]! + weight * usual) / (share + weight)
    const missing = rate * (1 - share)
    const variance =
      delay.dispersion * missing +
      (delay.dispersion * (missing * missing)) / Math.max(reported[t]! + weight * usual, 0.5) +
      rate * rate * share * share * delay.variance[days - 1 - t]!
    expected[t] = reported[t]! + missing
    lower[t] = reported[t]! + quantile((1 - level) / 2, missing, variance)
    upper[t] = reported[t]! + quantile((1 + level) / 2, missing, variance)
  }
  return { reported, expected, lower, upper, completeness, completenessError, delay }
}

// Mean of the latest complete days.
function usualCount({ days, maxDelay }: ReportingTriangle, reported: Float64Array): number {
  const complete = reported.subarray(Math.max(0, days - maxDelay - 28), days - maxDelay)
  return complete.length > 0 ? complete.reduce((a, b) => a + b, 0) / complete.length : 0
}

function quantile(p: number, mean: number, variance: number): number {
  if (!(mean > 1e-9)) return 0
  if (variance <= mean * 1.0001) return poissonQuantile(p, mean)
  return negativeBinomialQuantile(p, (mean * mean) / (variance - mean), mean / variance)
}
