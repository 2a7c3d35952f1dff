import { type Day, dayOf, daysBetween } from '@vigil/codes'

export const gapKinds = ['not-received', 'not-sent-on', 'no-entry', 'expired', 'uncounted'] as const
export type GapKind = (typeof gapKinds)[number]
export const gapNames: Readonly<Record<GapKind, string>> = {
  'not-received': '已发未收',
  'not-sent-on': '收后长期未动',
  'no-entry': '在售无入仓记录',
  expired: '超过保质期',
  uncounted: '久未盘点',
}

/** How long something may take before it is a gap, from a day on. */
export interface GapRule {
  readonly since: Day
  /** Hours on the way. */
  readonly transitHours: number
  /** Days in stock without any movement. */
  readonly idleDays: number
  /** Days since stock was last counted. */
  readonly countDays: number
}

/** Usual rules, the newest first; an area may have its own. */
export const gapRules: readonly GapRule[] = [{ since: '2020-01-01', transitHours: 48, idleDays: 30, countDays: 30 }]

/** What is known on a day; instants in ms since 1970, days YYYY-MM-DD. */
export interface GapFacts {
  /** Sent and not yet received. */
  readonly open: readonly {
    readonly dispatch: string
    readonly lot: string
    readonly from: string
    readonly to: string
    readonly grams: number
    readonly sentAt: number
  }[]
  /** What holders have by the books. `sells`: to people, so that lying there is no fault, but having no entry is. */
  readonly stock: readonly {
    readonly lot: string
    readonly holder: string
    readonly sells: boolean
    readonly grams: number
    /** Last movement in or out. */
    readonly movedAt: number
    /** Last stocktaking; null when there was none yet. */
    readonly countedAt: number | null
    readonly expiresOn: Day | null
    /** Whether the lot, or every lot it was made of, entered a supervised warehouse or came with a certificate. */
    readonly entered: boolean
  }[]
}

/** Something that should have happened and did not. `key` is the same every day until it is mended. */
export interface Gap {
  readonly kind: GapKind
  readonly key: string
  readonly lot: string
  readonly holder: string
  /** To whom it was sent. */
  readonly other: string | null
  readonly grams: number
  /** When it was due, in ms since 1970: from then on it is a gap. */
  readonly due: number
}

const day = 86_400_000
const hour = 3_600_000
/** The first moment of the day after, in China. */
const after = (last: Day): number => Date.parse(`${last}T00:00:00+08:00`) + day

/** The rule that holds on a day. */
export const gapRuleOn = (on: Day, rules: readonly GapRule[] = gapRules): GapRule =>
  [...rules].sort((a, b) => (a.since < b.since ? 1 : -1)).find(({ since }) => since <= on) ?? rules.at(-1)!

/**
 * The gaps of a moment, the longest overdue first: sent and not received, received and never sent on, on sale without entry, expired,
 * uncounted. One thing may have several; each has one of a kind.
 * @param now ms since 1970
 */
export function gapsOf(facts: GapFacts, now: number, rule: GapRule = gapRuleOn(dayOf(new Date(now)))): Gap[] {
  const open = facts.open.map(
    ({ dispatch, lot, from, to, grams, sentAt }): Gap => ({
      kind: 'not-received',
      key: `not-received/${dispatch}/${lot}`,
      lot,
      holder: from,
      other: to,
      grams,
      due: sentAt + rule.transitHours * hour,
    }),
  )
  const stock = facts.stock.flatMap((each): Gap[] => {
    if (each.grams <= 0) return []
    const { lot, holder, grams } = each
    const gap = (kind: GapKind, due: number): Gap => ({
      kind,
      key: `${kind}/${lot}/${holder}`,
      lot,
      holder,
      other: null,
      grams,
      due,
    })
    return [
      ...(each.sells ? [] : [gap('not-sent-on', each.movedAt + rule.idleDays * day)]),
      ...(each.sells && !each.entered ? [gap('no-entry', each.movedAt)] : []),
      ...(each.expiresOn === null ? [] : [gap('expired', after(each.expiresOn))]),
      // What was never counted is due from its last movement: that was a count of a kind.
      gap('uncounted', (each.countedAt ?? each.movedAt) + rule.countDays * day),
    ]
  })
  return [...open, ...stock].filter(({ due }) => due <= now).sort((a, b) => a.due - b.due || (a.key < b.key ? -1 : 1))
}

/** Whole days that a gap has been open. */
export const gapDays = (gap: Gap, now: number): number => daysBetween(dayOf(new Date(gap.due)), dayOf(new Date(now)))
