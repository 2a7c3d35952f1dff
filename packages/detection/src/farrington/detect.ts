import { DetectionError } from '../error.ts'
import { type Counts, checkPopulation, checkRange } from '../series/check.ts'
import type { Online, WindowState } from '../series/online.ts'
import { clearPoint, type Detection, newDetection, newPoint, record } from '../series/point.ts'
import { Classic } from './classic.ts'
import { type FarringtonPoint, Flexible } from './flexible.ts'
import { History, historyOf } from './history.ts'
import { type FarringtonOptions, type FlexibleOptions, type Settings, settingsOf } from './options.ts'

export interface FarringtonDetection extends Detection {
  /** Dispersion φ, at least 1; NaN where there is no fit. */
  readonly dispersion: Float64Array
  /** 1 where the model kept its trend. */
  readonly trend: Uint8Array
}

export interface FarringtonState extends WindowState {
  readonly population?: number[]
}

export interface FarringtonOnline extends Online<FarringtonPoint, FarringtonState> {
  push(count: number, date?: number | string, population?: number): FarringtonPoint
}

interface Judge {
  judge(history: History, k: number, point: FarringtonPoint): void
}

const newFarringtonPoint = (): FarringtonPoint => ({ ...newPoint(), dispersion: Number.NaN, trend: false })

function overSeries(history: History, at: Int32Array, method: Judge): FarringtonDetection {
  const detection = { ...newDetection(at), dispersion: new Float64Array(at.length), trend: new Uint8Array(at.length) }
  const point = newFarringtonPoint()
  for (let row = 0; row < at.length; row++) {
    clearPoint(point, at[row]!)
    method.judge(history, at[row]!, point)
    record(detection, row, point)
    detection.dispersion[row] = point.dispersion
    detection.trend[row] = point.trend ? 1 : 0
  }
  return detection
}

const populationOf = (options: FarringtonOptions) => (options.populationOffset ? options.population : undefined)

/**
 * Flexible Farrington over a series (see {@link Flexible}); equals R's `farringtonFlexible` to 1e-6.
 * @throws {DetectionError} for bad input; points that cannot be tested are results with `untested`.
 */
export function farringtonFlexible(counts: Counts, options: FlexibleOptions = {}): FarringtonDetection {
  const settings = settingsOf(options)
  const history = historyOf(counts, settings.missing, options.dates, populationOf(options))
  const at = checkRange(options.range, settings.freq * settings.b + settings.w, counts.length)
  return overSeries(history, at, new Flexible(settings, counts.length))
}

/**
 * Farrington 1996 over a series (see {@link Classic}); equals R's `farrington` to 1e-6.
 * @throws {DetectionError} for bad input; points that cannot be tested are results with `untested`.
 */
export function farrington(counts: Counts, options: FarringtonOptions = {}): FarringtonDetection {
  const settings = settingsOf(options)
  const history = historyOf(counts, settings.missing, options.dates, populationOf(options))
  const at = checkRange(options.range, settings.freq * settings.b - settings.w - 1, counts.length)
  return overSeries(history, at, new Classic(settings))
}

/** Counts that a verdict can depend on: b years, a window, and the weeks of limit54. */
function windowSize({ b, w, freq, dated, limit54 }: Settings): number {
  const years = dated ? Math.ceil((b * 366 * freq) / 365) + 2 : b * freq
  return Math.max(years + w + 2, limit54[1] + 1)
}

function online(settings: Settings, state: FarringtonState | undefined, method: (capacity: number) => Judge) {
  const history = new History(windowSize(settings), settings)
  const judge = method(history.counts.length)
  const push: FarringtonOnline['push'] = (count, date, population) => {
    const checked = settings.populationOffset ? checkPopulation([population ?? Number.NaN], 1)[0]! : 1
    const k = history.push(count, date)
    if (history.population) history.population[k] = checked
    const point = newFarringtonPoint()
    point.index = history.seen - 1
    judge.judge(history, k, point)
    return point
  }
  if (state) {
    history.restore(state)
    if (Boolean(history.population) !== Array.isArray(state.population)) {
      throw new DetectionError('state', 'the state lacks its population')
    }
    history.population?.set(state.population ?? [])
  }
  const save = (): FarringtonState => {
    const window = history.state()
    const from = history.length - window.counts.length
    return {
      ...window,
      ...(history.population && { population: [...history.population.subarray(from, history.length)] }),
    }
  }
  return { push, state: save } satisfies FarringtonOnline
}

/** Options of the online forms: no range or series, only whether dates and populations come with the counts. */
export type OnlineFlexibleOptions = Omit<FlexibleOptions, 'range' | 'dates' | 'population'> & {
  /** Every count comes with its date; reference points are found by date. */
  readonly dated?: boolean
}

const onlineSettings = ({ dated = false, ...options }: OnlineFlexibleOptions): Settings => ({
  ...settingsOf({ ...options, ...(options.populationOffset && { population: [] }), ...(dated && { dates: [] }) }),
})

/** {@link farringtonFlexible}, one count at a time; keeps b years. */
export function farringtonFlexibleOnline(
  options: OnlineFlexibleOptions = {},
  state?: FarringtonState,
): FarringtonOnline {
  const settings = onlineSettings(options)
  return online(settings, state, (capacity) => new Flexible(settings, capacity))
}

/** {@link farrington}, one count at a time; keeps b years. */
export function farringtonOnline(options: OnlineFlexibleOptions = {}, state?: FarringtonState): FarringtonOnline {
  const settings = onlineSettings(options)
  return online(settings, state, () => new Classic(settings))
}
