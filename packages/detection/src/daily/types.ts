import type { MissingOption } from '../series/check.ts'

export type DailyOptions = MissingOption & {
  /** Weekday of the first day, 0 = Monday … 6 = Sunday; 0 unless told. Only the rhythm of seven matters. */
  firstWeekday?: number
  /** Share of ordinary days that may alarm, in (0, 0.2]; 0.02 unless told. The threshold is learned from it. */
  falseAlarmRate?: number
  /** Runs of open days whose sums are tested; 1, 2 and 3 unless told. */
  windows?: readonly number[]
  /** Days of data before the first test; 56 unless told. */
  warmUp?: number
  /** Length of the year in days, 365.25 unless told (the design of Noufaily 2019 has 364). */
  yearLength?: number
  /** A day of which less than this share is reported is not tested; 0.5 unless told. */
  minCompleteness?: number
}

/** One new day. A count of NaN is a day without data, with `missing: 'skip'` only. */
export type DailyDay = {
  count: number
  /** Names of what is special on the day: a holiday, a make-up working day, a promotion. Their effects are learned. */
  effects?: readonly string[]
  /** What the count is in proportion to, e.g. stores open or all sales; above 0. */
  denominator?: number
  /** Share of the day's reports that has arrived, in (0, 1]; from a nowcast. */
  completeness?: number
  /** Relative standard error of `completeness`, 0 or more: how far the share itself is known; from a nowcast. */
  completenessError?: number
}

export type DailyNotTested = 'warm-up' | 'missing' | 'incomplete' | 'closed'

export type DailyResult = {
  /** Count expected for the day, and the range outside which it is unusual; the alarm starts above `upper`. */
  expected: number
  lower: number
  upper: number
  /** Standard normal score of the most unusual run of days that ends today. */
  score: number
  /** Chance of such a score in an ordinary run, Bonferroni over the runs tested. */
  p: number
  alarm: boolean
  /** The score from which on the day alarms: learned from the series' own past. */
  threshold: number
  /** Why the day was not tested; its score and p are NaN then. */
  notTested?: DailyNotTested
}

export type Settings = Required<Omit<DailyOptions, 'windows'>> & { windows: number[] }
