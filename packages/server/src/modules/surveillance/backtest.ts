import { addDays, weekday } from '@vigil/codes'
import { type UnitLevel, unitLevels, watchedClasses } from '@vigil/contract'
import { createRandom, type Random } from '@vigil/detection'
import { effectsFrom } from './calendar.ts'
import { Demand } from './engine.demand.ts'
import type { EngineCounts, EngineSetup } from './engine.types.ts'
import { gradeOf } from './grade.domain.ts'
import { allowedStrength } from './threshold.ts'
import { createWatch } from './watch.ts'

/** Sizes of the injected outbreaks: as many standard deviations of the series on seven days, as Noufaily et al. 2019 (Bioinformatics 35:3110) have them. */
export const outbreakSizes = [2, 3, 5, 10] as const
/** Series of each county that are tried, by level, and outbreaks of each size in each. */
const seriesPerLevel = 10
const outbreaksPerSize = 2
/** Days after its start within which an outbreak is to be found. */
export const longestDelay = 14
/** Part of the outbreak's spread that a day is: cases come at lognormal times, as the authors have it for daily counts. */
const dayLength = 0.25
const daysOfWeek = 7
/** Judged days that a series must have. */
const leastDays = 21

/** One step of a back-test: a county with its own history, under one rule version. */
export interface BacktestBatch {
  readonly setup: EngineSetup
  readonly counts: readonly EngineCounts[]
  readonly through: number
  readonly seed: number
}

export interface SizeTally {
  readonly size: number
  outbreaks: number
  found: number
  delays: number
  /** Outbreaks first found on the n-th day. */
  readonly byDay: number[]
}

/** What a step has counted, by level; sums of steps are sums of these. */
export interface LevelTally {
  readonly level: UnitLevel
  series: number
  /** Judged days without an injected outbreak, how many had a grade, and on how many a row of them began. */
  days: number
  graded: number
  onsets: number
  /** Onsets per week that all series of the level in this county would have, and counties that were counted. */
  perCountyWeek: number
  counties: number
  readonly sizes: SizeTally[]
}

export const newTally = (level: UnitLevel): LevelTally => ({
  ...{ level, series: 0, days: 0, graded: 0, onsets: 0, perCountyWeek: 0, counties: 0 },
  sizes: outbreakSizes.map((size) => ({ size, outbreaks: 0, found: 0, delays: 0, byDay: [] })),
})

interface Tried {
  readonly demand: Demand
  readonly batch: BacktestBatch
  readonly effects: readonly (readonly string[])[]
  readonly perWeek: number
}

interface Run {
  /** Per day from the start: -1 not judged, else the grade. */
  readonly grades: Int8Array
  readonly start: number
  /** Expected count of each day. */
  readonly expected: Float64Array
}

/** Runs the rule over one series, with cases added from a day on. */
function runSeries({ demand, batch, effects, perWeek }: Tried, unit: number, at: number, added?: Added): Run {
  const { setup, through } = batch
  const { settings, since } = setup.rules[0]!
  const start = Math.max(demand.firstDay(unit), since)
  const watch = createWatch(settings, (weekday(addDays(setup.first, start)) - 1) % 7)
  const grades = new Int8Array(through - start + 1).fill(-1)
  const expected = new Float64Array(grades.length)
  const strengths: number[] = []
  let threshold = 0
  for (let day = start; day <= through; day++) {
    if (day === start || addDays(setup.first, day).endsWith('-01')) threshold = allowedStrength(strengths, perWeek)
    const present = demand.completeness(unit, day)
    const observed = demand.count(unit, at, day) + (added?.cases[day - added.start] ?? 0)
    const count = present < settings.minCompleteness ? Number.NaN : observed
    const verdict = watch.push({ count, completeness: present > 0 ? present : 1, effects: effects[day]! })
    expected[day - start] = verdict.expected
    strengths.push(verdict.untested ? Number.NaN : verdict.strength)
    if (verdict.untested) continue
    grades[day - start] = gradeOf(
      { strength: verdict.strength, observed, expected: verdict.expected },
      settings,
      threshold,
    )
  }
  return { grades, start, expected }
}

interface Added {
  readonly start: number
  readonly cases: readonly number[]
}

/** Cases of an outbreak by day: at least two, at lognormal times after its start. */
function spread(random: Random, mean: number): number[] {
  let size = 0
  for (let attempt = 0; size < 2 && attempt < 100; attempt++) size = random.poisson(mean)
  const cases: number[] = []
  for (let i = 0; i < Math.max(2, size); i++) {
    const day = Math.ceil(Math.exp(0.5 * random.normal()) / dayLength) - 1
    cases[day] = (cases[day] ?? 0) + 1
  }
  return Array.from(cases, (count) => count ?? 0)
}

/** Standard deviation of the counts around their expectation over the judged days. */
function spreadOf(tried: Tried, unit: number, at: number, run: Run): number {
  let squares = 0
  let days = 0
  run.grades.forEach((grade, i) => {
    if (grade < 0 || Number.isNaN(run.expected[i]!)) return
    squares += (tried.demand.count(unit, at, run.start + i) - run.expected[i]!) ** 2
    days++
  })
  return Math.sqrt(Math.max(squares / Math.max(1, days), 0.25))
}

function countQuiet(tally: LevelTally, run: Run): { days: number; onsets: number } {
  let days = 0
  let onsets = 0
  let before = false
  for (const grade of run.grades) {
    if (grade < 0) continue
    days++
    if (grade > 0) tally.graded++
    if (grade > 0 && !before) onsets++
    before = grade > 0
  }
  tally.days += days
  tally.onsets += onsets
  return { days, onsets }
}

function tryOutbreak(tried: Tried, unit: number, at: number, base: Run, sd: number, random: Random, size: SizeTally) {
  const judged = [...base.grades.keys()].filter((i) => base.grades[i]! >= 0)
  const latest = base.grades.length - 1 - Math.round(longestDelay / 2)
  const starts = judged.filter((i) => i <= latest)
  if (starts.length === 0) return
  const start = base.start + starts[random.below(starts.length)]!
  const cases = spread(random, size.size * daysOfWeek * sd)
  const { grades } = runSeries(tried, unit, at, { start, cases })
  const end = Math.min(cases.length - 1, longestDelay - 1)
  size.outbreaks++
  for (let delay = 0; delay <= end; delay++) {
    const place = start + delay - base.start
    // A day that had a grade without the outbreak finds nothing.
    if (!(grades[place]! > 0) || base.grades[place]! > 0) continue
    size.found++
    size.delays += delay
    size.byDay[delay] = (size.byDay[delay] ?? 0) + 1
    return
  }
}

/** Tries a rule version on the history of one county: as it is for false alerts, and with outbreaks added for the found ones. */
export function backtestBatch(batch: BacktestBatch): LevelTally[] {
  const { setup, counts, through, seed } = batch
  const { settings, path } = setup.rules[0]!
  const demand = new Demand(setup.units, through + 2)
  demand.take({ counts }, through)
  const effects = effectsFrom(setup.first, through + 2)
  const random = createRandom(seed, Number.parseInt(setup.county, 36) % 1_000_003)
  const all = setup.units.flatMap((unit, at) =>
    settings.levels.includes(unit.kind) && unit.path.startsWith(path)
      ? settings.classes.map((name) => ({ unit: at, kind: unit.kind, class: watchedClasses.indexOf(name) }))
      : [],
  )
  const tried: Tried = { demand, batch, effects, perWeek: settings.budget / Math.max(1, all.length) }
  return unitLevels.flatMap((level) => {
    const own = all.filter(({ kind }) => kind === level)
    if (own.length === 0) return []
    const tally = newTally(level)
    const pool = [...own]
    let [days, onsets] = [0, 0]
    while (pool.length > 0 && tally.series < seriesPerLevel) {
      const [one] = pool.splice(random.below(pool.length), 1)
      const first = demand.firstDay(one!.unit)
      if (first < 0 || first > through) continue
      const base = runSeries(tried, one!.unit, one!.class)
      if (base.grades.filter((grade) => grade >= 0).length < leastDays) continue
      tally.series++
      const quiet = countQuiet(tally, base)
      days += quiet.days
      onsets += quiet.onsets
      const sd = spreadOf(tried, one!.unit, one!.class, base)
      for (const size of tally.sizes)
        for (let i = 0; i < outbreaksPerSize; i++) tryOutbreak(tried, one!.unit, one!.class, base, sd, random, size)
    }
    if (days > 0) {
      tally.counties = 1
      tally.perCountyWeek = (onsets / days) * 7 * own.length
    }
    return [tally]
  })
}
