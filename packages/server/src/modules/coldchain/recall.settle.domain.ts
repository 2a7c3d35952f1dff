import { coldFateNames } from '@vigil/contract/terms'
import { apportion } from '@vigil/epcis/trace'
import { type Fate, fates, type Recall, type RecallLine } from './recall.domain.ts'

/** Fates as people read them. */
export const fateNames: Readonly<Record<Fate, string>> = coldFateNames

/** What a holder found when told to count: grams of a lot that are really there. */
export interface Confirmation {
  readonly lot: string
  readonly holder: string
  readonly grams: number
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface SettledLine extends RecallLine {
  /** Seen by its holder, or over and done with; what is only booked is not. */
  readonly confirmed: boolean
}

/** A recall after its holders counted. */
export interface SettledRecall {
  readonly total: number
  readonly lines: readonly SettledLine[]
  readonly byFate: Readonly<Record<Fate, number>>
  /** Grams whose fate is known: all but the unaccounted. */
  readonly accounted: number
  /** Of these, grams that are not merely booked. */
  readonly confirmed: number
  /** What holders did not find: mass of a lot, whatever is in it. */
  readonly missing: readonly { readonly lot: string; readonly holder: string; readonly mass: number }[]
  /** Holders that have goods on hand by the books, and those of them that have not answered. */
  readonly asked: readonly string[]
  readonly waitingFor: readonly string[]
}

const booked: ReadonlySet<Fate> = new Set(['on-hand', 'in-transit', 'unaccounted'])

/**
 * Sets what holders found against the books: what is missing there is unaccounted from then on, in exact grams; more than the books say
 * changes nothing. The last word of a holder about a lot counts.
 */
export function settleRecall(recall: Pick<Recall, 'total' | 'lines'>, found: readonly Confirmation[]): SettledRecall {
  const last = new Map<string, Confirmation>()
  for (const each of [...found].sort((a, b) => a.at - b.at)) last.set(`${each.lot}\n${each.holder}`, each)
  const lost: { lot: string; holder: string; mass: number }[] = []
  const lines = recall.lines.flatMap((line): SettledLine[] => {
    if (line.fate !== 'on-hand') return [{ ...line, confirmed: !booked.has(line.fate) }]
    const answer = last.get(`${line.lot}\n${line.holder}`)
    if (!answer) return [{ ...line, confirmed: false }]
    const there = Math.min(Math.max(0, answer.grams), line.mass)
    if (there < line.mass) lost.push({ lot: line.lot, holder: line.holder, mass: line.mass - there })
    const [kept, missing] = apportion(line.grams, [there, line.mass - there]) as [number, number]
    return [
      ...(kept > 0 ? [{ ...line, grams: kept, mass: there, confirmed: true }] : []),
      ...(missing > 0
        ? [{ ...line, fate: 'unaccounted' as const, grams: missing, mass: line.mass - there, confirmed: false }]
        : []),
    ]
  })
  const byFate = Object.fromEntries(fates.map((fate) => [fate, 0])) as Record<Fate, number>
  for (const { fate, grams } of lines) byFate[fate] += grams
  const waiting = lines.filter(({ fate, confirmed }) => fate === 'on-hand' && !confirmed).map(({ holder }) => holder)
  return {
    total: recall.total,
    lines,
    byFate,
    missing: lost,
    accounted: recall.total - byFate.unaccounted,
    confirmed: lines.reduce((sum, { confirmed, grams }) => sum + (confirmed ? grams : 0), 0),
    asked: [...new Set(recall.lines.flatMap(({ fate, holder }) => (fate === 'on-hand' ? [holder] : [])))],
    waitingFor: [...new Set(waiting)],
  }
}

/**
 * Grams by fate as they are now, from the ledger as it is now: what holders did not find when they counted is unaccounted, as far as
 * the books still have it there. They sum to the total, as the lines do.
 */
export function fatesNow(
  now: Pick<Recall, 'lines'>,
  missing: SettledRecall['missing'],
): Readonly<Record<Fate, number>> {
  const byFate = Object.fromEntries(fates.map((fate) => [fate, 0])) as Record<Fate, number>
  const lost = new Map(missing.map(({ lot, holder, mass }) => [`${lot}\n${holder}`, mass]))
  for (const { fate, lot, holder, grams, mass } of now.lines) {
    const gone = fate === 'on-hand' ? Math.min(lost.get(`${lot}\n${holder}`) ?? 0, mass) : 0
    const [kept, missed] = apportion(grams, [mass - gone, gone]) as [number, number]
    byFate[fate] += kept
    byFate.unaccounted += missed
  }
  return byFate
}

/** What a mock recall is measured by, from a day on. */
export interface MockRule {
  readonly since: string
  /** Milliseconds within which everything should be found and confirmed. */
  readonly target: number
  /** Hundredths of a per cent of the grams that must be accounted for. */
  readonly share: number
}

/** A positive lot is to be located within two hours (practice of Zhejiang's cold-chain office, 2020). The newest first. */
export const mockRules: readonly MockRule[] = [{ since: '2020-06-01', target: 2 * 3_600_000, share: 9_950 }]

export interface MockResult {
  /** 0 to 100: 60 for what is accounted for, 25 for what is confirmed, 15 for time. */
  readonly score: number
  readonly passed: boolean
  /** Hundredths of a per cent, rounded down: 10,000 is all. */
  readonly accountedShare: number
  readonly confirmedShare: number
  /** Milliseconds until the last confirmation, or until it was broken off. */
  readonly took: number
}

/**
 * Scores a mock recall. Time counts fully within the target and not at all from four times the target on. It passes when the share of
 * the rule is accounted for, nobody is waited for, and the target is kept.
 * @param startedAt and `endedAt` in ms since 1970: when it was called out, and when it was complete or broken off
 */
export function scoreMock(
  recall: SettledRecall,
  { startedAt, endedAt, rule = mockRules[0]! }: { startedAt: number; endedAt: number; rule?: MockRule },
): MockResult {
  const took = Math.max(0, endedAt - startedAt)
  const shareOf = (grams: number) => (recall.total === 0 ? 10_000 : Math.floor((grams / recall.total) * 10_000))
  const [accountedShare, confirmedShare] = [shareOf(recall.accounted), shareOf(recall.confirmed)]
  const time = Math.min(1, Math.max(0, (4 * rule.target - took) / (3 * rule.target)))
  return {
    score: Math.floor((60 * accountedShare + 25 * confirmedShare) / 10_000 + 15 * time),
    passed: accountedShare >= rule.share && recall.waitingFor.length === 0 && took <= rule.target,
    accountedShare,
    confirmedShare,
    took,
  }
}
