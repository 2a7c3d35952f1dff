import { normalCdf, normalQuantile } from '../distribution/index.ts'
import { DetectionError } from '../error.ts'
import { type Counts, checkAlpha, checkNumber, checkWhole, type MissingOption } from '../series/check.ts'
import { overCounts, overStream } from '../series/offline.ts'
import type { Online, WindowState } from '../series/online.ts'
import type { Detection, Point } from '../series/point.ts'

export interface EarsOptions extends MissingOption {
  /** Default C1. C1: baseline up to yesterday; C2: two days apart; C3: two days apart, adding the two days before. */
  readonly method?: 'C1' | 'C2' | 'C3'
  /** Length of the baseline; default 7, at least 3. */
  readonly baseline?: number
  /** Points between baseline and tested point; default 0 for C1 and 2 for C2 and C3. */
  readonly lag?: number
  /** Least standard deviation; default 0. */
  readonly minSigma?: number
  /** One-sided error probability; default 0.001, and 0.025 for C3. */
  readonly alpha?: number
  /** 0-based places to test; default every place with a full baseline. */
  readonly range?: ArrayLike<number>
}

interface Settings {
  readonly third: boolean
  readonly baseline: number
  readonly lag: number
  readonly minSigma: number
  readonly z: number
  /** Points needed before the tested one. */
  readonly before: number
}

function settingsOf({ method = 'C1', baseline = 7, minSigma = 0, ...options }: EarsOptions): Settings {
  if (!['C1', 'C2', 'C3'].includes(method)) throw new DetectionError('option', `method ${method}`)
  const third = method === 'C3'
  const lag = checkWhole('lag', options.lag ?? (method === 'C1' ? 0 : 2), 0)
  checkWhole('baseline', baseline, least)
  return {
    third,
    baseline,
    lag,
    minSigma: checkNumber('minSigma', minSigma, minSigma >= 0, 'at least 0'),
    z: normalQuantile(1 - checkAlpha(options.alpha ?? (third ? 0.025 : 0.001))),
    before: baseline + lag + (third ? 2 : 0),
  }
}

/** Least number of counts in a baseline. */
const least = 3

/** Mean and standard deviation of the baseline of the place last looked at, NaN where it has too few counts. */
const moments = new Float64Array(2)

/** One pass: distances are taken from the first count of the baseline, so that nothing cancels in the squares. */
function look(counts: Float64Array, k: number, { baseline, lag, minSigma }: Settings): void {
  const from = k - lag - baseline
  const to = k - lag
  const first = counts[from]!
  let sum = 0
  let squares = 0
  for (let i = from + 1; i < to; i++) {
    const distance = counts[i]! - first
    sum += distance
    squares += distance * distance
  }
  if (Number.isNaN(sum)) {
    lookPast(counts, from, to, minSigma)
    return
  }
  moments[0] = first + sum / baseline
  moments[1] = Math.max(Math.sqrt(Math.max(0, squares - (sum * sum) / baseline) / (baseline - 1)), minSigma)
}

/** The same over the counts that a baseline has, without those that are missing. */
function lookPast(counts: Float64Array, from: number, to: number, minSigma: number): void {
  const present = counts.subarray(from, to).filter((count) => !Number.isNaN(count))
  const n = present.length
  const mean = n < least ? Number.NaN : present.reduce((sum, count) => sum + count, 0) / n
  const squares = present.reduce((sum, count) => sum + (count - mean) ** 2, 0)
  moments[0] = mean
  moments[1] = Math.max(Math.sqrt(squares / (n - 1)), minSigma)
}

/** By how much C2 of a place passes 1; 0 where it was not tested. */
function excess(counts: Float64Array, k: number, settings: Settings): number {
  look(counts, k, settings)
  if (Number.isNaN(counts[k]!) || Number.isNaN(moments[0]!)) return 0
  return Math.max(0, (counts[k]! - moments[0]!) / moments[1]! - 1)
}

function judge(counts: Float64Array, k: number, settings: Settings, point: Point): void {
  const { z, third } = settings
  const past = third ? excess(counts, k - 1, settings) + excess(counts, k - 2, settings) : 0
  look(counts, k, settings)
  const mean = moments[0]!
  const sigma = moments[1]!
  const observed = counts[k]!
  if (Number.isNaN(mean)) {
    point.untested = 'too-short'
    return
  }
  point.expected = mean
  point.lower = Math.max(0, mean - z * sigma)
  // As in surveillance, C3 judges by the excess of the two points before; its threshold is stated around the count.
  point.upper = third ? Math.max(0, observed + sigma * (z - past)) : mean + z * sigma
  point.score = third ? past : (observed - mean) / sigma
  point.p = normalCdf(-point.score)
  point.alarm = observed > point.upper
  if (Number.isNaN(point.upper) || Number.isNaN(point.score)) point.untested = 'no-variance'
}

/**
 * EARS C1, C2 and C3: Hutwagner, Thompson, Seeman & Treadwell, The bioterrorism preparedness and response Early
 * Aberration Reporting System, J. Urban Health 80 (2003); Fricker, Hegler & Dunfee, Statistics in Medicine 27 (2008).
 * Equals R's `earsC` (surveillance 1.20.3) to 1e-9, any baseline and lag. A baseline passes over missing counts and has at
 * least 3 others.
 * @throws {DetectionError} for bad input.
 */
export function ears(counts: Counts, options: EarsOptions = {}): Detection {
  const settings = settingsOf(options)
  return overCounts(counts, options, settings.before, (checked, k, point) => judge(checked, k, settings, point))
}

/** {@link ears}, one count at a time; O(baseline) per count. */
export function earsOnline(options: Omit<EarsOptions, 'range'> = {}, state?: WindowState): Online<Point, WindowState> {
  const settings = settingsOf(options)
  return overStream(options, settings.before, (counts, k, point) => judge(counts, k, settings, point), state)
}
