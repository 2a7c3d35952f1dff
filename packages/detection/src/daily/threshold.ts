import { normalQuantile } from '../distribution/index.ts'

const BINS = 100
const WIDTH = 0.05
const MEMORY = 730
const ENOUGH = 200
/** Past outbreaks may not raise the threshold by more than this. */
const ROOM = 0.5

/** Discounted histogram of past scores. */
export type ThresholdState = { bins: number[]; total: number }

export const newThreshold = (): ThresholdState => ({ bins: new Array<number>(BINS).fill(0), total: 0 })

/** Score that `rate` of the series' own past days reached, kept between the normal quantile and a little above it. */
export function scoreThreshold(state: ThresholdState, rate: number): number {
  const least = normalQuantile(1 - rate)
  if (state.total < ENOUGH) return least + ROOM
  let above = 0
  for (let bin = BINS - 1; bin >= 0; bin--) {
    above += state.bins[bin]!
    if (above > rate * state.total) return Math.max(least, Math.min(least + ROOM, (bin + 1) * WIDTH))
  }
  return least
}

/** Adds a day's score. */
export function updateThreshold(state: ThresholdState, score: number): void {
  const keep = 1 - 1 / MEMORY
  for (let bin = 0; bin < BINS; bin++) state.bins[bin] = state.bins[bin]! * keep
  const bin = Math.max(0, Math.min(BINS - 1, Math.floor(score / WIDTH)))
  state.bins[bin] = state.bins[bin]! + 1
  state.total = state.total * keep + 1
}
