import { DetectionError } from '../error.ts'
import { checkCount, checkMissing, type Missing } from '../series/check.ts'
import type { DailyDay, DailyOptions, Settings } from './types.ts'

/** Fills in defaults. Throws DetectionError `option` for values out of range. */
export function readOptions(options: DailyOptions): Settings {
  const settings: Settings = {
    firstWeekday: options.firstWeekday ?? 0,
    falseAlarmRate: options.falseAlarmRate ?? 0.02,
    windows: [...(options.windows ?? [1, 2, 3])],
    warmUp: options.warmUp ?? 56,
    yearLength: options.yearLength ?? 365.25,
    minCompleteness: options.minCompleteness ?? 0.5,
    missing: checkMissing(options.missing),
  }
  const bad = (message: string): never => {
    throw new DetectionError('option', message)
  }
  if (!(Number.isInteger(settings.firstWeekday) && settings.firstWeekday >= 0 && settings.firstWeekday <= 6))
    bad('firstWeekday must be a whole number from 0 (Monday) to 6')
  if (!(settings.falseAlarmRate > 0 && settings.falseAlarmRate <= 0.2)) bad('falseAlarmRate must lie in (0, 0.2]')
  if (settings.windows.length === 0 || settings.windows.some((k) => !(Number.isInteger(k) && k >= 1 && k <= 28)))
    bad('windows must be whole numbers from 1 to 28')
  if (!(Number.isInteger(settings.warmUp) && settings.warmUp >= 14)) bad('warmUp must be a whole number from 14 on')
  if (!(settings.yearLength >= 300 && settings.yearLength <= 400)) bad('yearLength must lie between 300 and 400 days')
  if (!(settings.minCompleteness > 0 && settings.minCompleteness <= 1)) bad('minCompleteness must lie in (0, 1]')
  return settings
}

/** Throws DetectionError for a day that cannot be; `index` is its place in the series. Without a count nothing else counts. */
export function checkDay(day: DailyDay, index: number, missing: Missing): void {
  if (Number.isNaN(checkCount(day.count, index, missing))) return
  if (day.denominator !== undefined && !(day.denominator > 0 && day.denominator < Number.POSITIVE_INFINITY))
    throw new DetectionError('not-finite', 'denominator must be above 0', index)
  if (day.completeness !== undefined && !(day.completeness > 0 && day.completeness <= 1))
    throw new DetectionError('not-finite', 'completeness must lie in (0, 1]', index)
  if (day.completenessError !== undefined && !(day.completenessError >= 0 && Number.isFinite(day.completenessError)))
    throw new DetectionError('not-finite', 'completenessError must be 0 or more', index)
}
