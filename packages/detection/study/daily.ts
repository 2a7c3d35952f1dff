import {
  bayes,
  cusum,
  DAILY_SIGNALS,
  type DailySeries,
  type Detection,
  detectDaily,
  ears,
  essenceEwma,
  essenceRegression,
  essenceSwitch,
  ewma,
  farrington,
  farringtonFlexible,
  rki,
  scoreTrials,
  simulateDaily,
  type Trial,
} from '../src/index.ts'
import type { Row } from './table.ts'

type Detector = { name: string; run(series: DailySeries): ArrayLike<number> }

// Day 0 of the design is a Monday, as 2018-01-01 was.
const FIRST_DAY = 17_532
/** The windowed detectors see no more than they need. */
const RECENT = 130

const DETECTORS: readonly Detector[] = [
  {
    name: 'Daily detector of Vigil',
    run: ({ count, holiday }) => detectDaily({ count, effects: { holiday } }, { yearLength: 364 }).alarm,
  },
  { name: 'EARS C1, 7 days', run: (series) => recent(series, (count) => ears(count, { method: 'C1' })) },
  { name: 'EARS C2, 7 days', run: (series) => recent(series, (count) => ears(count, { method: 'C2' })) },
  { name: 'EARS C3, 7 days', run: (series) => recent(series, (count) => ears(count, { method: 'C3' })) },
  { name: 'EARS C2, 28 days', run: (series) => recent(series, (count) => ears(count, { method: 'C2', baseline: 28 })) },
  {
    name: 'Same weekday, 8 weeks',
    run: (series) => byWeekday(series.count, series, (count) => ears(count, { method: 'C1', baseline: 8 })),
  },
  {
    name: 'Farrington flexible, 7-day sums',
    run: (series) =>
      onSums(series, (count, range) =>
        farringtonFlexible(count, {
          range,
          alpha: 0.005,
          noPeriods: 10,
          pastWeeksNotIncluded: 26,
          pThresholdTrend: 1,
          thresholdMethod: 'nbPlugin',
        }),
      ),
  },
  {
    name: 'Farrington 1996, 7-day sums',
    run: (series) => onSums(series, (count, range) => farrington(count, { range, alpha: 0.01 })),
  },
  { name: 'Bayes 1, 7-day sums', run: (series) => onSums(series, (count, range) => bayes(count, { range })) },
  {
    name: 'RKI 1, 7-day sums',
    run: (series) => onSums(series, (count, range) => rki(count, { range, b: 0, w: 6, actY: true })),
  },
  {
    name: 'CUSUM (Rossi)',
    run: (series) =>
      recent(series, (count) =>
        cusum(count, { range: Int32Array.from(count.keys()).subarray(RECENT), trans: 'rossi' }),
      ),
  },
  { name: 'EWMA chart', run: (series) => recent(series, (count) => ewma(count, { baseline: RECENT })) },
  { name: 'ESSENCE regression', run: (series) => recent(series, (count, dates) => essenceRegression(count, dates)) },
  { name: 'ESSENCE EWMA', run: (series) => recent(series, (count) => essenceEwma(count)) },
  { name: 'ESSENCE switch', run: (series) => recent(series, (count, dates) => essenceSwitch(count, dates)) },
]

function recent({ count, from }: DailySeries, run: (count: Float64Array, dates: Int32Array) => Detection): Uint8Array {
  const first = from - RECENT
  const part = count.subarray(first)
  return place(
    run(
      part,
      Int32Array.from(part, (_, i) => FIRST_DAY + first + i),
    ),
    count.length,
    (at) => at + first,
  )
}

function place(found: Detection, length: number, move: (at: number) => number): Uint8Array {
  const alarm = new Uint8Array(length)
  found.at.forEach((at, row) => {
    alarm[move(at)] = found.alarm[row]!
  })
  return alarm
}

// Seven weekly series, one per weekday, back into one.
function byWeekday(
  values: Float64Array,
  { from }: DailySeries,
  run: (weekly: Float64Array, first: number) => Detection,
): Uint8Array {
  const alarm = new Uint8Array(values.length)
  for (let phase = 0; phase < 7; phase++) {
    const weekly = values.filter((_, t) => t % 7 === phase)
    const found = run(weekly, Math.ceil((from - phase) / 7))
    found.at.forEach((at, row) => {
      alarm[at * 7 + phase] = found.alarm[row]!
    })
  }
  return alarm
}

// A seven-day sum for every day, judged beside those of the same weekday.
function onSums(series: DailySeries, run: (weekly: Float64Array, range: Int32Array) => Detection): Uint8Array {
  const sums = series.count.map((_, t) => series.count.subarray(Math.max(0, t - 6), t + 1).reduce((a, b) => a + b, 0))
  return byWeekday(sums, series, (count, first) =>
    run(
      count,
      Int32Array.from({ length: count.length - first }, (_, i) => first + i),
    ),
  )
}

/** Size factors of the outbreaks. */
export const DAILY_SIZES = [2, 3, 5, 10] as const

/** Every detector on the 16 signals, pooled; false alarms are those at size 5, as days without outbreak then count. */
export function studyDaily(reps: number, seed: number): Row[] {
  const trials = DETECTORS.map(() => new Map<number, Trial[]>(DAILY_SIZES.map((w) => [w, []])))
  for (const signal of DAILY_SIGNALS)
    for (const w of DAILY_SIZES)
      for (let rep = 0; rep < reps; rep++) {
        const series = simulateDaily(signal, { w, seed: seed * 10_000 + rep })
        const { outbreak, from, to } = series
        DETECTORS.forEach(({ run }, i) => {
          trials[i]!.get(w)!.push({ alarm: run(series), outbreak, from, to })
        })
      }
  return DETECTORS.map(({ name }, i) => {
    const sizes = DAILY_SIZES.map((w) => ({ size: w, score: scoreTrials(trials[i]!.get(w)!) }))
    const { score } = sizes.find(({ size }) => size === 5)!
    return { name, fpr: score.fpr, fprError: score.error.fpr, sizes }
  })
}
