import Type, { type Static } from 'typebox'
import { AreaCode, Choice, Count, DayText, Instant, Nullable, object, text, Uuid } from './kernel.ts'
import { studyStates, unitLevels, watchedClasses } from './surveillance.terms.ts'

const Measure = object({
  /** Size of the injected outbreak in standard deviations of the series; 0: all together. */
  size: Type.Number(),
  outbreaks: Count,
  /** Share of outbreaks found while they lasted; null without outbreaks. */
  pod: Nullable(Type.Number()),
  podError: Nullable(Type.Number()),
  /** Mean days from the start to the first grade, over those found. */
  delay: Nullable(Type.Number()),
})

export const BacktestResult = object({
  seed: Count,
  from: DayText,
  to: DayText,
  series: Count,
  days: Count,
  /** Share of judged days without outbreak that had a grade, and how many that is per county and week. */
  fpr: Nullable(Type.Number()),
  fprError: Nullable(Type.Number()),
  falsePerCountyWeek: Nullable(Type.Number()),
  sizes: Type.Array(Measure, { maxItems: 10 }),
  levels: Type.Array(
    object({
      level: Choice(unitLevels),
      series: Count,
      fpr: Nullable(Type.Number()),
      pod: Nullable(Type.Number()),
      delay: Nullable(Type.Number()),
    }),
    { maxItems: 3 },
  ),
  /** Share of outbreaks of every size found by the n-th day, n from 0. */
  byDay: Type.Array(object({ size: Type.Number(), found: Type.Array(Type.Number(), { maxItems: 30 }) }), {
    maxItems: 10,
  }),
})
export type BacktestResult = Static<typeof BacktestResult>

const study = {
  id: Uuid,
  state: Choice(studyStates),
  /** Steps done, of how many. */
  done: Count,
  total: Count,
  error: Nullable(text(300)),
  createdAt: Instant,
  createdBy: text(60),
  finishedAt: Nullable(Instant),
}

export const Backtest = object({ ...study, ruleId: Uuid, version: Count, result: Nullable(BacktestResult) })
export type Backtest = Static<typeof Backtest>

export const ScanCluster = object({
  rank: Count,
  centre: object({ code: text(24), name: text(120), lon: Type.Number(), lat: Type.Number() }),
  radiusKm: Type.Number(),
  from: DayText,
  to: DayText,
  observed: Count,
  expected: Type.Number(),
  /** Monte Carlo p-value. */
  p: Type.Number(),
  stores: Type.Array(object({ code: text(24), name: text(120), areaName: text(100), observed: Count })),
})
export type ScanCluster = Static<typeof ScanCluster>

export const Scan = object({
  ...study,
  areaCode: AreaCode,
  areaName: text(100),
  day: DayText,
  class: Choice(watchedClasses),
  nightly: Type.Boolean(),
  clusters: Nullable(Type.Array(ScanCluster, { maxItems: 50 })),
})
export type Scan = Static<typeof Scan>
