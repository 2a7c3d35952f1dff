import type { CheckIn, OwnOpening } from '@vigil/contract'

/** What the section shows of the day: the last statement, wherever it is now. */
export interface Said {
  readonly state: 'open' | 'closed'
  readonly reason: string | null
  readonly saidAt: string
  /** It waits on this device for the network. */
  readonly waiting: boolean
}

const dayMs = 86_400_000
const zoneMs = 8 * 3_600_000
/** Calendar day of an instant in Asia/Shanghai; no time zone data needed, which old WebViews lack. */
export const shanghaiDay = (ms: number): string => new Date(ms + zoneMs).toISOString().slice(0, 10)

/** What a store has said of a day, newest first: what the server knows and what waits on the device. */
export function saidOf(day: string, own: OwnOpening | null, waiting: readonly CheckIn[]): Said[] {
  const kept = own?.day === day ? own.entries : []
  const known = new Set(kept.map(({ id }) => id))
  return [
    ...kept.map(({ state, reason, saidAt }) => ({ state, reason, saidAt, waiting: false })),
    ...waiting
      .filter(({ id, saidAt }) => !known.has(id) && shanghaiDay(Date.parse(saidAt)) === day)
      .map(({ state, reason, saidAt }) => ({ state, reason: reason ?? null, saidAt, waiting: true })),
  ].sort((a, b) => (a.saidAt < b.saidAt ? 1 : -1))
}

/** Statements that may still be sent: the server takes those of the last three days. */
export const sendable = (waiting: readonly CheckIn[], nowMs: number): CheckIn[] =>
  waiting.filter(({ saidAt }) => nowMs - Date.parse(saidAt) < 3 * dayMs).slice(-20)

/** How much there is to do: to check in, which is late after 10:00. */
export function openingCount(day: string, nowMs: number, said: readonly Said[]): { open: number; overdue: number } {
  if (said.length > 0) return { open: 0, overdue: 0 }
  const late = shanghaiDay(nowMs) !== day || (nowMs + zoneMs) % dayMs >= 10 * 3_600_000
  return { open: 1, overdue: late ? 1 : 0 }
}
