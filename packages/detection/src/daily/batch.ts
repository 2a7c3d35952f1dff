import { DetectionError } from '../error.ts'
import { DailyDetector, type DailyState } from './detector.ts'
import { packDaily, unpackDaily } from './pack.ts'
import type { DailyNotTested, DailyOptions } from './types.ts'

export type DailyInput = {
  /** Counts of consecutive days; NaN where there are no data, with `missing: 'skip'` only. */
  count: ArrayLike<number>
  /** Special days by name: a flag per day. */
  effects?: Readonly<Record<string, ArrayLike<number | boolean>>>
  denominator?: ArrayLike<number>
  completeness?: ArrayLike<number>
  completenessError?: ArrayLike<number>
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
 * A whole daily series at once: the same as `DailyDetector` day by day. With `state` the days follow those that it has
 * seen. Throws DetectionError with the index for bad input and for columns that differ in length.
 */
export function detectDaily(input: DailyInput, options: DailyOptions = {}, state?: DailyState): DailyColumns {
  const n = input.count.length
  const effects = Object.entries(input.effects ?? {})
  const { denominator, completeness, completenessError } = input
  for (const column of [...effects.map(([, days]) => days), denominator, completeness, completenessError])
    if (column && column.length !== n) throw new DetectionError('length', 'columns differ in length')
  const detector = new DailyDetector(options, state)
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
      denominator: denominator?.[t],
      completeness: completeness?.[t],
      completenessError: completenessError?.[t],
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

/** A series of a batch: new days, and the packed state after those before, if there were any. */
export type DailyBatchInput = DailyInput & { packed?: Uint8Array }
/** Its results on the new days, and the packed state after them. */
export type DailyBatchColumns = Omit<DailyColumns, 'state'> & { packed: Uint8Array }

/**
 * Many series in one call, one after the other as they are asked for: their whole past at first, then each day's counts
 * with the `packed` state of the day before. A generator, so that results can be stored while they come; the same series
 * split over workers gives the same results. Throws DetectionError with the day's index for bad input; `onError` takes the
 * error and the place of the series instead, and the batch goes on without it.
 */
export function* detectDailyBatch(
  series: Iterable<DailyBatchInput>,
  options: DailyOptions = {},
  onError?: (error: DetectionError, place: number) => void,
): Generator<DailyBatchColumns & { place: number }> {
  let place = -1
  for (const { packed, ...input } of series) {
    place++
    try {
      const { state, ...columns } = detectDaily(input, options, packed && unpackDaily(packed))
      yield { ...columns, packed: packDaily(state), place }
    } catch (error) {
      if (!onError || !(error instanceof DetectionError)) throw error
      onError(error, place)
    }
  }
}
