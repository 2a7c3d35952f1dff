import { DetectionError } from '../error.ts'

const perDay = 86_400_000

/** Days since 1970-01-01 of an ISO date or of such a number. @throws {DetectionError} naming the index. */
export function toDay(date: number | string, index = -1): number {
  if (typeof date === 'number') {
    if (!Number.isInteger(date)) throw new DetectionError('not-finite', `not a day number: ${date}`, index)
    return date
  }
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)
  const day = match ? Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / perDay : Number.NaN
  if (Number.isNaN(day) || toIso(day) !== date) throw new DetectionError('not-finite', `not a date: ${date}`, index)
  return day
}

/** ISO date of a day number. */
export const toIso = (day: number): string => new Date(day * perDay).toISOString().slice(0, 10)

/** 0 Sunday … 6 Saturday. 1970-01-01 was a Thursday. */
export const weekday = (day: number): number => (((day + 4) % 7) + 7) % 7

/** The same day some months on (or back); 31 April becomes 1 May and 29 February 1 March, as R's `seq.Date` does. */
export function addMonths(day: number, months: number): number {
  const date = new Date(day * perDay)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, date.getUTCDate()) / perDay
}
