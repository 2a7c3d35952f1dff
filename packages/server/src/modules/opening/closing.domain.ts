import { addDays, type Day } from '@vigil/codes'

/** What a store last said of a day. */
export interface DayStatement {
  readonly day: Day
  readonly state: 'open' | 'closed'
  /** Day on which it means to open again. */
  readonly backOn: Day | null
}

/**
 * Days from `from` to `to` for which a store had said that it is closed: the day of the statement, and those after it until
 * the day on which it means to be back or has said something else.
 */
export function closedDays(statements: readonly DayStatement[], from: Day, to: Day): Set<Day> {
  const closed = new Set<Day>()
  const sorted = [...statements].sort((a, b) => (a.day < b.day ? -1 : 1))
  for (const [index, { day, state, backOn }] of sorted.entries()) {
    if (state !== 'closed') continue
    const next = sorted[index + 1]?.day
    let end = backOn !== null && backOn > day ? backOn : addDays(day, 1)
    if (next !== undefined && next < end) end = next
    for (let each = day < from ? from : day; each < end && each <= to; each = addDays(each, 1)) closed.add(each)
  }
  return closed
}
