import { addDays, type Day, dayOf, startOfDay, weekday } from '@vigil/codes'

export type Schedule =
  | { readonly every: 'day'; readonly at: string }
  | { readonly every: 'hours'; readonly hours: number }
  | { readonly every: 'week'; readonly weekday: number; readonly at: string }

export interface DayPeriod {
  readonly from: Day
  readonly to: Day
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Days of one file at most; what is older is pushed by hand. */
export const longestPeriod = 92

function timeOn(day: Day, at: string): Date {
  const [hour = 0, minute = 0] = at.split(':').map(Number)
  return new Date(startOfDay(day).getTime() + (hour * 60 + minute) * minuteMs)
}

/** First due time after `now`, by the calendar of Asia/Shanghai; every n hours is counted from midnight. */
export function dueAfter(schedule: Schedule, now: Date): Date {
  const today = dayOf(now)
  if (schedule.every === 'hours') {
    const start = startOfDay(today).getTime()
    const next = start + (Math.floor((now.getTime() - start) / (schedule.hours * hourMs)) + 1) * schedule.hours * hourMs
    const midnight = startOfDay(addDays(today, 1)).getTime()
    return new Date(Math.min(next, midnight))
  }
  for (let ahead = 0; ahead <= 7; ahead++) {
    const day = addDays(today, ahead)
    if (schedule.every === 'week' && weekday(day) !== schedule.weekday) continue
    const due = timeOn(day, schedule.at)
    if (due > now) return due
  }
  throw new Error('a week has every weekday')
}

/** What was acknowledged last: its last day, and whether that day was over when its file was made. */
export interface Acknowledged {
  readonly to: Day
  readonly madeAt: Date
}

/**
 * Days that a push of `now` covers; undefined when all of them were acknowledged before.
 * @param setUpAt when the destination was made: nothing before the day before is sent by itself
 */
export function periodOf(
  destination: {
    readonly schedule: Schedule
    readonly cover: 'yesterday' | 'since-acknowledged'
    readonly setUpAt: Date
  },
  last: Acknowledged | undefined,
  now: Date,
): DayPeriod | undefined {
  const today = dayOf(now)
  const yesterday = addDays(today, -1)
  if (destination.cover === 'yesterday') return { from: yesterday, to: yesterday }
  const to = destination.schedule.every === 'hours' ? today : yesterday
  const complete = last && last.to < dayOf(last.madeAt)
  const begin = last ? (complete ? addDays(last.to, 1) : last.to) : addDays(dayOf(destination.setUpAt), -1)
  const earliest = addDays(to, 1 - longestPeriod)
  const from = begin < earliest ? earliest : begin
  return from > to ? undefined : { from, to }
}
