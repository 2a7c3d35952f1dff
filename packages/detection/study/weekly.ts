import {
  bayes,
  cusum,
  type Detection,
  ears,
  ewma,
  farrington,
  farringtonFlexible,
  rki,
  scoreTrials,
  simulateWeekly,
  type Trial,
  WEEKLY_SCENARIOS,
  type WeeklySeries,
} from '../src/index.ts'
import type { Row } from './table.ts'

type Detector = { name: string; run(series: WeeklySeries, range: Int32Array): Detection }

const DETECTORS: readonly Detector[] = [
  {
    name: 'Farrington flexible, α 0.005',
    run: ({ count }, range) =>
      farringtonFlexible(count, {
        range,
        alpha: 0.005,
        noPeriods: 10,
        pastWeeksNotIncluded: 26,
        pThresholdTrend: 1,
        thresholdMethod: 'nbPlugin',
      }),
  },
  {
    name: 'Farrington 1996, α 0.01',
    run: ({ count }, range) => farrington(count, { range, alpha: 0.01 }),
  },
  { name: 'EARS C1', run: ({ count }, range) => ears(count, { range, method: 'C1' }) },
  { name: 'EARS C2', run: ({ count }, range) => ears(count, { range, method: 'C2' }) },
  { name: 'EARS C3', run: ({ count }, range) => ears(count, { range, method: 'C3' }) },
  { name: 'Bayes 1', run: ({ count }, range) => bayes(count, { range }) },
  { name: 'Bayes 3', run: ({ count }, range) => bayes(count, { range, b: 2, w: 4, actY: false }) },
  { name: 'RKI 1', run: ({ count }, range) => rki(count, { range, b: 0, w: 6, actY: true }) },
  { name: 'RKI 3', run: ({ count }, range) => rki(count, { range, b: 2, w: 4, actY: false }) },
  { name: 'CUSUM (Rossi), last 2 years', run: ({ count }, range) => recentCusum(count, range) },
  { name: 'EWMA chart, last 2 years', run: ({ count }, range) => recentChart(count, range) },
]

// Expected count: the mean of the two years before the weeks tested.
function recentCusum(count: Float64Array, range: Int32Array): Detection {
  const from = range[0]! - 104
  const found = cusum(count.subarray(from), { range: range.map((at) => at - from), trans: 'rossi' })
  return { ...found, at: range }
}

// The chart learns from its first counts, here those before the weeks tested.
function recentChart(count: Float64Array, range: Int32Array): Detection {
  const baseline = 104
  const from = range[0]! - baseline
  const chart = ewma(count.subarray(from), { baseline, lambda: 0.4 })
  const first = Math.max(0, chart.at.indexOf(baseline))
  return { ...chart, at: chart.at.subarray(first).map((at) => at + from), alarm: chart.alarm.subarray(first) }
}

/** Size factors of the outbreaks; 0 measures false alarms. */
export const WEEKLY_SIZES = [3, 5, 10] as const

/** Every detector on the 42 scenarios, pooled; `reps` series of each scenario and size. */
export function studyWeekly(reps: number, seed: number): Row[] {
  const trials = DETECTORS.map(() => new Map<number, Trial[]>([0, ...WEEKLY_SIZES].map((k) => [k, []])))
  for (const scenario of WEEKLY_SCENARIOS)
    for (const k of [0, ...WEEKLY_SIZES])
      for (let rep = 0; rep < reps; rep++) {
        const series = simulateWeekly(scenario, { k, seed: seed * 10_000 + rep })
        const { outbreak, from, to } = series
        const range = Int32Array.from({ length: to - from + 1 }, (_, i) => from + i)
        DETECTORS.forEach(({ run }, i) => {
          const alarm = new Uint8Array(outbreak.length)
          const found = run(series, range)
          found.at.forEach((at, row) => {
            alarm[at] = found.alarm[row]!
          })
          trials[i]!.get(k)!.push({ alarm, outbreak, from, to })
        })
      }
  return DETECTORS.map(({ name }, i) => {
    const quiet = scoreTrials(trials[i]!.get(0)!)
    const sizes = WEEKLY_SIZES.map((k) => ({ size: k, score: scoreTrials(trials[i]!.get(k)!) }))
    return { name, fpr: quiet.fpr, fprError: quiet.error.fpr, sizes }
  })
}
