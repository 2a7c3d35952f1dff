import { normalCdf } from '../distribution/index.ts'
import { DetectionError } from '../error.ts'
import {
  type Counts,
  checkCount,
  checkCounts,
  checkMissing,
  checkNumber,
  checkWhole,
  type MissingOption,
} from '../series/check.ts'
import type { Online } from '../series/online.ts'
import { type Detection, newDetection, newPoint, type Point, record } from '../series/point.ts'

export interface EwmaOptions extends MissingOption {
  /** Weight of the newest count; default 0.2. */
  readonly lambda?: number
  /** Width of the limits in standard deviations of the average; default 3. */
  readonly limit?: number
  /** Counts at the beginning from which mean and standard deviation are learnt; default 28. */
  readonly baseline?: number
  /** Expected count and its standard deviation, instead of learning them. */
  readonly mean?: number
  readonly sd?: number
}

export interface EwmaState {
  readonly seen: number
  /** Counts among those seen that were not missing. */
  readonly used: number
  /** Moments of the baseline by Welford's method. */
  readonly mean: number
  readonly squares: number
  readonly average: number
}

const start: EwmaState = { seen: 0, used: 0, mean: 0, squares: 0, average: 0 }

/**
 * EWMA control chart: Roberts, Technometrics 1 (1959); limits with the exact variance of the first points, Lucas &
 * Saccucci, Technometrics 32 (1990). One count at a time, O(1). `expected` is the mean, `upper` the count that takes
 * the average to its limit, `score` the average in its own standard deviations. The chart is not restarted after an
 * alarm; missing counts are passed over.
 * @throws {DetectionError} for bad input.
 */
export function ewmaOnline(options: EwmaOptions = {}, state?: EwmaState): Online<Point, EwmaState> {
  const { lambda = 0.2, limit = 3, baseline = 28 } = options
  checkNumber('lambda', lambda, lambda > 0 && lambda <= 1, 'above 0 and at most 1')
  checkNumber('limit', limit, limit > 0, 'positive')
  checkWhole('baseline', baseline, 2)
  const missing = checkMissing(options.missing)
  const known = options.mean !== undefined && options.sd !== undefined
  if (!known && (options.mean ?? options.sd) !== undefined) {
    throw new DetectionError('option', 'mean and sd go together')
  }
  const learning = known ? 0 : baseline
  let { seen, used, mean, squares, average } = state ?? { ...start, mean: options.mean ?? 0 }
  if (![seen, used, mean, squares, average].every(Number.isFinite))
    throw new DetectionError('state', 'not a state of ewma')
  const learn = (count: number) => {
    const distance = count - mean
    mean += distance / (used + 1)
    squares += distance * (count - mean)
  }
  return {
    push(count) {
      checkCount(count, seen, missing)
      const point = newPoint()
      point.index = seen
      seen++
      if (Number.isNaN(count)) {
        point.untested = 'missing'
        return point
      }
      if (used < learning) {
        learn(count)
        point.untested = 'too-short'
      } else {
        if (used === learning) average = mean
        judge(count, point)
      }
      used++
      return point
    },
    state: () => ({ seen, used, mean, squares, average }),
  }

  function judge(count: number, point: Point): void {
    const sd = options.sd ?? Math.sqrt(squares / (baseline - 1))
    const tested = used - learning + 1
    const spread = sd * Math.sqrt((lambda / (2 - lambda)) * (1 - (1 - lambda) ** (2 * tested)))
    const before = (1 - lambda) * average
    average = before + lambda * count
    point.expected = mean
    point.lower = Math.max(0, (mean - limit * spread - before) / lambda)
    point.upper = (mean + limit * spread - before) / lambda
    point.score = (average - mean) / spread
    point.p = normalCdf(-point.score)
    point.alarm = average > mean + limit * spread
    if (Number.isNaN(point.score)) point.untested = 'no-variance'
  }
}

/** {@link ewmaOnline} over a series; the points of the baseline are results with `untested`. */
export function ewma(counts: Counts, options: EwmaOptions = {}): Detection {
  const chart = ewmaOnline(options)
  const checked = checkCounts(counts, options.missing)
  const detection = newDetection(Int32Array.from(checked, (_, i) => i))
  checked.forEach((count, i) => {
    record(detection, i, chart.push(count))
  })
  return detection
}
