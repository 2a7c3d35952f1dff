import { DetectionError } from '../error.ts'
import { addMonths, weekday } from '../series/day.ts'
import type { History } from './history.ts'
import type { Settings } from './options.ts'

/** Place of a day in the series, -1 when it is not there. */
export function placeOf(history: History, day: number): number {
  const days = history.days!
  let low = 0
  let high = history.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = days[middle]!
    if (found === day) return middle
    if (found < day) low = middle + 1
    else high = middle - 1
  }
  return -1
}

/** The day with the same weekday as `like` that is nearest to `day`. */
function sameWeekday(day: number, like: number): number {
  const before = day - (weekday(day) - weekday(like))
  const other = before > day ? before - 7 : before + 7
  return Math.abs(before - day) > Math.abs(other - day) ? other : before
}

/**
 * Places of the tested point and of its reference points 1 … b years back, newest first; undefined when one is missing.
 * By date: the same day of earlier years, in weekly data the nearest day with the same weekday.
 */
export function referencePoints(history: History, k: number, { b, freq, dated }: Settings): Int32Array | undefined {
  const places = new Int32Array(b + 1)
  for (let year = 0; year <= b; year++) {
    let place = k - year * freq
    if (dated) {
      const day = addMonths(history.days![k]!, -12 * year)
      place = placeOf(history, freq === 52 ? sameWeekday(day, history.days![k]!) : day)
    }
    if (place < 0 || (year > 0 && place >= places[year - 1]!)) return undefined
    places[year] = place
  }
  return places
}

/** Writes a level over places a … b, counting down where b < a as R's `a:b` does; place -1 is passed over. */
function assign(levels: Uint8Array, a: number, b: number, level: number): void {
  const step = a <= b ? 1 : -1
  for (let i = a; step > 0 ? i <= b : i >= b; i += step) if (i >= 0) levels[i] = level
}

/**
 * The seasonal level of each place from the oldest window to k, 0 for places outside the model: the windows of half
 * width w around the reference points are the last level, and the time between two windows is shared out evenly among
 * the others (Noufaily et al. 2013, 3.2). Undefined when a window begins before the series.
 * @throws {DetectionError} when there are more periods than time points.
 */
export function seasonalLevels(
  levels: Uint8Array,
  references: Int32Array,
  { w, noPeriods, b, pastWeeksNotIncluded }: Settings,
): boolean {
  const k = references[0]!
  // R drops index 0 and refuses indices below it: one place before the series is passed over, more have no result.
  const oldest = references[b]! - w
  if (oldest < -1 || k - pastWeeksNotIncluded < -1) return false
  levels.fill(0, Math.max(0, oldest), k + 1)
  assign(levels, k - w, k, noPeriods)
  for (let year = 1; year <= b; year++) {
    const reference = references[year]!
    assign(levels, reference - w, reference + w, noPeriods)
    if (noPeriods === 1) continue
    const between = references[year - 1]! - 2 * w - 1 - reference
    if (between < noPeriods - (2 * w + 1)) throw new DetectionError('option', 'noPeriods is too large for w')
    const length = Math.floor(between / (noPeriods - 1))
    const rest = between % (noPeriods - 1)
    let from = reference + w + 1
    for (let level = 1; level < noPeriods; level++) {
      const next = from + length + (level <= rest ? 1 : 0)
      assign(levels, from, next - 1, level)
      from = next
    }
  }
  for (let i = Math.max(0, k - pastWeeksNotIncluded); i <= k; i++) levels[i] = 0
  return true
}
