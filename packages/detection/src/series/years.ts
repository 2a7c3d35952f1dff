import { DetectionError } from '../error.ts'
import { checkWhole, type MissingOption } from './check.ts'

/** Reference values of `bayes` and `rki`: windows in the b years before and, with actY, the w points just before. */
export interface YearsOptions extends MissingOption {
  /** Years back. */
  readonly b?: number
  /** Half width of the windows, and points of the present year. */
  readonly w?: number
  /** Use the w points just before the tested one. */
  readonly actY?: boolean
  /** Time points per year; default 52. */
  readonly freq?: number
  /** 0-based places to test; default every place with all its reference values. */
  readonly range?: ArrayLike<number>
}

export interface Years {
  readonly b: number
  readonly w: number
  readonly actY: boolean
  readonly freq: number
  /** Points needed before the tested one. */
  readonly before: number
  /** How many reference values there are. */
  readonly size: number
}

/** Options with defaults, checked. @throws {DetectionError} */
export function yearsOf(options: YearsOptions, defaults: { b: number; w: number; actY: boolean }): Years {
  const { b = defaults.b, w = defaults.w, actY = defaults.actY, freq = 52 } = options
  checkWhole('b', b, 0)
  checkWhole('w', w, 0)
  checkWhole('freq', freq, 1)
  const size = (actY ? w : 0) + b * (2 * w + 1)
  if (size === 0) throw new DetectionError('option', 'b = 0 needs actY and w > 0')
  if (b > 0 && w >= freq) throw new DetectionError('option', 'w must be less than freq')
  return { b, w, actY, freq, before: b * freq + w, size }
}

/** Copies the reference values of place k. */
export function referenceValues(
  counts: Float64Array,
  k: number,
  { b, w, actY, freq }: Years,
  into: Float64Array,
): void {
  let n = 0
  if (actY) for (let i = k - w; i < k; i++) into[n++] = counts[i]!
  for (let year = 1; year <= b; year++) {
    const middle = k - year * freq
    for (let i = middle - w; i <= middle + w; i++) into[n++] = counts[i]!
  }
}
