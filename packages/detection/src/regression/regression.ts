import { studentQuantile, studentSf } from '../distribution/index.ts'
import { DetectionError } from '../error.ts'
import { colour, type EssenceDetection, type EssencePoint, newEssence } from '../ewma/essence-point.ts'
import { type Counts, checkCounts, checkDates, checkWhole, type Dates, type MissingOption } from '../series/check.ts'
import { weekday } from '../series/day.ts'
import { type Online, Window, type WindowState } from '../series/online.ts'
import { clearPoint, newDetection, newPoint, record } from '../series/point.ts'

export interface EssenceRegressionOptions extends MissingOption {
  /** Longest baseline, a multiple of 7; default 28, at least 14. */
  readonly B?: number
  /** Days between baseline and tested day; default 2. */
  readonly g?: number
}

export interface RegressionPoint extends EssencePoint {
  /** Standard error of the prediction, bounded below. */
  sigma: number
  /** Share of the baseline's variance that the model explains, adjusted. */
  adjustedRSquared: number
}

export interface RegressionDetection extends EssenceDetection {
  readonly sigma: Float64Array
  readonly adjustedRSquared: Float64Array
}

/** Shortest baseline, without missing counts. */
const least = 11

/** Weekday sums of the baseline, 0 Sunday. */
interface Sums {
  readonly days: Float64Array
  readonly time: Float64Array
  readonly count: Float64Array
}
const newSums = (): Sums => ({ days: new Float64Array(7), time: new Float64Array(7), count: new Float64Array(7) })

interface Settings {
  readonly B: number
  readonly g: number
  readonly sums: Sums
}

function settingsOf({ B = 28, g = 2 }: EssenceRegressionOptions): Settings {
  checkWhole('B', B, 14)
  if (B % 7 !== 0) throw new DetectionError('option', `B must be a multiple of 7, not ${B}`)
  return { B, g: checkWhole('g', g, 0), sums: newSums() }
}

/** Least standard error, by degrees of freedom. */
const floors = new Map<number, number>()
function floorOf(df: number): number {
  let floor = floors.get(df)
  if (floor === undefined) {
    floor = 0.01 / (Math.round(studentQuantile(0.95, df) * 1e5) / 1e5)
    floors.set(df, floor)
  }
  return floor
}

/**
 * One day: a least-squares line with an own level for each weekday over the baseline. The levels are eliminated from
 * the normal equations, so that only the slope is solved for.
 */
function step(window: Window, k: number, seen: number, { B, g, sums }: Settings, point: RegressionPoint): void {
  const { counts } = window
  if (Number.isNaN(counts[k]!)) {
    point.untested = 'missing'
    return
  }
  if (seen < least + g) {
    point.untested = 'too-short'
    return
  }
  const length = Math.min(B, seen - g)
  const from = k - g - length
  const days = window.days!
  let n = 0
  for (const column of [sums.days, sums.time, sums.count]) column.fill(0)
  for (let i = 0; i < length; i++) {
    if (Number.isNaN(counts[from + i]!)) continue
    n++
    const day = weekday(days[from + i]!)
    sums.days[day]!++
    sums.time[day]! += i
    sums.count[day]! += counts[from + i]!
  }
  if (n < least) {
    point.untested = 'too-short'
    return
  }
  let variation = 0
  let joint = 0
  for (let i = 0; i < length; i++) {
    if (Number.isNaN(counts[from + i]!)) continue
    const day = weekday(days[from + i]!)
    const distance = i - sums.time[day]! / sums.days[day]!
    variation += distance * distance
    joint += distance * (counts[from + i]! - sums.count[day]! / sums.days[day]!)
  }
  const today = weekday(days[k]!)
  if (!(variation > 0) || sums.days[today] === 0) {
    point.untested = 'no-fit'
    return
  }
  conclude(window, k, { slope: joint / variation, sums, from, to: from + length, n, g }, point)
}

interface Line {
  readonly slope: number
  readonly sums: Sums
  /** The baseline, and how many of its places have a count. */
  readonly from: number
  readonly to: number
  readonly n: number
  readonly g: number
}

function conclude(window: Window, k: number, line: Line, point: RegressionPoint): void {
  const { slope, sums, from, to, n, g } = line
  const { counts } = window
  const days = window.days!
  const at = (time: number, day: number) =>
    sums.count[day]! / sums.days[day]! + slope * (time - sums.time[day]! / sums.days[day]!)
  let mean = 0
  for (const sum of sums.count) mean += sum
  mean /= n
  let explained = 0
  let rest = 0
  let levels = 0
  for (const share of sums.days) if (share > 0) levels++
  for (let i = from; i < to; i++) {
    if (Number.isNaN(counts[i]!)) continue
    const fitted = at(i - from, weekday(days[i]!))
    explained += (fitted - mean) ** 2
    rest += (counts[i]! - fitted) ** 2
  }
  const df = n - 8
  const r2 = explained / (rest + explained)
  const adjusted = 1 - (1 - r2) * ((n - 1) / (n - levels - 1))
  point.adjustedRSquared = Number.isNaN(adjusted) ? 0 : adjusted
  point.sigma = Math.max(Math.sqrt(rest / df) * Math.sqrt(((n + 7) * (n - 4)) / (n * (n - 7))), floorOf(df))
  point.expected = Math.max(0, at(to - from + g, weekday(days[k]!)))
  point.score = (counts[k]! - point.expected) / point.sigma
  point.p = studentSf(point.score, df)
  const reach = studentQuantile(0.99, df) * point.sigma
  point.lower = Math.max(0, point.expected - reach)
  point.upper = point.expected + reach
  point.detector = 'regression'
  point.colour = colour(point.p)
}

/**
 * Rnssp drops a warning or alert whose count is below the mean of the last seven days; on Saturdays and Sundays only
 * if it is also below the mean of the last seven counts of that weekday. It paints dropped points blue, also those that
 * were grey for want of a baseline.
 */
function repaint(window: Window, k: number, seen: number, point: RegressionPoint): void {
  const { counts } = window
  const days = window.days!
  const below = (places: readonly number[]) => {
    const known = places.filter((place) => !Number.isNaN(counts[place]!))
    return places.length === 7 && counts[k]! < known.reduce((sum, place) => sum + counts[place]!, 0) / known.length
  }
  if (point.colour !== 'blue' && seen >= 6 && below([0, 1, 2, 3, 4, 5, 6].map((back) => k - back))) {
    const today = weekday(days[k]!)
    const weekend = today === 0 || today === 6
    if (!weekend || below(sameWeekdays(window, k, today))) point.colour = 'blue'
  }
  point.alarm = point.colour === 'red'
}

/** The last seven places with a weekday, k among them. */
function sameWeekdays(window: Window, k: number, today: number): number[] {
  const places: number[] = []
  for (let i = k; i >= 0 && places.length < 7; i--) if (weekday(window.days![i]!) === today) places.push(i)
  return places
}

/** Counts a verdict can depend on: the baseline, and seven weekends. */
const windowSize = ({ B, g }: Settings) => Math.max(B + g + 1, 50)

export const newRegressionPoint = (): RegressionPoint => ({
  ...newPoint(),
  colour: 'grey',
  detector: null,
  sigma: Number.NaN,
  adjustedRSquared: Number.NaN,
})

/** {@link essenceRegression}, one count with its date at a time; O(B). */
export function essenceRegressionOnline(
  options: EssenceRegressionOptions = {},
  state?: WindowState,
): Online<RegressionPoint, WindowState> {
  const settings = settingsOf(options)
  const window = new Window(windowSize(settings), true, options.missing)
  if (state) window.restore(state)
  return {
    push(count, date) {
      const k = window.push(count, date)
      const point = newRegressionPoint()
      clearPoint(point, window.seen - 1)
      step(window, k, point.index, settings, point)
      repaint(window, k, point.index, point)
      return point
    },
    state: () => window.state(),
  }
}

/**
 * Adaptive multiple regression of ESSENCE: a line with weekday levels over up to B days predicts the day g + 1 days
 * later; Student's t of the difference is tested. Burkom, Johns Hopkins APL Technical Digest 27 (2007); Burkom, Murphy
 * & Shmueli, Statistics in Medicine 26 (2007). Equals `alert_regression` of Rnssp 0.3.1 to 1e-6, with weekdays from the
 * dates themselves. An alarm is red: p < 0.01 and not below the recent mean.
 * @throws {DetectionError} for bad input, or fewer than B + g + 1 days.
 */
export function essenceRegression(
  counts: Counts,
  dates: Dates,
  options: EssenceRegressionOptions = {},
): RegressionDetection {
  const checked = checkCounts(counts, options.missing)
  const days = checkDates(dates, checked.length)
  const { B, g } = settingsOf(options)
  if (checked.length < B + g + 1) {
    throw new DetectionError('too-short', `needs ${B + g + 1} counts, has ${checked.length}`, checked.length)
  }
  const n = checked.length
  const detection: RegressionDetection = {
    ...newEssence(newDetection(Int32Array.from(checked, (_, i) => i))),
    sigma: new Float64Array(n),
    adjustedRSquared: new Float64Array(n),
  }
  const online = essenceRegressionOnline(options)
  for (let i = 0; i < n; i++) {
    const point = online.push(checked[i]!, days[i])
    record(detection, i, point)
    detection.colour[i] = point.colour
    detection.detector[i] = point.detector
    detection.sigma[i] = point.sigma
    detection.adjustedRSquared[i] = point.adjustedRSquared
  }
  return detection
}
