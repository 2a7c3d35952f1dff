import { DetectionError } from '../error.ts'
import { type Counts, checkCounts, checkDates, type Dates } from '../series/check.ts'
import { toDay, weekday } from '../series/day.ts'
import { type Detection, type NotTested, newDetection } from '../series/point.ts'
import { detectDaily } from './batch.ts'
import type { DailyNotTested, DailyOptions } from './types.ts'

export type DailyMethodOptions = Omit<DailyOptions, 'firstWeekday' | 'minCompleteness'> & {
  /** Dates of special days by name, as ISO text or days since 1970-01-01. */
  readonly effects?: Readonly<Record<string, readonly (string | number)[]>>
}

const reasons: Readonly<Record<DailyNotTested, NotTested>> = {
  'warm-up': 'too-short',
  missing: 'missing',
  incomplete: 'no-reference',
  closed: 'no-variance',
}

/**
 * `detectDaily` as a method among others: over consecutive dated days, special days by date. A day in the warm-up is
 * `too-short`, one on which the service never sells `no-variance`.
 * @throws {DetectionError} for bad counts or options, and at the first day that does not follow the one before.
 */
export function dailyMethod(counts: Counts, dates: Dates, options: DailyMethodOptions = {}): Detection {
  const { effects = {}, ...rest } = options
  const count = checkCounts(counts, options.missing)
  const days = checkDates(dates, count.length)
  const gap = days.findIndex((day, i) => i > 0 && day !== days[i - 1]! + 1)
  if (gap > 0) throw new DetectionError('unordered', 'days must follow each other', gap)
  const flags = Object.entries(effects).map(([name, list]) => {
    const special = new Set(list.map((date) => toDay(date)))
    return [name, Uint8Array.from(days, (day) => (special.has(day) ? 1 : 0))] as const
  })
  const firstWeekday = days.length > 0 ? (weekday(days[0]!) + 6) % 7 : 0
  const found = detectDaily({ count, effects: Object.fromEntries(flags) }, { ...rest, firstWeekday })
  const detection = newDetection(Int32Array.from(count, (_, i) => i))
  for (const column of ['expected', 'lower', 'upper', 'score', 'p', 'alarm'] as const)
    detection[column].set(found[column])
  found.notTested.forEach((reason, i) => {
    detection.untested[i] = reason ? reasons[reason] : null
  })
  return detection
}
