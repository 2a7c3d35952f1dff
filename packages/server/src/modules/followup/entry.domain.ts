import type { FollowupCause, FollowupGrade, FollowupState } from '@vigil/contract'
import type { Finding } from './cause.domain.ts'
import { highest } from './rules.domain.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** What is known of a person when new findings come. */
export interface Known {
  readonly state: FollowupState
  readonly closedAt: Date | null
  readonly dueAt: Date | null
  readonly causes: readonly FollowupCause[]
  readonly grade: FollowupGrade
  /** `kind purchase` of what is behind it already. */
  readonly evidence: ReadonlySet<string>
}

/** Name of one piece of evidence. */
export const evidenceKey = (kind: FollowupCause, purchase: string): string => `${kind} ${purchase}`

export type Step =
  | { readonly kind: 'none' }
  | {
      /** A new entry; a cause that joins an open one; a closed one taken up again; more of the same causes. */
      readonly kind: 'open' | 'join' | 'reopen' | 'grow'
      /** Findings with evidence that was not known. */
      readonly news: readonly Finding[]
      readonly causes: readonly FollowupCause[]
      readonly grade: FollowupGrade
      readonly dueAt: Date
    }

/** When somebody has to answer: the earliest of what was found, counted from when its last purchase became known. */
export function dueOf(findings: readonly Finding[], knownAt: (purchase: string) => Date): Date {
  const times = findings.map(
    ({ purchases, dueHours }) => Math.max(...purchases.map((id) => knownAt(id).getTime())) + dueHours * hourMs,
  )
  return new Date(Math.min(...times))
}

/**
 * What findings mean for what is known of a person: one open entry per person, which new causes join; a closed one is taken
 * up again within `reopenDays`. The same findings a second time mean nothing.
 */
export function stepOf(
  findings: readonly Finding[],
  known: Known | undefined,
  { reopenDays, now, knownAt }: { reopenDays: number; now: Date; knownAt: (purchase: string) => Date },
): Step {
  const news = findings.filter(({ kind, purchases }) =>
    purchases.some((id) => !known?.evidence.has(evidenceKey(kind, id))),
  )
  if (news.length === 0) return { kind: 'none' }
  const dueAt = dueOf(news, knownAt)
  const again = known?.closedAt && now.getTime() - known.closedAt.getTime() <= reopenDays * dayMs
  const kinds = news.map(({ kind }) => kind)
  if (!known || (known.state === 'closed' && !again))
    return { kind: 'open', news, causes: kinds, grade: highest(news.map(({ grade }) => grade)), dueAt }
  const causes = [...new Set([...known.causes, ...kinds])]
  const grade = highest([known.grade, ...news.map((one) => one.grade)])
  if (known.state === 'closed') return { kind: 'reopen', news, causes, grade, dueAt }
  const joins = kinds.some((kind) => !known.causes.includes(kind))
  // More of what is being followed up already sets no new time.
  if (!joins) return { kind: 'grow', news, causes, grade, dueAt: known.dueAt ?? dueAt }
  return { kind: 'join', news, causes, grade, dueAt: known.dueAt && known.dueAt < dueAt ? known.dueAt : dueAt }
}

export type Action = 'take' | 'note' | 'hand-over' | 'close' | 'reopen'

const next: Readonly<Record<Action, Partial<Record<FollowupState, FollowupState>>>> = {
  // Taken from the recipient's hands again: nobody else is at it.
  take: { new: 'in-hand', 'in-hand': 'in-hand', handed: 'in-hand' },
  note: { new: 'new', 'in-hand': 'in-hand', handed: 'handed' },
  'hand-over': { new: 'handed', 'in-hand': 'handed', handed: 'handed' },
  close: { new: 'closed', 'in-hand': 'closed', handed: 'closed' },
  reopen: { closed: 'new' },
}

/** State after an action; undefined when the state does not allow it. */
export const stateAfter = (state: FollowupState, action: Action): FollowupState | undefined => next[action][state]

/** Hours later. */
export const hoursAfter = (at: Date, hours: number): Date => new Date(at.getTime() + hours * hourMs)
