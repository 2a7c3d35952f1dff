import { normalSf } from '../distribution/index.ts'
import { DetectionError } from '../error.ts'
import { activeEffects, type EffectsState, effectFactor, updateEffects } from './effect.ts'
import { forecastLevel, type LevelState, newLevel, newMeans, updateLevel } from './level.ts'
import { checkDay, readOptions } from './options.ts'
import { newSeason, type SeasonState, seasonFactor, seasonScale, seasonSize, updateSeason } from './season.ts'
import { countQuantile, normalScore, upperTail } from './tail.ts'
import { newThreshold, scoreThreshold, type ThresholdState, updateThreshold } from './threshold.ts'
import type { DailyDay, DailyNotTested, DailyOptions, DailyResult, Settings } from './types.ts'

const WEEKDAY_MEMORY = 52
const DISPERSION_MEMORY = 365
/** Days of data from which weekdays are learned, and from which misses count and experts are judged. */
const WEEKDAYS_FROM = 7
const JUDGE_FROM = 14
/** Counts beyond this many sd teach the model no more than that: past outbreaks weigh little. */
const WINSOR = 2.5
const MAX_SQUARE = 9
/** The same for how far forecasts missed at a time of the year. */
const MAX_MISS = 25
/** A special day may raise what is known of its effect by this factor at most. */
const MAX_EFFECT_STEP = 4
/** A weekday with less than this share of an average day is one on which the service is closed. */
const CLOSED = 0.02
/** Mean from which on a day tells as much as any other about dispersion. */
const FULL_MEAN = 0.05

type WindowDay = { count: number; mean: number; chance: number; level: number }

/** All that a detector has learned: plain numbers and strings, safe for JSON. */
export type DailyState = {
  version: 2
  days: number
  /** Days with data. */
  seen: number
  unit: number
  level: LevelState
  weekday: { count: number[]; expected: number[] }
  effects: EffectsState
  dispersion: { sum: number; weight: number }
  season: SeasonState
  threshold: ThresholdState
  recent: WindowDay[]
}

const newState = (): DailyState => ({
  version: 2,
  days: 0,
  seen: 0,
  unit: 0,
  level: newLevel(),
  weekday: { count: new Array<number>(7).fill(1), expected: new Array<number>(7).fill(1) },
  effects: { known: {}, pending: null },
  dispersion: { sum: 28, weight: 14 },
  season: newSeason(),
  threshold: newThreshold(),
  recent: [],
})

/** A copy by hand: `structuredClone` takes longer than a year of days. */
function copyState(state: DailyState): DailyState {
  const { level, weekday, effects, season, threshold } = state
  const known = Object.entries(effects.known).map(([name, effect]) => [name, { ...effect }])
  return {
    ...state,
    level: { count: [...level.count], exposure: [...level.exposure], weight: [...level.weight] },
    weekday: { count: [...weekday.count], expected: [...weekday.expected] },
    effects: { known: Object.fromEntries(known), pending: effects.pending },
    dispersion: { ...state.dispersion },
    season: { count: [...season.count], exposure: [...season.exposure], square: [...season.square] },
    threshold: { bins: [...threshold.bins], total: threshold.total },
    recent: state.recent.map((day) => ({ ...day })),
  }
}

/**
 * Detector of unusual daily counts, one day at a time. A log-linear model is carried along in O(1): weekday, named special
 * days and the first open day after them, season of past years, level and trend (a panel of discounted Gamma–Poisson means
 * mixed by how well each foresaw the series), overdispersion, and how far forecasts missed at this time of the year.
 * Counts far out are cut before they teach (as Anscombe reweighting does in Noufaily et al. 2013). Sums over runs of open
 * days are scored by the negative binomial tail; the threshold is learned from the series' own past scores.
 */
export class DailyDetector {
  readonly #settings: Settings
  readonly #state: DailyState
  readonly #means = newMeans()
  readonly #size: number

  /** `state` continues where another detector with the same options stopped. Throws DetectionError for bad options. */
  constructor(options: DailyOptions = {}, state?: DailyState) {
    this.#settings = readOptions(options)
    if (state !== undefined && state.version !== 2) throw new DetectionError('state', 'state of another version')
    this.#state = state ? copyState(state) : newState()
    this.#size = seasonSize(this.#settings.yearLength)
  }

  /** A copy of what the detector has learned. */
  state(): DailyState {
    return copyState(this.#state)
  }

  /** Judges the next day, then learns from it. Throws DetectionError with the day's index for bad input. */
  observe(day: DailyDay): DailyResult {
    const state = this.#state
    const t = state.days
    checkDay(day, t, this.#settings.missing)
    const missing = Number.isNaN(day.count)
    const completeness = missing ? 1 : (day.completeness ?? 1)
    // Without a count there may be no denominator: the expected count is then that of the first day's.
    const denominator = missing && !((day.denominator ?? 1) > 0) ? state.unit || 1 : (day.denominator ?? 1)
    if (!missing && !(state.unit > 0)) state.unit = denominator
    const weekday = (t + this.#settings.firstWeekday) % 7
    const share = weekdayShare(state, weekday)
    const open = share > CLOSED || day.count > 0
    const active = activeEffects(state.effects, day.effects ?? [], open)
    const effect = effectFactor(state.effects, active)
    const season = seasonFactor(state.season, t, this.#settings.yearLength)
    const exposure = (share * effect.factor * completeness * denominator) / (state.unit || 1)
    const phi = Math.max(1, state.dispersion.sum / state.dispersion.weight)
    const forecast = forecastLevel(state.level, exposure, season, phi, this.#means)
    const mean = Math.max(1e-6, forecast.mean)
    const chance =
      phi * mean + effect.variance * mean * mean + (phi * mean * mean) / (state.weekday.count[weekday]! * phi + 1)
    const scale = seasonScale(state.season, t, this.#settings.yearLength)
    // Delta method: the mean is proportional to the share, so its variance grows by the share's relative variance. It goes
    // with the level's, for days that end together are judged by shares of one nowcast, wrong in one direction.
    const doubt = missing ? 0 : (day.completenessError ?? 0)
    const level = forecast.variance + (doubt * mean) ** 2
    const today: WindowDay = { count: day.count, mean, chance, level }
    const reason: DailyNotTested | undefined = missing
      ? 'missing'
      : completeness < this.#settings.minCompleteness
        ? 'incomplete'
        : !open
          ? 'closed'
          : state.seen < this.#settings.warmUp
            ? 'warm-up'
            : undefined
    if (open && !missing) state.recent = [...state.recent, today].slice(-Math.max(...this.#settings.windows))
    const result = this.#judge(today, scale, reason)
    if (missing) updateSeason(state.season, this.#size, t, 0, 0, 1)
    else this.#learn(today, { t, weekday, share, open, active, effect, season, exposure, phi, scale }, result)
    state.days++
    return result
  }

  #judge(today: WindowDay, scale: number, reason: DailyNotTested | undefined): DailyResult {
    const state = this.#state
    const threshold = scoreThreshold(state.threshold, this.#settings.falseAlarmRate)
    const alpha = normalSf(threshold)
    let tail = 1
    let upper = Number.POSITIVE_INFINITY
    let tested = 0
    // A day that is not tested gets the range of a single day.
    for (const length of reason ? [1] : this.#settings.windows) {
      const days = reason ? [today] : state.recent.slice(-length)
      if (days.length < length) continue
      let [count, mean, chance, level] = [0, 0, 0, 0]
      for (const day of days) {
        count += day.count
        mean += day.mean
        chance += day.chance
        level += Math.sqrt(day.level)
      }
      const variance = (chance + level * level) * scale
      tested++
      if (!reason) tail = Math.min(tail, upperTail(count, mean, variance))
      upper = Math.min(upper, countQuantile(1 - alpha, threshold, mean, variance) - (count - today.count || 0))
    }
    upper = Math.max(upper, Math.floor(today.mean))
    const result: DailyResult = {
      expected: today.mean,
      lower: countQuantile(alpha, -threshold, today.mean, (today.chance + today.level) * scale),
      upper,
      score: reason ? Number.NaN : normalScore(tail),
      p: reason ? Number.NaN : Math.min(1, tail * tested),
      alarm: !reason && today.count > upper,
      threshold,
    }
    if (reason) result.notTested = reason
    return result
  }

  #learn(today: WindowDay, known: Known, result: DailyResult): void {
    const state = this.#state
    const { mean, chance, level, count } = today
    const variance = chance + level
    const sd = Math.sqrt(variance)
    // The first days have nothing to be judged by: they are taken as they are and set the level.
    const early = state.seen < JUDGE_FROM
    const cut = early ? count : Math.max(mean - WINSOR * sd - 0.5, Math.min(count, mean + WINSOR * sd + 0.5))
    const square = Math.min((count - mean) ** 2, MAX_SQUARE * variance)
    if (!result.notTested) updateThreshold(state.threshold, result.score)
    if (!early && known.open && known.active.length === 0) {
      const weight = Math.min(1, mean / FULL_MEAN)
      const own = Math.min(square / known.scale, MAX_SQUARE * chance) * (chance / variance)
      const keep = 1 - 1 / DISPERSION_MEMORY
      state.dispersion.sum = state.dispersion.sum * keep + (own / mean) * weight
      state.dispersion.weight = state.dispersion.weight * keep + weight
    }
    if (known.active.length > 0 && !early) {
      const excess = Math.min(4, ((count - mean) / mean) ** 2) - known.phi / (mean + 0.01) - level / (mean * mean)
      // The level's cut would keep a strong effect from being learned for years.
      updateEffects(state.effects, known.active, Math.min(count / mean, MAX_EFFECT_STEP), excess)
    } else if (known.active.length === 0 && state.seen >= WEEKDAYS_FROM) {
      const { weekday } = state
      // In weeks of an epidemic the week has another shape: such days teach less.
      const keep = 1 - 1 / WEEKDAY_MEMORY
      weekday.count[known.weekday] = weekday.count[known.weekday]! * keep + cut / known.scale
      weekday.expected[known.weekday] = weekday.expected[known.weekday]! * keep + mean / known.share / known.scale
    }
    updateLevel(
      state.level,
      {
        count: cut,
        exposure: known.exposure,
        season: known.season,
        phi: known.phi,
        judge: known.open && !early,
      },
      this.#means,
    )
    const miss = Math.min((count - mean) ** 2 / variance, MAX_MISS)
    updateSeason(state.season, this.#size, known.t, cut, known.exposure, known.open && !early ? miss : 1)
    state.seen++
  }
}

type Known = {
  t: number
  weekday: number
  share: number
  open: boolean
  active: readonly string[]
  effect: { factor: number; variance: number }
  season: number
  exposure: number
  phi: number
  scale: number
}

function weekdayShare(state: DailyState, weekday: number): number {
  let total = 0
  for (let i = 0; i < 7; i++) total += state.weekday.count[i]! / state.weekday.expected[i]!
  return Math.max(1e-4, (7 * state.weekday.count[weekday]!) / state.weekday.expected[weekday]! / total)
}
