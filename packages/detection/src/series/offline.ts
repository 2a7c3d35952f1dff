import { type Counts, checkCounts, checkRange, type MissingOption } from './check.ts'
import { type Judge, type Online, Window, type WindowState, windowed } from './online.ts'
import { clearPoint, type Detection, newDetection, newPoint, type Point, record } from './point.ts'

/** Judges the places of a series that depend on a window of counts. */
export type CountJudge = (counts: Float64Array, k: number, point: Point) => void

/** Runs a windowed method over a series; `before` is how many counts a verdict needs before it. */
export function overCounts(
  counts: Counts,
  { range, missing }: MissingOption & { readonly range?: ArrayLike<number> },
  before: number,
  judge: CountJudge,
): Detection {
  const checked = checkCounts(counts, missing)
  const detection = newDetection(checkRange(range, before, checked.length))
  const point = newPoint()
  for (let row = 0; row < detection.at.length; row++) {
    clearPoint(point, detection.at[row]!)
    if (Number.isNaN(checked[point.index]!)) point.untested = 'missing'
    else if (point.index < before) point.untested = 'too-short'
    else judge(checked, point.index, point)
    record(detection, row, point)
  }
  return detection
}

/** The same method, one count at a time. */
export function overStream(
  { missing }: MissingOption,
  before: number,
  judge: CountJudge,
  state?: WindowState,
): Online<Point, WindowState> {
  const run: Judge = (window, k, point) => {
    if (Number.isNaN(window.counts[k]!)) point.untested = 'missing'
    else if (k < before) point.untested = 'too-short'
    else judge(window.counts, k, point)
  }
  return windowed(new Window(before + 1, false, missing), run, state)
}
