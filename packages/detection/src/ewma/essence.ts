import { studentQuantile, studentSf } from '../distribution/index.ts'
import { DetectionError } from '../error.ts'
import { type Counts, checkCounts, checkNumber, checkWhole, type MissingOption } from '../series/check.ts'
import { nullOf, type Online, Window, type WindowState } from '../series/online.ts'
import { clearPoint, newDetection, newPoint, record } from '../series/point.ts'
import { colour, type EssenceDetection, type EssencePoint, newEssence } from './essence-point.ts'

export interface EssenceEwmaOptions extends MissingOption {
  /** Longest baseline; default 28, at least 7. */
  readonly B?: number
  /** Days between baseline and tested day; default 2. */
  readonly g?: number
  /** Weights of the newest count for slow and sudden rises; default 0.4 and 0.9. */
  readonly w1?: number
  readonly w2?: number
}

export interface EssenceEwmaState extends WindowState {
  /** null before the first count. */
  readonly averages: readonly [number | null, number | null]
}

/** Shortest baseline, without missing counts. */
const least = 7

interface Settings {
  readonly B: number
  readonly g: number
  readonly weights: readonly [number, number]
}

function settingsOf({ B = 28, g = 2, w1 = 0.4, w2 = 0.9 }: EssenceEwmaOptions): Settings {
  checkWhole('B', B, least)
  checkWhole('g', g, 0)
  for (const w of [w1, w2]) checkNumber('w1 and w2', w, w > 0 && w < 1, 'between 0 and 1')
  return { B, g, weights: [w1, w2] }
}

/** Quantiles of Student's t as the method states them, to five digits. */
const limits = new Map<number, { readonly alert: number; readonly warning: number }>()
function limitsOf(df: number) {
  let found = limits.get(df)
  if (!found) {
    const round = (x: number) => Math.round(x * 1e5) / 1e5
    found = { alert: round(studentQuantile(0.99, df)), warning: round(studentQuantile(0.95, df)) }
    limits.set(df, found)
  }
  return found
}

/** Standard deviation of (average − mean of the baseline of n days), bounded below as ESSENCE does. */
function spread(w: number, n: number, g: number, sigma: number, warning: number): number {
  const v = 1 - w
  const correction = Math.sqrt(w / (2 - w) + 1 / n - 2 * v ** (g + 1) * ((1 - v ** n) / n))
  const floor = (w / warning) * (0.01 + 0.05 * v ** 2)
  const constant = (0.1289 - (0.2414 - 0.1826 * v ** 4) * Math.log(10 * 0.05)) * (w / warning)
  return Math.max(floor, sigma * correction + constant)
}

/** One day of the method; `averages` are moved on. `seen` counts the days before. */
function step(
  counts: Float64Array,
  k: number,
  seen: number,
  averages: number[],
  settings: Settings,
  point: EssencePoint,
): void {
  const { B, g, weights } = settings
  const count = counts[k]!
  if (Number.isNaN(count)) {
    point.untested = 'missing'
    return
  }
  for (let i = 0; i < 2; i++) {
    const before = averages[i]!
    averages[i] = Number.isNaN(before) ? count : weights[i]! * count + (1 - weights[i]!) * before
  }
  if (seen < least + g) {
    point.untested = 'too-short'
    return
  }
  const to = k - g
  const from = to - Math.min(B, Math.max(least, seen - g))
  let mean = 0
  let n = 0
  for (let i = from; i < to; i++) {
    if (Number.isNaN(counts[i]!)) continue
    mean += counts[i]!
    n++
  }
  if (n < least) {
    point.untested = 'too-short'
    return
  }
  mean /= n
  let squares = 0
  for (let i = from; i < to; i++) if (!Number.isNaN(counts[i]!)) squares += (counts[i]! - mean) ** 2
  const { alert, warning } = limitsOf(n - 1)
  point.expected = mean
  let bestSigma = 0
  for (let i = 0; i < 2; i++) {
    const sigma = spread(weights[i]!, n, g, Math.sqrt(squares / (n - 1)), warning)
    const statistic = (averages[i]! - mean) / sigma
    // An extreme average is drawn in, so that it does not outlast the event.
    if (Math.abs(statistic) > alert) averages[i] = mean + Math.sign(statistic) * alert * sigma
    const p = studentSf(statistic, n - 1)
    if (i === 0 || !(point.p < p)) {
      point.p = p
      point.score = statistic
      bestSigma = sigma
    }
  }
  point.lower = Math.max(0, mean - alert * bestSigma)
  point.upper = mean + alert * bestSigma
  point.detector = 'ewma'
  point.colour = colour(point.p)
  point.alarm = point.colour === 'red'
}

/**
 * EWMA of ESSENCE: a slow and a sudden weighted average against a baseline of up to B days, the smaller p counts.
 * Burkom, Developments in the roles, features, and evaluation of alerting algorithms for disease outbreak monitoring,
 * Johns Hopkins APL Technical Digest 27 (2007). Equals `alert_ewma` of Rnssp 0.3.1 to 1e-6, also in dividing a series
 * of proportions (all below 1) by the median of its positive values. `upper` and `lower` are limits for the average.
 * @throws {DetectionError} for bad input, or fewer than B + g + 1 days.
 */
export function essenceEwma(counts: Counts, options: EssenceEwmaOptions = {}): EssenceDetection {
  const settings = settingsOf(options)
  const checked = scaled(checkCounts(counts, options.missing))
  const needed = settings.B + settings.g + 1
  if (checked.length < needed) {
    throw new DetectionError('too-short', `needs ${needed} counts, has ${checked.length}`, checked.length)
  }
  const detection = newEssence(newDetection(Int32Array.from(checked, (_, i) => i)))
  const point: EssencePoint = { ...newPoint(), colour: 'grey', detector: null }
  const averages = [Number.NaN, Number.NaN]
  for (let k = 0; k < checked.length; k++) {
    clearPoint(point, k)
    point.colour = 'grey'
    point.detector = null
    step(checked, k, k, averages, settings, point)
    record(detection, k, point)
    detection.colour[k] = point.colour
    detection.detector[k] = point.detector
  }
  return detection
}

function scaled(counts: Float64Array): Float64Array {
  const positive = counts.filter((count) => count > 0).sort()
  if (positive.length === 0 || positive[positive.length - 1]! >= 1) return counts
  const half = positive.length / 2
  const median = (positive[Math.ceil(half) - 1]! + positive[Math.floor(half)]!) / 2
  return counts.map((count) => count / median)
}

/** {@link essenceEwma}, one count at a time, O(B); proportions are not divided, for their median is not known yet. */
export function essenceEwmaOnline(
  options: EssenceEwmaOptions = {},
  state?: EssenceEwmaState,
): Online<EssencePoint, EssenceEwmaState> {
  const settings = settingsOf(options)
  const window = new Window(settings.B + settings.g + 1, false, options.missing)
  const averages = (state?.averages ?? [null, null]).map((average) => average ?? Number.NaN)
  if (state) window.restore(state)
  return {
    push(count) {
      const k = window.push(count)
      const point: EssencePoint = { ...newPoint(), colour: 'grey', detector: null }
      point.index = window.seen - 1
      step(window.counts, k, point.index, averages, settings, point)
      return point
    },
    state: () => ({ ...window.state(), averages: [nullOf(averages[0]!), nullOf(averages[1]!)] }),
  }
}
