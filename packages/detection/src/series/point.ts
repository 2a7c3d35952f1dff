/** Why a point has no verdict. */
export type NotTested =
  /** There is no count (with `missing: 'skip'`); it neither alarms nor is learned from, and baselines pass over it. */
  | 'missing'
  /** Not enough of the series lies before it. */
  | 'too-short'
  /** Reference dates or years are missing from the series. */
  | 'no-reference'
  /** Fewer cases in the last weeks than the limit set (`limit54`). */
  | 'few-cases'
  /** The model did not converge, or has no finite threshold. */
  | 'no-fit'
  /** The baseline does not vary, so that the statistic is 0 / 0. */
  | 'no-variance'

/** What a detector says of one count. Numbers that do not exist are NaN. */
export interface Point {
  /** Place in the series, from 0. */
  index: number
  /** Count expected without an outbreak. */
  expected: number
  lower: number
  /** An alarm needs a count above it; for `cusum` one at or above it. */
  upper: number
  /** The method's own statistic: standard deviations, exceedance, or the sum of a CUSUM. */
  score: number
  /** Probability of so high a count without an outbreak, under the method's model. */
  p: number
  alarm: boolean
  untested: NotTested | null
}

/** Verdicts on many points; the arrays run alongside `at`. */
export interface Detection {
  /** Places in the series, from 0. */
  readonly at: Int32Array
  readonly expected: Float64Array
  readonly lower: Float64Array
  readonly upper: Float64Array
  readonly score: Float64Array
  readonly p: Float64Array
  /** 1 where there is an alarm. */
  readonly alarm: Uint8Array
  readonly untested: (NotTested | null)[]
}

export const newPoint = (): Point => ({
  index: -1,
  expected: Number.NaN,
  lower: Number.NaN,
  upper: Number.NaN,
  score: Number.NaN,
  p: Number.NaN,
  alarm: false,
  untested: null,
})

/** Empties a point that is used again. */
export function clearPoint(point: Point, index: number): void {
  point.index = index
  point.expected = point.lower = point.upper = point.score = point.p = Number.NaN
  point.alarm = false
  point.untested = null
}

export function newDetection(at: Int32Array): Detection {
  const n = at.length
  return {
    at,
    expected: new Float64Array(n),
    lower: new Float64Array(n),
    upper: new Float64Array(n),
    score: new Float64Array(n),
    p: new Float64Array(n),
    alarm: new Uint8Array(n),
    untested: new Array<NotTested | null>(n).fill(null),
  }
}

/** Writes a point into row `row` of a detection. */
export function record(detection: Detection, row: number, point: Point): void {
  detection.expected[row] = point.expected
  detection.lower[row] = point.lower
  detection.upper[row] = point.upper
  detection.score[row] = point.score
  detection.p[row] = point.p
  detection.alarm[row] = point.alarm ? 1 : 0
  detection.untested[row] = point.untested
}

/** Row `row` of a detection as one object. */
export function pointAt(detection: Detection, row: number): Point {
  return {
    index: detection.at[row]!,
    expected: detection.expected[row]!,
    lower: detection.lower[row]!,
    upper: detection.upper[row]!,
    score: detection.score[row]!,
    p: detection.p[row]!,
    alarm: detection.alarm[row] === 1,
    untested: detection.untested[row] ?? null,
  }
}
