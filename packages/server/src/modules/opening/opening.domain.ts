import { addDays, type Day, dayOf, isDay, startOfDay } from '@vigil/codes'

/** How long a statement may wait on a device without a network, and how far a device's clock may be ahead. */
const waitMs = 3 * 86_400_000
const aheadMs = 5 * 60_000
/** How far ahead a store may announce its return. */
const backDays = 366
/** Time of day by which a store checks in, in ms after midnight in Shanghai. */
const beforeMs = 10 * 3_600_000

export interface Statement {
  readonly id: string
  readonly state: 'open' | 'closed'
  readonly reason: string | null
  readonly note: string
  readonly backOn: Day | null
  readonly saidAt: Date
}

export type Decision = { readonly day: Day; readonly statement: Statement } | { readonly refusal: string }

/** Whether a statement about a store's day counts, and for which day: that on which it was made in Asia/Shanghai. */
export function decideStatement(given: Statement, context: { now: Date; status: string }): Decision {
  const at = given.saidAt.getTime()
  const now = context.now.getTime()
  if (context.status !== 'active') return { refusal: '本店已暂停或注销，无需签到' }
  if (Number.isNaN(at) || at > now + aheadMs) return { refusal: '签到时间晚于当前时间，请校准手机时间' }
  if (at < now - waitMs) return { refusal: '签到已超过 3 天，不能补报' }
  const day = dayOf(given.saidAt)
  const note = given.note.trim()
  if (given.state === 'open') return { day, statement: { ...given, note, reason: null, backOn: null } }
  if (given.reason === null) return { refusal: '请选择停业原因' }
  if (given.reason === 'other' && note === '') return { refusal: '请写明停业原因' }
  if (given.backOn !== null) {
    if (!isDay(given.backOn)) return { refusal: '预计恢复日期无效' }
    if (given.backOn < day) return { refusal: '预计恢复日期不能早于当天' }
    if (given.backOn > addDays(day, backDays)) return { refusal: '预计恢复日期过远' }
  }
  return { day, statement: { ...given, note } }
}

/** Whether a statement stands in place of another of the same day: the later one does, whichever came in first. */
export function supersedes(next: Pick<Statement, 'saidAt' | 'id'>, before: Pick<Statement, 'saidAt' | 'id'>): boolean {
  const difference = next.saidAt.getTime() - before.saidAt.getTime()
  return difference > 0 || (difference === 0 && next.id > before.id)
}

/** Instant by which a store checks in on a day. */
export const checkInLimit = (day: Day): Date => new Date(startOfDay(day).getTime() + beforeMs)

export type Standing = 'open' | 'closed' | 'sold' | 'missing'

/** How a store stands on a day: what it says counts before what its sales show. */
export const standingOf = (state: 'open' | 'closed' | null, sold: boolean): Standing =>
  state ?? (sold ? 'sold' : 'missing')

export interface Figures {
  active: number
  open: number
  closed: number
  sold: number
  missing: number
}

/** Sum of the figures of several areas. The parts of `active` are always all of it. */
export function sumOf(rows: Iterable<Omit<Figures, 'missing'>>): Figures {
  const sum: Figures = { active: 0, open: 0, closed: 0, sold: 0, missing: 0 }
  for (const row of rows) {
    sum.active += row.active
    sum.open += row.open
    sum.closed += row.closed
    sum.sold += row.sold
  }
  sum.missing = sum.active - sum.open - sum.closed - sum.sold
  return sum
}

/** Share of active stores that are known to be open, by their word or by a sale; 1 of none. */
export const rateOf = ({ active, open, sold }: Figures): number => (active === 0 ? 1 : (open + sold) / active)
