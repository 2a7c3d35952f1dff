import { DetectionError } from '../error.ts'
import { quasiPoisson } from '../glm/index.ts'
import {
  type Counts,
  checkCount,
  checkCounts,
  checkMissing,
  checkNumber,
  checkRange,
  checkWhole,
  type Missing,
  type MissingOption,
} from '../series/check.ts'
import type { Online } from '../series/online.ts'
import { clearPoint, type Detection, newDetection, newPoint, type Point, record } from '../series/point.ts'
import { standardize, type Transformation, thresholdOf } from './transform.ts'

export interface CusumOptions extends MissingOption {
  /** Reference value, in standard deviations; default 1.04. */
  readonly k?: number
  /** Decision interval; default 2.26. */
  readonly h?: number
  /** Expected count, a number; without it the mean of the counts before the range; 'glm' fits a season to those. */
  readonly m?: number | 'glm' | null
  /** Default 'standard'. */
  readonly trans?: Transformation
  /** Dispersion of the negative binomial for `pearsonNegBin` and `anscombeNegBin`: variance m + α m²; default 0.1. */
  readonly alpha?: number
  /** Time points per year; default 52. */
  readonly freq?: number
  /** Time of the first count within its year, from 1, for m = 'glm'; default 1. */
  readonly start?: number
  /**
   * 0-based places to test, in order; the sum starts at 0 before the first. Default: all with a given m, otherwise all
   * after the first `freq`, from which m is learnt.
   */
  readonly range?: ArrayLike<number>
}

interface Settings {
  readonly k: number
  readonly h: number
  readonly trans: Transformation
  readonly alpha: number
  readonly missing: Missing
}

function settingsOf({ k = 1.04, h = 2.26, trans = 'standard', alpha = 0.1, missing }: CusumOptions): Settings {
  checkNumber('k', k, Number.isFinite(k), 'finite')
  checkNumber('h', h, Number.isFinite(h), 'finite')
  checkNumber('alpha', alpha, alpha >= 0, 'at least 0')
  return { k, h, trans, alpha, missing: checkMissing(missing) }
}

/** Judges a count after a sum; returns the new sum, which a missing count leaves as it is. */
function step(observed: number, m: number, sum: number, settings: Settings, point: Point): number {
  if (Number.isNaN(observed)) {
    point.untested = 'missing'
    return sum
  }
  const { k, h, trans, alpha } = settings
  const next = Math.max(0, sum + standardize(trans, observed, m, alpha) - k)
  point.expected = m
  const upper = thresholdOf(trans, m, h + k - sum, h - next, alpha)
  point.upper = upper > 0 ? upper : 0
  point.score = next
  point.alarm = next >= h
  if (Number.isNaN(next)) point.untested = 'no-variance'
  return next
}

/** Places before one that have a count. @throws {DetectionError} when there are none. */
function present(counts: Float64Array, before: number): number[] {
  const places = Array.from(counts.keys()).filter((place) => place < before && !Number.isNaN(counts[place]!))
  if (places.length === 0) throw new DetectionError('too-short', 'no count before the range', before)
  return places
}

/** Expected counts at the places tested, by a seasonal Poisson regression of the counts before them. */
function seasonal(counts: Float64Array, at: Int32Array, freq: number, start: number): Float64Array {
  const angle = (place: number) => (2 * Math.PI * (start + place)) / freq
  const training = present(counts, at[0]!)
  const { coefficients } = quasiPoisson({
    response: training.map((place) => counts[place]!),
    design: [training.map(() => 1), training.map((i) => Math.cos(angle(i))), training.map((i) => Math.sin(angle(i)))],
  })
  const [a, b, c] = coefficients
  return Float64Array.from(at, (place) => Math.exp(a! + b! * Math.cos(angle(place)) + c! * Math.sin(angle(place))))
}

/**
 * CUSUM of standardized counts: Rossi, Lampugnani & Marchi, An approximate CUSUM procedure for surveillance of health
 * events, Statistics in Medicine 18 (1999); Höhle, Computational Statistics 22 (2007). Equals R's `cusum`
 * (surveillance 1.20.3): the sum is not reset after an alarm. `score` is the sum, `upper` the count that reaches h.
 * @throws {DetectionError} for bad input.
 */
export function cusum(counts: Counts, options: CusumOptions = {}): Detection {
  const settings = settingsOf(options)
  const checked = checkCounts(counts, options.missing)
  const given = typeof options.m === 'number'
  const detection = newDetection(checkRange(options.range, given ? 0 : (options.freq ?? 52), checked.length))
  const { at } = detection
  const expected = meansOf(options, checked, at)
  const point = newPoint()
  let sum = 0
  for (let row = 0; row < at.length; row++) {
    clearPoint(point, at[row]!)
    sum = step(checked[point.index]!, expected[row]!, sum, settings, point)
    record(detection, row, point)
  }
  return detection
}

function meansOf({ m, freq = 52, start = 1 }: CusumOptions, counts: Float64Array, at: Int32Array): Float64Array {
  if (at.length === 0) return new Float64Array(0)
  if (m === 'glm') return seasonal(counts, at, checkWhole('freq', freq, 1), start)
  if (typeof m === 'number') return new Float64Array(at.length).fill(checkNumber('m', m, m >= 0, 'at least 0'))
  const places = present(counts, at[0]!)
  return new Float64Array(at.length).fill(places.reduce((sum, place) => sum + counts[place]!, 0) / places.length)
}

export interface CusumState {
  readonly seen: number
  readonly sum: number
}

/** {@link cusum} with a given expected count, one count at a time; O(1). */
export function cusumOnline(
  options: Omit<CusumOptions, 'range' | 'm' | 'freq' | 'start'> & { readonly m: number },
  state: CusumState = { seen: 0, sum: 0 },
): Online<Point, CusumState> {
  const settings = settingsOf(options)
  const m = checkNumber('m', options.m, options.m >= 0, 'at least 0')
  if (!Number.isInteger(state.seen) || !(state.sum >= 0)) throw new DetectionError('state', 'not a state of cusum')
  let { seen, sum } = state
  return {
    push(count) {
      const point = newPoint()
      point.index = seen
      sum = step(checkCount(count, seen, settings.missing), m, sum, settings, point)
      seen++
      return point
    },
    state: () => ({ seen, sum }),
  }
}
