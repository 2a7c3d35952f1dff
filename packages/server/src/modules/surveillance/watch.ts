import type { RuleSettings } from '@vigil/contract'
import {
  cusum,
  type DailyDay,
  DailyDetector,
  type DailyNotTested,
  type DailyOptions,
  ears,
  farringtonFlexible,
  normalQuantile,
  type Point,
  pointAt,
} from '@vigil/detection'
import { untestedCode } from './pack.domain.ts'
import { cusumBaseline, cusumRun, parameterOf } from './rule.domain.ts'

/** A day of a series: NaN where the store is silent or too few stores of an area have reported. */
export interface WatchDay {
  readonly count: number
  /** Share of the usual demand whose reports are in, above 0. */
  readonly completeness: number
  /** Relative standard error of `completeness`; the daily detector widens its band by it. */
  readonly doubt?: number
  readonly effects: readonly string[]
}

/** What a detector says; numbers are NaN where there are none. `untested`: see `untestedCode`. */
export interface Verdict {
  readonly expected: number
  readonly lower: number
  readonly upper: number
  /** In standard deviations, comparable between detectors. */
  readonly strength: number
  readonly p: number
  readonly untested: number
}

/** A detector of one series that is given one day after the other. */
export interface Watch {
  /** Judges the next day, then learns from it. */
  push(day: WatchDay): Verdict
  /** Judges the running day by what has come so far; nothing is learned. */
  peek(day: WatchDay): Verdict
}

/** Share of a day that must be over before it is judged. */
const leastShare = 0.2
/** Beyond this a strength says no more, and fits a short number. */
const strongest = 30

const dailyReasons: Readonly<Record<DailyNotTested, number>> = {
  'warm-up': untestedCode('too-short'),
  missing: untestedCode('missing'),
  incomplete: untestedCode('too-early'),
  closed: untestedCode('closed'),
}
const bounded = (strength: number): number => Math.max(-strongest, Math.min(strongest, strength))

class DailyWatch implements Watch {
  readonly #options: DailyOptions
  readonly #detector: DailyDetector

  constructor(settings: RuleSettings, firstWeekday: number) {
    const { windows } = settings.parameters
    this.#options = {
      firstWeekday,
      falseAlarmRate: parameterOf(settings, 'falseAlarmRate'),
      warmUp: parameterOf(settings, 'warmUp'),
      minCompleteness: 0.001,
      missing: 'skip',
      ...(windows && { windows }),
    }
    this.#detector = new DailyDetector(this.#options)
  }

  push(day: WatchDay): Verdict {
    return verdictOf(this.#detector.observe(dailyDay(day)))
  }

  peek(day: WatchDay): Verdict {
    const options = { ...this.#options, minCompleteness: leastShare }
    return verdictOf(new DailyDetector(options, this.#detector.state()).observe(dailyDay(day)))
  }
}

const dailyDay = ({ count, completeness, doubt = 0, effects }: WatchDay): DailyDay => ({
  count,
  completeness,
  completenessError: doubt,
  effects,
})

function verdictOf(result: ReturnType<DailyDetector['observe']>): Verdict {
  const { expected, lower, upper, score, p, notTested } = result
  const untested = notTested ? dailyReasons[notTested] : 0
  return { expected, lower, upper, strength: bounded(score), p, untested }
}

/** How a method judges the last of some days, all of them at full completeness and none missing. */
type Judge = (days: Float64Array) => Point | undefined

const last = (days: Float64Array) => [days.length - 1]

function earsJudge(settings: RuleSettings): Judge {
  const baseline = parameterOf(settings, 'baseline')
  const alpha = parameterOf(settings, 'alpha')
  return (days) => {
    if (days.length < baseline + 3) return undefined
    return pointAt(
      ears(days.slice(-baseline - 3), { method: 'C2', baseline, alpha, minSigma: 0.5, range: [baseline + 2] }),
      0,
    )
  }
}

/** Sums over seven days that end on the last day, by the weeks before it. */
function weeksTo(days: Float64Array): Float64Array {
  const weeks = new Float64Array(Math.floor(days.length / 7))
  const from = days.length - weeks.length * 7
  for (let i = 0; i < weeks.length * 7; i++) weeks[Math.floor(i / 7)]! += days[from + i]!
  return weeks
}

function farringtonJudge(settings: RuleSettings): Judge {
  const b = parameterOf(settings, 'years')
  const w = parameterOf(settings, 'halfWindow')
  const alpha = parameterOf(settings, 'alpha')
  return (days) => {
    const weeks = weeksTo(days)
    if (weeks.length <= b * 52 + w) return undefined
    const range = last(weeks)
    const method = { thresholdMethod: 'nbPlugin', pThresholdTrend: 1, pastWeeksNotIncluded: Math.max(w, 4) } as const
    const point = pointAt(farringtonFlexible(weeks, { b, w, alpha, range, ...method }), 0)
    // The band of the day is what the band of the week leaves for it.
    const before = weeks.at(-1)! - days.at(-1)!
    const expected = point.expected / 7
    return { ...point, expected, upper: Math.max(expected, point.upper - before) }
  }
}

function cusumJudge(settings: RuleSettings): Judge {
  const k = parameterOf(settings, 'k')
  const h = parameterOf(settings, 'h')
  return (days) => {
    if (days.length <= cusumBaseline + cusumRun) return undefined
    const part = days.slice(-cusumBaseline - cusumRun)
    const m = part.subarray(0, cusumBaseline).reduce((sum, value) => sum + value, 0) / cusumBaseline
    const range = Array.from({ length: cusumRun }, (_, i) => cusumBaseline + i)
    const point = pointAt(cusum(part, { k, h, m: Math.max(m, 0.1), range }), cusumRun - 1)
    // A sum at its limit is what three standard deviations are to the others.
    return { ...point, score: (3 * point.score) / h }
  }
}

/** Methods that look at a bounded past: days that are missing are left out of it. */
class WindowWatch implements Watch {
  readonly #judge: Judge
  readonly #reach: number
  #days: Float64Array = new Float64Array(0)

  constructor(judge: Judge, reach: number) {
    this.#judge = judge
    this.#reach = reach
  }

  #with(day: WatchDay): Float64Array {
    const kept = this.#days.length < this.#reach ? this.#days : this.#days.subarray(this.#days.length - this.#reach + 1)
    const days = new Float64Array(kept.length + 1)
    days.set(kept)
    days[kept.length] = day.count / day.completeness
    return days
  }

  push(day: WatchDay): Verdict {
    if (Number.isNaN(day.count)) return none('missing')
    const days = this.#with(day)
    this.#days = days
    return this.#verdict(days, day)
  }

  peek(day: WatchDay): Verdict {
    if (Number.isNaN(day.count)) return none('missing')
    return day.completeness < leastShare ? none('too-early') : this.#verdict(this.#with(day), day)
  }

  #verdict(days: Float64Array, { completeness }: WatchDay): Verdict {
    const point = this.#judge(days)
    if (!point) return none('too-short')
    const { expected, upper, score, p, untested } = point
    if (untested || !Number.isFinite(upper)) return none('no-fit')
    const strength = bounded(Number.isNaN(p) ? score : -normalQuantile(Math.max(p, 1e-200)))
    const scale = (value: number) => value * completeness
    return { expected: scale(expected), lower: Number.NaN, upper: scale(upper), strength, p, untested: 0 }
  }
}

const none = (reason: 'missing' | 'too-early' | 'too-short' | 'no-fit'): Verdict => ({
  expected: Number.NaN,
  lower: Number.NaN,
  upper: Number.NaN,
  strength: Number.NaN,
  p: Number.NaN,
  untested: untestedCode(reason),
})

/** A detector for a series as a rule has it. @param firstWeekday weekday of its first day, 0 = Monday */
export function createWatch(settings: RuleSettings, firstWeekday: number): Watch {
  if (settings.detector === 'ears-c2') return new WindowWatch(earsJudge(settings), 120)
  if (settings.detector === 'cusum') return new WindowWatch(cusumJudge(settings), cusumBaseline + cusumRun + 1)
  if (settings.detector === 'farrington-flexible') return new WindowWatch(farringtonJudge(settings), 2200)
  return new DailyWatch(settings, firstWeekday)
}
