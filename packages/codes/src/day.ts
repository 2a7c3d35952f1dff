import { CodesError } from './checked.ts'

/** A calendar day 'YYYY-MM-DD' in Asia/Shanghai. */
export type Day = string

const DAY_MS = 86_400_000
const SHANGHAI_MS = 8 * 3_600_000

function utc(year: number, month: number, date: number): Date {
  const result = new Date(0)
  // Date.UTC reads the years 0–99 as 1900–1999.
  result.setUTCFullYear(year, month - 1, date)
  return result
}

function parse(value: unknown): Date | undefined {
  const match = typeof value === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null
  if (!match || match[1] === '0000') return undefined
  const date = utc(Number(match[1]), Number(match[2]), Number(match[3]))
  return date.toISOString().slice(0, 10) === value ? date : undefined
}

function ordinal(field: string, day: Day): number {
  const date = parse(day)
  if (!date) throw new CodesError(field, `not a day YYYY-MM-DD: ${String(day)}`)
  return date.getTime() / DAY_MS
}

function fromOrdinal(field: string, days: number): Day {
  const date = new Date(days * DAY_MS)
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10)
  if (!parse(text)) throw new CodesError(field, 'the day leaves the years 0001–9999')
  return text
}

/** True for an existing calendar day written 'YYYY-MM-DD', years 0001–9999 (GB/T 7408, proleptic Gregorian). */
export function isDay(value: unknown): value is Day {
  return parse(value) !== undefined
}

/** The day that a moment falls on in Asia/Shanghai (UTC+8; the summer time of 1986–1991 is not applied). */
export function dayOf(date: Date): Day {
  const time = date.getTime()
  if (Number.isNaN(time)) throw new CodesError('date', 'not a valid date')
  return fromOrdinal('date', Math.floor((time + SHANGHAI_MS) / DAY_MS))
}

/** The day `count` days later (earlier when negative). Throws CodesError for a bad day or a fraction. */
export function addDays(day: Day, count: number): Day {
  if (!Number.isSafeInteger(count)) throw new CodesError('count', 'not a whole number of days')
  return fromOrdinal('count', ordinal('day', day) + count)
}

/** Days from `from` to `to`: 0 for the same day, negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return ordinal('to', to) - ordinal('from', from)
}

/** Day of the week, 1 = Monday … 7 = Sunday (ISO 8601, GB/T 7408). */
export function weekday(day: Day): number {
  // 1970-01-01 was a Thursday.
  const index = (ordinal('day', day) + 3) % 7
  return ((index + 7) % 7) + 1
}

/** The moment at which the day begins in Asia/Shanghai, 00:00+08:00. */
export function startOfDay(day: Day): Date {
  return new Date(ordinal('day', day) * DAY_MS - SHANGHAI_MS)
}

/**
 * Full years of age on a day; the birthday itself counts as reached. Somebody born on 29 February comes of
 * age on 1 March of a common year. Negative before birth.
 */
export function ageOn(birthDate: Day, day: Day): number {
  ordinal('birthDate', birthDate)
  ordinal('day', day)
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years
}
