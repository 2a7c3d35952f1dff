import { addDays, weekday } from '@vigil/codes'
import { watchedClasses } from '@vigil/contract'
import { effectsFrom } from './calendar.ts'
import { Demand } from './engine.demand.ts'
import type { EngineResult, EngineRule, EngineSetup, EngineTask } from './engine.types.ts'
import { gradeOf } from './grade.domain.ts'
import { codeOf, columns, untestedCode } from './pack.domain.ts'
import { allowedStrength } from './threshold.ts'
import { createWatch, type Verdict, type Watch } from './watch.ts'

interface Series {
  readonly rule: number
  readonly unit: number
  readonly class: number
  /** False alerts per week that this series may raise. */
  readonly perWeek: number
  watch: Watch | undefined
  /** First day that the detector was given; -1 before the first sale. */
  start: number
  /** Last day that the detector has learned. */
  through: number
  /** Strengths of the days judged, from which the budget's threshold is taken at the start of each month. */
  strengths: number[]
  threshold: number
}

/** Days that are made ready at once, so that a year of starts without allocation. */
const ahead = 400
const wholeDay = 1

/**
 * All series of one county, in memory: what was learned up to yesterday, so that a new day costs one step per series and a
 * new sale one look at the running day. A pure function of the counts that it was given: a correction is answered by
 * learning the series it touches anew, and the same counts give the same numbers in every process.
 */
export class CountyEngine {
  readonly #setup: EngineSetup
  readonly #demand: Demand
  readonly #series: Series[]
  #effects: readonly (readonly string[])[]
  readonly #weekday: number
  #through = -1

  constructor(setup: EngineSetup) {
    this.#setup = setup
    this.#demand = new Demand(setup.units, ahead)
    this.#effects = effectsFrom(setup.first, ahead)
    this.#weekday = weekday(setup.first) - 1
    this.#series = setup.rules.flatMap((rule, at) => this.#seriesOf(rule, at))
  }

  #seriesOf({ settings, path }: EngineRule, rule: number): Series[] {
    const list = this.#setup.units.flatMap((unit, at) =>
      settings.levels.includes(unit.kind) && unit.path.startsWith(path)
        ? settings.classes.map((name) => ({ unit: at, class: watchedClasses.indexOf(name) }))
        : [],
    )
    const perWeek = settings.budget / Math.max(1, list.length)
    return list.map((one) => ({ ...one, rule, perWeek, ...fresh() }))
  }

  /** Number of series, for progress. */
  get size(): number {
    return this.#series.length
  }

  /** Takes in counts and brings every series up to date. @returns what was judged, closed days and the running one */
  run(task: EngineTask): EngineResult[] {
    const { through, share } = task
    while (this.#effects.length <= through + 1) {
      const more = effectsFrom(addDays(this.#setup.first, this.#effects.length), ahead)
      this.#effects = [...this.#effects, ...more]
    }
    const changed = this.#demand.take(task, through)
    const results: EngineResult[] = []
    for (const series of this.#series) {
      const from = changed.get(series.unit) ?? Number.POSITIVE_INFINITY
      if (from <= series.through) Object.assign(series, fresh())
      const behind = series.through < through
      const touched = from <= through + 1 || (task.everything ?? false)
      if (!behind && !touched) continue
      const since = Math.max(0, Math.min(from, this.#through + 1))
      const result = this.#advance(series, Math.min(since, through + 1), through, share)
      if (result) results.push(result)
    }
    this.#through = through
    return results
  }

  /** The county's own sums from a day up to the running one, class by class. */
  totals(from: number): Float32Array {
    const county = this.#setup.units.findIndex(({ kind }) => kind === 'county')
    const days = Math.max(0, this.#through + 2 - from)
    const sums = new Float32Array(watchedClasses.length * days)
    for (let at = 0; at < sums.length; at++)
      sums[at] = this.#demand.count(county, Math.floor(at / days), from + (at % days))
    return sums
  }

  #advance(series: Series, since: number, through: number, share: number): EngineResult | undefined {
    const { settings, since: learnFrom } = this.#setup.rules[series.rule]!
    const { unit } = series
    if (series.start < 0) {
      const first = this.#demand.firstDay(unit)
      if (first < 0 || first > through + 1) return undefined
      series.start = Math.max(first, Math.min(learnFrom, through + 1))
      series.through = series.start - 1
    }
    series.watch ??= createWatch(settings, (this.#weekday + series.start) % 7)
    const from = Math.max(since, series.start)
    const numbers = new Float32Array((through + 2 - from) * columns).fill(Number.NaN)
    for (let day = series.through + 1; day <= through; day++) {
      if (day === series.start || this.#isFirstOfMonth(day))
        series.threshold = allowedStrength(series.strengths, series.perWeek)
      const verdict = series.watch.push(this.#dayOf(series, day, wholeDay))
      series.strengths.push(verdict.untested ? Number.NaN : verdict.strength)
      if (day >= from) this.#write(numbers, (day - from) * columns, series, day, verdict)
    }
    series.through = through
    const verdict = series.watch.peek(this.#dayOf(series, through + 1, share))
    this.#write(numbers, (through + 1 - from) * columns, series, through + 1, verdict, share)
    return { rule: series.rule, unit, class: series.class, from, numbers }
  }

  #isFirstOfMonth(day: number): boolean {
    return addDays(this.#setup.first, day).endsWith('-01')
  }

  #dayOf(series: Series, day: number, share: number) {
    const { settings } = this.#setup.rules[series.rule]!
    const present = this.#demand.completeness(series.unit, day)
    const count = present < settings.minCompleteness ? Number.NaN : this.#demand.count(series.unit, series.class, day)
    const completeness = Math.max(0.001, Math.min(1, (present > 0 ? present : 1) * share))
    return { count, completeness, doubt: this.#demand.doubt(series.unit, day), effects: this.#effects[day]! }
  }

  /** @param share of the running day; undefined for a day that is over */
  #write(numbers: Float32Array, at: number, series: Series, day: number, verdict: Verdict, share?: number): void {
    const { settings } = this.#setup.rules[series.rule]!
    const observed = this.#demand.count(series.unit, series.class, day)
    const { expected, lower, upper, strength, p, untested } = verdict
    const old = day - this.#demand.firstDay(series.unit) >= (settings.maxAgeDays ?? Number.POSITIVE_INFINITY)
    const grade = untested || old ? 0 : gradeOf({ strength, observed, expected }, settings, series.threshold)
    numbers[at] = observed
    numbers[at + 1] = expected
    numbers[at + 2] = lower
    numbers[at + 3] = Number.isFinite(upper) ? upper : Number.NaN
    numbers[at + 4] = untested ? Number.NaN : strength
    numbers[at + 5] = untested ? Number.NaN : p
    numbers[at + 6] = this.#demand.completeness(series.unit, day) * (share ?? wholeDay)
    numbers[at + 7] = codeOf(
      grade,
      untested || (Number.isNaN(expected) ? untestedCode('too-short') : 0),
      share !== undefined,
    )
  }
}

const fresh = () => ({
  watch: undefined as Watch | undefined,
  start: -1,
  through: -1,
  strengths: [] as number[],
  threshold: 0,
})
