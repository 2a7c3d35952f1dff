import { addDays, type Day, daysBetween } from '@vigil/codes'
import type { EngineResult } from './engine.types.ts'
import { columns, differs, gradeCode } from './pack.domain.ts'

/** A day of a result that says something new. */
export interface Changed {
  readonly result: EngineResult
  readonly day: Day
  /** The eight numbers of the day. */
  readonly cell: Float32Array
}

/**
 * Days of a result that others are told of: news of the last days that have a grade or had one, and, so that an event can
 * fade, quiet ones of a series that had a grade within those days.
 * @param first day that the result counts from
 * @param before the eight numbers of a day as they were kept; undefined for none
 * @param uneasyBefore a day before `from` of which others are told had a grade
 */
export function changesOf(
  result: EngineResult,
  first: Day,
  from: Day,
  to: Day,
  before: (day: Day) => Float32Array | undefined,
  uneasyBefore = false,
): Changed[] {
  const start = addDays(first, result.from)
  const cellAt = (day: Day): Float32Array | undefined => {
    const at = daysBetween(start, day) * columns
    return at < 0 || at >= result.numbers.length ? undefined : result.numbers.subarray(at, at + columns)
  }
  const changes: Changed[] = []
  let uneasy = uneasyBefore
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const old = before(day)
    const cell = cellAt(day)
    if (old && gradeCode(old[7]!) > 0) uneasy = true
    if (cell && gradeCode(cell[7]!) > 0) uneasy = true
    if (cell && uneasy && (!old || differs(old, 0, cell, 0))) changes.push({ result, day, cell })
  }
  return changes
}
