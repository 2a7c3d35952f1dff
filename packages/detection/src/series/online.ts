import { DetectionError } from '../error.ts'
import { checkCount, checkMissing, type Missing } from './check.ts'
import { toDay } from './day.ts'
import { newPoint, type Point } from './point.ts'

/** A detector that is given one count at a time. */
export interface Online<P extends Point = Point, S = unknown> {
  /** Judges the newest count. Detectors that go by dates need its date. The object is the caller's to keep. */
  push(count: number, date?: number | string): P
  /** All that is needed to go on later, as plain JSON. */
  state(): S
}

/** The last counts, and how many went before. */
export interface WindowState {
  readonly seen: number
  /** null where there was none. */
  readonly counts: (number | null)[]
  readonly days?: number[]
}

/**
 * The last `window` counts of a stream in one typed array: O(1) per count, for the array is twice as long as it needs
 * to be and moves its second half down when it is full.
 */
export class Window {
  readonly counts: Float64Array
  readonly days: Int32Array | undefined
  readonly size: number
  private readonly missing: Missing
  length = 0
  seen = 0

  constructor(size: number, dated: boolean, missing: Missing | undefined) {
    this.size = size
    this.missing = checkMissing(missing)
    this.counts = new Float64Array(2 * size + 2)
    this.days = dated ? new Int32Array(2 * size + 2) : undefined
  }

  /** Place of the new count in `counts`. @throws {DetectionError} for a bad count or a date that does not rise. */
  push(count: number, date?: number | string): number {
    return this.add(checkCount(count, this.seen, this.missing), date)
  }

  /** The same for a count that was checked. @throws {DetectionError} for a date that does not rise. */
  add(count: number, date?: number | string): number {
    if (this.days) {
      if (date === undefined) throw new DetectionError('option', 'this detector needs a date', this.seen)
      const day = toDay(date, this.seen)
      if (this.length > 0 && day <= this.days[this.length - 1]!) {
        throw new DetectionError('unordered', 'dates do not rise', this.seen)
      }
      if (this.length === this.counts.length) this.slide()
      this.days[this.length] = day
    } else if (this.length === this.counts.length) this.slide()
    this.counts[this.length] = count
    this.seen++
    return this.length++
  }

  /** Forgets all but the last `size` counts; returns how many were dropped. */
  protected slide(): number {
    const from = this.length - this.size
    this.counts.copyWithin(0, from, this.length)
    this.days?.copyWithin(0, from, this.length)
    this.length = this.size
    return from
  }

  state(): WindowState {
    const from = Math.max(0, this.length - this.size)
    return {
      seen: this.seen,
      counts: Array.from(this.counts.subarray(from, this.length), nullOf),
      ...(this.days && { days: [...this.days.subarray(from, this.length)] }),
    }
  }

  /** Missing counts of a state are kept whatever the option. @throws {DetectionError} for a state of something else. */
  restore(state: WindowState): void {
    const { seen, counts, days } = state
    if (!Array.isArray(counts) || !Number.isInteger(seen) || seen < counts.length || counts.length > this.size) {
      throw new DetectionError('state', 'not a state of this detector')
    }
    if (Boolean(this.days) !== Array.isArray(days) || (days && days.length !== counts.length)) {
      throw new DetectionError('state', 'the state lacks its dates')
    }
    counts.forEach((count, i) => {
      this.add(checkCount(count ?? Number.NaN, i, 'skip'), days?.[i])
    })
    this.seen = seen
  }
}

/** JSON has no NaN. */
export const nullOf = (value: number): number | null => (Number.isNaN(value) ? null : value)

/** How a windowed method judges place `k` of a window. */
export type Judge = (window: Window, k: number, point: Point) => void

/** An online detector whose verdict depends on the last counts only. */
export function windowed(window: Window, judge: Judge, state?: WindowState): Online<Point, WindowState> {
  if (state) window.restore(state)
  return {
    push(count, date) {
      const k = window.push(count, date)
      const point = newPoint()
      point.index = window.seen - 1
      judge(window, k, point)
      return point
    },
    state: () => window.state(),
  }
}
