import { dayOf } from '@vigil/codes'

/** Fields of a schedule (EPCIS 2.0, 8.2.5.3) with the range of each. */
export const scheduleFields = {
  second: [0, 59],
  minute: [0, 59],
  hour: [0, 23],
  dayOfMonth: [1, 31],
  month: [1, 12],
  dayOfWeek: [1, 7],
} as const
export type ScheduleField = keyof typeof scheduleFields
export type Schedule = Readonly<Partial<Record<ScheduleField, string>>>

const offsetMs = 8 * 3_600_000
const dayMs = 86_400_000
/** A date that a schedule can mean comes back within eight years (29 February over a century's end). */
const longestDays = 366 * 8 + 2

/** Values that a field names: `5`, `1,3`, `[10-20]`; null when it is none of these. */
export function valuesOf(field: ScheduleField, text: string): ReadonlySet<number> | null {
  const [least, most] = scheduleFields[field]
  const values = new Set<number>()
  for (const element of text.split(',')) {
    const [, one, from, to] = /^(?:(\d{1,2})|\[(\d{1,2})-(\d{1,2})\])$/.exec(element.trim()) ?? []
    const [first, last] = [Number(one ?? from), Number(one ?? to)]
    if (!(first >= least && last <= most && first <= last)) return null
    for (let value = first; value <= last; value++) values.add(value)
  }
  return values
}

/**
 * The next time after `after` that a schedule names, by the clock of Asia/Shanghai, which has no summer time. A field left out may be
 * anything, but for those smaller than the smallest that is given, which are zero: `{hour: 1, minute: 5}` is once a day.
 * @returns null when no day is ever meant (31 February)
 */
export function nextTime(schedule: Schedule, after: Date): Date | null {
  const sets = Object.fromEntries(
    Object.entries(schedule).map(([field, text]) => [field, valuesOf(field as ScheduleField, text)]),
  ) as Partial<Record<ScheduleField, ReadonlySet<number>>>
  const finest = (['second', 'minute', 'hour'] as const).findIndex((field) => sets[field])
  const times = (['second', 'minute', 'hour'] as const).map((field, rank) => {
    const [least, most] = scheduleFields[field]
    const zero = finest < 0 || rank < finest
    return [...(sets[field] ?? (zero ? [0] : Array.from({ length: most - least + 1 }, (_, i) => i)))].sort(
      (a, b) => a - b,
    )
  }) as [number[], number[], number[]]
  const start = after.getTime() + 1000 - (after.getTime() % 1000)
  const firstDay = Date.parse(`${dayOf(new Date(start))}T00:00:00Z`)
  for (let day = firstDay; day < firstDay + longestDays * dayMs; day += dayMs) {
    if (!dayFits(new Date(day), sets)) continue
    const found = timeOf(times, Math.max(0, start + offsetMs - day))
    if (found !== null) return new Date(day + found - offsetMs)
  }
  return null
}

function dayFits(day: Date, sets: Partial<Record<ScheduleField, ReadonlySet<number>>>): boolean {
  const holds = (field: ScheduleField, value: number) => sets[field]?.has(value) ?? true
  return (
    holds('dayOfMonth', day.getUTCDate()) &&
    holds('month', day.getUTCMonth() + 1) &&
    holds('dayOfWeek', day.getUTCDay() || 7)
  )
}

/** The first of the times of a day at or after `from`, in ms. */
function timeOf([seconds, minutes, hours]: [number[], number[], number[]], from: number): number | null {
  for (const hour of hours)
    for (const minute of minutes) {
      const begin = (hour * 60 + minute) * 60_000
      if (begin + 60_000 <= from) continue
      const second = seconds.find((each) => begin + each * 1000 >= from)
      if (second !== undefined) return begin + second * 1000
    }
  return null
}
