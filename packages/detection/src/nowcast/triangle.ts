import { DetectionError } from '../error.ts'

/**
 * Reporting triangle: row t, column d holds the reports of day t that arrived d days later, NaN where that day has not come
 * yet. The last row is today.
 */
export type ReportingTriangle = { days: number; maxDelay: number; reports: Float64Array }

/** One report, or `count` of them: the day it is about and the day on which it arrived (whole day numbers). */
export type Report = { day: number; arrived: number; count?: number }

/**
 * Triangle of the days `first` to `today` from reports; those later than `maxDelay` days count with the last column's delay.
 * Reports outside the days are left out. Throws DetectionError for a report that arrived before its day (its index).
 */
export function buildTriangle(
  reports: readonly Report[],
  range: { first: number; today: number; maxDelay: number },
): ReportingTriangle {
  const { first, today, maxDelay } = range
  if (!(Number.isInteger(maxDelay) && maxDelay >= 1)) throw new DetectionError('option', 'maxDelay must be 1 or more')
  if (!(Number.isInteger(first) && Number.isInteger(today) && today >= first))
    throw new DetectionError('unordered', 'first and today must be whole days in order')
  const days = today - first + 1
  const width = maxDelay + 1
  const triangle = new Float64Array(days * width)
  for (let t = 0; t < days; t++)
    for (let d = 0; d <= maxDelay; d++) if (t + d >= days) triangle[t * width + d] = Number.NaN
  reports.forEach(({ day, arrived, count = 1 }, index) => {
    if (!(Number.isInteger(day) && Number.isInteger(arrived) && count >= 0 && Number.isFinite(count)))
      throw new DetectionError('not-finite', 'report must have whole days and a count', index)
    if (arrived < day) throw new DetectionError('unordered', 'report arrived before its day', index)
    if (day < first || day > today || arrived > today) return
    const cell = (day - first) * width + Math.min(arrived - day, maxDelay)
    triangle[cell] = triangle[cell]! + count
  })
  return { days, maxDelay, reports: triangle }
}

/** Reports at hand per day. */
export function reportedSoFar({ days, maxDelay, reports }: ReportingTriangle): Float64Array {
  const sums = new Float64Array(days)
  for (let t = 0; t < days; t++)
    for (let d = 0; d <= maxDelay; d++) {
      const value = reports[t * (maxDelay + 1) + d]!
      if (!Number.isNaN(value)) sums[t] = sums[t]! + value
    }
  return sums
}
