import { CodesError } from './checked.ts'

/** A calendar day 'YYYY-MM-DD' in Asia/Shanghai. */
export type Day = string

const DAY_MS = 86_400_000
const SHANGHAI_MS = 8 * 3_600_000

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const FIRST = -719_162
const LAST = 2_932_896

const digit = (text: string, at: number): number => {
  const code = text.charCodeAt(at) - 48
  return code >= 0 && code <= 9 ? code : Number.NaN
}

/** Days since 1970-01-01, or undefined. By hand, since it runs for every row of every batch. */
function parse(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length !== 10 || value[4] !== '-' || value[7] !== '-') return undefined
  const year = 1000 * digit(value, 0) + 100 * digit(value, 1) + 10 * digit(value, 2) + digit(value, 3)
  const month = 10 * digit(value, 5) + digit(value, 6)
  const date = 10 * digit(value, 8) + digit(value, 9)
  if (Number.isNaN(year + month + date)) return undefined
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const length = month === 2 && leap ? 29 : (MONTH_DAYS[month - 1] ?? 0)
  if (year < 1 || date < 1 || date > length) return undefined
  // Years begin in March here, so that the leap day comes last.
  const y = month > 2 ? year : year - 1
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + date - 1
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468
}

function ordinal(field: string, day: Day): number {
  const result = parse(day)
  if (result === undefined) throw new CodesError(field, `not a day YYYY-MM-DD: ${String(day)}`)
  return result
}

// Rows that come together are of days that lie together.
const knownDays = 1024
const known = new Array<{ readonly days: number; readonly day: Day } | undefined>(knownDays).fill(undefined)

function fromOrdinal(field: string, days: number): Day {
  const place = days & (knownDays - 1)
  const kept = known[place]
  if (kept?.days === days) return kept.day
  if (!(days >= FIRST && days <= LAST)) throw new CodesError(field, 'the day leaves the years 0001–9999')
  const day = new Date(days * DAY_MS).toISOString().slice(0, 10)
  known[place] = { days, day }
  return day
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
