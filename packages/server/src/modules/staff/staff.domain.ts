import { addDays, type Day, daysBetween, startOfDay } from '@vigil/codes'

/** Longest cycle that a rule can set, in days: older tests decide nothing. */
export const longestCycle = 90

/** How often the workers of a subtree are tested, from a day on. */
export interface Rule {
  readonly path: string
  readonly validFrom: Day
  /** Longest time between two tests in days; null: none is required. */
  readonly cycleDays: number | null
  /** Days of warning before the due day, and within which a newcomer is tested first. */
  readonly warnDays: number
  readonly createdAt: Date
}

/** A test that was made, when it came to be known, and when it was taken back. */
export interface Test {
  readonly sampledOn: Day
  readonly enteredAt: Date
  readonly voidAt: Date | null
}

/** Days without duty to be tested, both ends included. */
export interface Exemption {
  readonly fromDay: Day
  readonly toDay: Day
  readonly enteredAt: Date
  readonly voidAt: Date | null
}

/** All that is on record of one worker in one store. `leftOn` is the first day off. */
export interface Facts {
  readonly path: string
  readonly joinedOn: Day
  readonly recordedAt: Date
  readonly leftOn: Day | null
  readonly leftRecordedAt: Date | null
  readonly voidAt: Date | null
  readonly tests: readonly Test[]
  readonly exemptions: readonly Exemption[]
}

export type State = 'overdue' | 'due' | 'soon' | 'covered' | 'exempt' | 'free'

export interface Assessment {
  readonly state: State
  /** Tested within the cycle that ends on the day. */
  readonly covered: boolean
  /** Last day on which a test is in time; null when none is required. */
  readonly dueOn: Day | null
  readonly lastOn: Day | null
  readonly exemptUntil: Day | null
}

/** What was known at an instant; everything when it is null. */
type KnownAt = Date | null
const known = (at: Date | null, knownAt: KnownAt): boolean => at !== null && (knownAt === null || at <= knownAt)
const counts = (fact: { enteredAt: Date; voidAt: Date | null }, knownAt: KnownAt): boolean =>
  known(fact.enteredAt, knownAt) && !known(fact.voidAt, knownAt)

/** The instant up to which facts belong to what was known on a day. */
export const endOfDay = (day: Day): Date => new Date(startOfDay(addDays(day, 1)).getTime() - 1)

/** When the last fact about a worker came to be known, in ms: from then on, known then and known now are the same. */
export function settledAt(facts: Facts): number {
  let last = facts.recordedAt.getTime()
  for (const at of [facts.leftRecordedAt, facts.voidAt]) if (at) last = Math.max(last, at.getTime())
  for (const { enteredAt, voidAt } of [...facts.tests, ...facts.exemptions])
    last = Math.max(last, enteredAt.getTime(), voidAt?.getTime() ?? 0)
  return last
}

/** The rule for a place on a day: that of the nearest area, there the one that began last. */
export function ruleAt(rules: readonly Rule[], path: string, day: Day, knownAt: KnownAt): Rule | undefined {
  let best: Rule | undefined
  for (const rule of rules) {
    if (!path.startsWith(rule.path) || rule.validFrom > day || !known(rule.createdAt, knownAt)) continue
    const nearer = !best || rule.path.length > best.path.length
    const later =
      best?.path === rule.path &&
      (rule.validFrom > best.validFrom || (rule.validFrom === best.validFrom && rule.createdAt > best.createdAt))
    if (nearer || later) best = rule
  }
  return best
}

/** Whether somebody is on the roster on a day. */
export function isOnRoster(facts: Facts, day: Day, knownAt: KnownAt): boolean {
  if (facts.joinedOn > day || !known(facts.recordedAt, knownAt) || known(facts.voidAt, knownAt)) return false
  return facts.leftOn === null || facts.leftOn > day || !known(facts.leftRecordedAt, knownAt)
}

const latest = (...days: readonly (Day | null)[]): Day =>
  days.reduce<Day>((last, day) => (day !== null && day > last ? day : last), '0000-01-01')

/**
 * How a worker stands on a day, by what was known at an instant; undefined when he was not on the roster. A test on day 0
 * with a cycle of n days covers the days 0 to n. Whoever comes new, comes back or meets a new rule has the days of warning
 * to be tested: he is not covered meanwhile, and not overdue either.
 */
export function assess(facts: Facts, rule: Rule | undefined, day: Day, knownAt: KnownAt): Assessment | undefined {
  if (!isOnRoster(facts, day, knownAt)) return undefined
  let lastOn: Day | null = null
  for (const test of facts.tests)
    if (test.sampledOn <= day && (lastOn === null || test.sampledOn > lastOn) && counts(test, knownAt))
      lastOn = test.sampledOn
  let exemptUntil: Day | null = null
  let backOn: Day | null = null
  for (const each of facts.exemptions) {
    if (!counts(each, knownAt) || each.fromDay > day) continue
    if (each.toDay >= day) exemptUntil = latest(exemptUntil, each.toDay)
    else backOn = latest(backOn, addDays(each.toDay, 1))
  }
  const none = { covered: false, dueOn: null, lastOn, exemptUntil }
  if (!rule || rule.cycleDays === null) return { ...none, state: 'free' }
  if (exemptUntil !== null) return { ...none, state: 'exempt' }
  const { cycleDays, warnDays } = rule
  const first = addDays(latest(facts.joinedOn, rule.validFrom, backOn), warnDays)
  const dueOn = lastOn === null ? first : latest(addDays(lastOn, cycleDays), first)
  const covered = lastOn !== null && daysBetween(lastOn, day) <= cycleDays
  const left = daysBetween(day, dueOn)
  const state = left < 0 ? 'overdue' : left === 0 ? 'due' : left <= warnDays ? 'soon' : 'covered'
  return { state, covered, dueOn, lastOn, exemptUntil }
}

export interface Figures {
  required: number
  covered: number
  soon: number
  due: number
  overdue: number
  exempt: number
}

export const noFigures = (): Figures => ({ required: 0, covered: 0, soon: 0, due: 0, overdue: 0, exempt: 0 })

/** Adds one worker to the figures of an area. */
export function count(figures: Figures, { state, covered }: Assessment): void {
  if (state === 'exempt') figures.exempt++
  if (state === 'exempt' || state === 'free') return
  figures.required++
  if (covered) figures.covered++
  if (state !== 'covered') figures[state]++
}

/** The sum of the figures of several areas. */
export function sumOf(rows: Iterable<Figures>): Figures {
  const sum = noFigures()
  for (const row of rows) for (const key of Object.keys(sum) as (keyof Figures)[]) sum[key] += row[key]
  return sum
}

/** Which facts that bear on a day came to be known only after it. */
export function lateFacts(
  facts: Facts,
  day: Day,
): { member: boolean; left: boolean; tests: number; exemptions: number } {
  const end = endOfDay(day)
  const after = (at: Date | null) => at !== null && at > end
  return {
    member: facts.voidAt === null && facts.joinedOn <= day && after(facts.recordedAt),
    left: facts.leftOn !== null && facts.leftOn <= day && after(facts.leftRecordedAt),
    tests: facts.tests.filter(
      (test) =>
        test.voidAt === null &&
        test.sampledOn <= day &&
        daysBetween(test.sampledOn, day) <= longestCycle &&
        after(test.enteredAt),
    ).length,
    exemptions: facts.exemptions.filter(
      (each) => each.voidAt === null && each.fromDay <= day && each.toDay >= day && after(each.enteredAt),
    ).length,
  }
}
