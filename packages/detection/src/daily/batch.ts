import { DetectionError } from '../error.ts'
import { DailyDetector, type DailyState } from './detector.ts'
import type { DailyNotTested, DailyOptions } from './types.ts'

export type DailyInput = {
  /** Counts of consecutive days; NaN where there are no data. */
  count: ArrayLike<number>
  /** Special days by name: a flag per day. */
  effects?: Readonly<Record<string, ArrayLike<number | boolean>>>
  denominator?: ArrayLike<number>
  completeness?: ArrayLike<number>
}

/** Results per day; the meaning of each column is that of `DailyResult`. */
export type DailyColumns = {
  expected: Float64Array
  lower: Float64Array
  upper: Float64Array
  score: Float64Array
  p: Float64Array
  alarm: Uint8Array
  threshold: Float64Array
  notTested: (DailyNotTested | undefined)[]
  /** To go on day by day with `new DailyDetector(options, state)`. */
  state: DailyState
}

/**
 * A whole daily series at once: the same as `DailyDetector` day by day. Throws DetectionError with the index for bad
 * input and for columns that differ in length.
 */
export function detectDaily(input: DailyInput, options: DailyOptions = {}): DailyColumns {
  const n = input.count.length
  const effects = Object.entries(input.effects ?? {})
  for (const column of [...effects.map(([, days]) => days), input.denominator, input.completeness])
    if (column && column.length !== n) throw new DetectionError('length', 'columns differ in length')
  const detector = new DailyDetector(options)
  const column = (): Float64Array => new Float64Array(n)
  const result = {
    expected: column(),
    lower: column(),
    upper: column(),
    score: column(),
    p: column(),
    alarm: new Uint8Array(n),
    threshold: column(),
    notTested: new Array<DailyNotTested | undefined>(n).fill(undefined),
  }
  for (let t = 0; t < n; t++) {
    const day = detector.observe({
      count: input.count[t]!,
      effects: effects.filter(([, days]) => Number(days[t]) > 0).map(([name]) => name),
      denominator: input.denominator?.[t],
      completeness: input.completeness?.[t],
    })
    result.expected[t] = day.expected
    result.lower[t] = day.lower
    result.upper[t] = day.upper
    result.score[t] = day.score
    result.p[t] = day.p
    result.alarm[t] = Number(day.alarm)
    result.threshold[t] = day.threshold
    result.notTested[t] = day.notTested
  }
  return { ...result, state: detector.state() }
}
