import { addDays, type Day, weekday } from '@vigil/codes'
import { createCalendar } from '@vigil/codes/workday'

const calendar = createCalendar()

/** What is special about a day by the State Council's calendar: its holiday, or that it makes up for one. */
export function effectsOf(day: Day): string[] {
  const holiday = calendar.holidayName(day)
  if (holiday) return [holiday]
  return weekday(day) > 5 && calendar.isWorkday(day) ? ['调休上班'] : []
}

/** The same for days in a row. */
export const effectsFrom = (first: Day, days: number): string[][] =>
  Array.from({ length: days }, (_, i) => effectsOf(addDays(first, i)))
