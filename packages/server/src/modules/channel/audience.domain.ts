import { dayOf, startOfDay } from '@vigil/codes'
import type { AlertGrade, MessageKind, Permission } from '@vigil/contract'

/** What a holder must be allowed to see to be told of it. */
export const permissionFor: Readonly<Record<Exclude<MessageKind, 'test'>, Permission>> = {
  alert: 'alert.read',
  followup: 'followup.read',
  compliance: 'compliance.read',
  opening: 'opening.read',
  recall: 'coldchain.read',
}

export interface Quiet {
  /** HH:MM in Asia/Shanghai; past midnight when `to` is the earlier one. */
  readonly from: string
  readonly to: string
}

/** A message as the choice of a recipient sees it. */
export interface Told {
  readonly grade: AlertGrade | null
  /** Places that it is about. */
  readonly paths: readonly string[]
  /** Level that it was escalated to. */
  readonly escalatedTo: string | null
  /** Only whoever is in charge at exactly this place; all above it too when undefined. */
  readonly level?: string | undefined
}

/** A recipient: what he chose, and the subtrees that he may hear of. */
export interface Choice {
  readonly grades: readonly AlertGrade[]
  readonly quiet: Quiet | null
  readonly paths: readonly string[]
}

/**
 * Whether a recipient is told: of his own places, in the grades that he chose. What was escalated to his level he is told
 * whatever he chose, and so is everybody of what has no grade.
 */
export function wants({ grades, paths }: Choice, message: Told): boolean {
  if (!paths.some((root) => message.paths.some((path) => path.startsWith(root)))) return false
  if (message.escalatedTo !== null) return paths.includes(message.escalatedTo)
  if (message.level !== undefined && !paths.includes(message.level)) return false
  return message.grade === null || grades.includes(message.grade)
}

const dayMs = 86_400_000
const shanghai = 8 * 3_600_000
const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/**
 * When a recipient may be told: at once, or at the end of his quiet hours. Red and escalated messages wait for nothing.
 * @returns `now`, or the instant at which the quiet hours end
 */
export function tellAt({ quiet }: Pick<Choice, 'quiet'>, { grade, escalatedTo }: Omit<Told, 'paths'>, now: Date): Date {
  if (!quiet || grade === 'red' || escalatedTo !== null) return now
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)]
  if (from === to) return now
  const minute = Math.floor(((now.getTime() + shanghai) % dayMs) / 60_000)
  const inside = from < to ? minute >= from && minute < to : minute >= from || minute < to
  if (!inside) return now
  const end = startOfDay(dayOf(now)).getTime() + to * 60_000
  return new Date(end > now.getTime() ? end : end + dayMs)
}
