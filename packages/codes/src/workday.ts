import data from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { CodesError } from './checked.ts'
import { addDays, type Day, daysBetween, isDay, weekday } from './day.ts'

/** A day that differs from the published calendar; `name` is what a person reads, e.g. 春节延长假期. */
export type CalendarOverride = { day: Day; work: boolean; name?: string }

export type Calendar = {
  /** True on a day on which offices work, make-up days included. */
  isWorkday(day: Day): boolean
  /**
   * The n-th workday after `day` (before it when n is negative); `day` itself for 0. The day of the event is not
   * counted (行政诉讼、行政处罚期间: 开始的时间不计算在内).
   */
  addWorkdays(day: Day, n: number): Day
  /** Workdays after `from` up to and including `to`; negative when `to` is earlier. */
  workdaysBetween(from: Day, to: Day): number
  /** Name of the holiday that a day off belongs to, e.g. 国庆节; undefined on workdays and plain weekends. */
  holidayName(day: Day): string | undefined
  /** False when no calendar of the State Council is at hand for the year: such years count weekends only. */
  isKnownYear(day: Day): boolean
}

const MAX_COUNT = 10_000

const HOLIDAYS = new Map<Day, string>(
  Object.entries(data.holidays).map(([day, names]) => [day, names.split(',')[1] ?? names]),
)
const MAKE_UP_DAYS = new Set<Day>(Object.keys(data.workdays))
const KNOWN_YEARS = new Set([...HOLIDAYS.keys()].map((day) => day.slice(0, 4)))

function checkDay(field: string, day: Day): void {
  if (!isDay(day)) throw new CodesError(field, `not a day YYYY-MM-DD: ${String(day)}`)
}

/**
 * Working-day calendar of the State Council (国务院办公厅节假日安排的通知, data from the package chinese-days) with make-up
 * days; `overrides` win over it and over weekends, the last one of a day counts. Throws CodesError for bad days.
 */
export function createCalendar(overrides: readonly CalendarOverride[] = []): Calendar {
  const changed = new Map<Day, CalendarOverride>()
  for (const override of overrides) {
    checkDay('overrides', override.day)
    changed.set(override.day, override)
  }

  function works(day: Day): boolean {
    const override = changed.get(day)
    if (override) return override.work
    if (HOLIDAYS.has(day)) return false
    return MAKE_UP_DAYS.has(day) || weekday(day) <= 5
  }

  return {
    isWorkday(day) {
      checkDay('day', day)
      return works(day)
    },
    addWorkdays(day, n) {
      checkDay('day', day)
      if (!Number.isSafeInteger(n) || Math.abs(n) > MAX_COUNT)
        throw new CodesError('n', `must be a whole number from -${MAX_COUNT} to ${MAX_COUNT}`)
      const step = Math.sign(n)
      let result = day
      for (let left = Math.abs(n); left > 0; ) {
        result = addDays(result, step)
        if (works(result)) left -= 1
      }
      return result
    },
    workdaysBetween(from, to) {
      const days = daysBetween(from, to)
      const start = days < 0 ? to : from
      let count = 0
      for (let i = 1; i <= Math.abs(days); i += 1) if (works(addDays(start, i))) count += 1
      return days < 0 ? -count : count
    },
    holidayName(day) {
      checkDay('day', day)
      const override = changed.get(day)
      if (override) return override.work ? undefined : (override.name ?? HOLIDAYS.get(day))
      return HOLIDAYS.get(day)
    },
    isKnownYear(day) {
      checkDay('day', day)
      return KNOWN_YEARS.has(day.slice(0, 4))
    },
  }
}
