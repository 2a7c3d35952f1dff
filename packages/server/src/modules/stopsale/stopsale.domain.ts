import { addDays, type Day, startOfDay } from '@vigil/codes'

/** A line of an order's catalogue with the time in which it binds: `from` included, `to` not; instants in ms. */
export interface Rule {
  readonly orderId: string
  /** Subtree of areas. */
  readonly path: string
  readonly kind: 'drug' | 'generic' | 'class'
  /** Id of a drug, generic name, or class. */
  readonly value: string
  readonly from: number
  readonly to: number | null
  /** When counters were told of it. */
  readonly toldAt: number
}

export interface DrugFacts {
  readonly id: string
  readonly class: string
  readonly generic: string
}

const later = (a: number, b: number) => Math.max(a, b)
const sooner = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.min(a, b))

/** The time in which a line binds: that of its order, cut to the time that it belonged to it. */
export function bindingTime(
  order: { readonly startsAt: number; readonly endsAt: number | null },
  item: { readonly addedAt: number; readonly removedAt: number | null },
): { from: number; to: number | null } {
  return { from: later(order.startsAt, item.addedAt), to: sooner(order.endsAt, item.removedAt) }
}

/** The instants between which an order binds that is issued at `issuedAt` for these days: never before its issue. */
export function orderTime(from: Day, to: Day | null, issuedAt: number): { startsAt: number; endsAt: number | null } {
  const startsAt = later(startOfDay(from).getTime(), issuedAt)
  return { startsAt, endsAt: to === null ? null : later(endOf(to), startsAt) }
}

/** First instant after a day in Asia/Shanghai, in ms. */
export const endOf = (day: Day): number => startOfDay(addDays(day, 1)).getTime()

const names = (rule: Rule, drug: DrugFacts): boolean =>
  rule.kind === 'drug'
    ? rule.value === drug.id
    : rule.kind === 'generic'
      ? rule.value === drug.generic
      : rule.value === drug.class

const holdsAt = (rule: Rule, at: number): boolean => rule.from <= at && (rule.to === null || at < rule.to)

/** Whether a rule forbids a drug at a place (the path of a store) at an instant. */
export const forbids = (rule: Rule, path: string, drug: DrugFacts, at: number): boolean =>
  path.startsWith(rule.path) && holdsAt(rule, at) && names(rule, drug)

/** Whether a device that last fetched the orders at `knownAt` could have known a rule. */
export const couldKnow = (rule: Rule, knownAt: number | undefined): boolean =>
  knownAt !== undefined && knownAt >= rule.toldAt

export interface DayMatch {
  readonly match: 'matched' | 'partial' | 'none'
  readonly orderId: string | null
}

/**
 * What a day says of a drug at a place: forbidden the whole day, in part, or not. A line of a bill has a day and no time, so
 * only the whole day proves that the sale was forbidden. The order is the one that forbids most of the day.
 */
export function matchDay(rules: readonly Rule[], path: string, drug: DrugFacts, day: Day): DayMatch {
  const start = startOfDay(day).getTime()
  const end = endOf(day)
  const parts = rules
    .filter((rule) => path.startsWith(rule.path) && names(rule, drug))
    .map((rule) => ({ orderId: rule.orderId, from: Math.max(rule.from, start), to: Math.min(rule.to ?? end, end) }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from)
  let covered = start
  for (const { from, to } of parts) if (from <= covered) covered = Math.max(covered, to)
  const [longest] = [...parts].sort((a, b) => b.to - b.from - (a.to - a.from))
  if (!longest) return { match: 'none', orderId: null }
  return { match: covered >= end ? 'matched' : 'partial', orderId: longest.orderId }
}

export type OrderState = 'draft' | 'coming' | 'in-force' | 'over' | 'dropped'

/** Where an order stands at an instant. */
export function stateOf(
  order: {
    readonly status: 'draft' | 'issued' | 'dropped'
    readonly startsAt: Date | null
    readonly endsAt: Date | null
  },
  now: Date,
): OrderState {
  if (order.status !== 'issued' || !order.startsAt) return order.status === 'dropped' ? 'dropped' : 'draft'
  if (order.endsAt && order.endsAt <= now) return 'over'
  return order.startsAt > now ? 'coming' : 'in-force'
}

interface Written {
  readonly name: string
  readonly areaCode: string
  readonly from: Day
  readonly to: Day | null
}

/**
 * What is wrong with a change of an order that was issued: stores have signed for its name, area and first day, and a past
 * day stays as it was.
 * @returns the field and the reason; undefined when it may be
 */
export function refuseChange(
  before: Written,
  after: Written,
  today: Day,
): { pointer: string; detail: string } | undefined {
  if (before.name !== after.name) return { pointer: '/name', detail: '已发布的目录不能改名，请另发一份' }
  if (before.areaCode !== after.areaCode) return { pointer: '/areaCode', detail: '已发布的目录不能改区划，请另发一份' }
  if (before.from !== after.from) return { pointer: '/from', detail: '已发布的目录不能改起始日期' }
  if (before.to !== after.to && after.to !== null && after.to < today)
    return { pointer: '/to', detail: '截止日期不能早于今天' }
  return undefined
}

export type Answers = Readonly<Record<string, 'yes' | 'no' | 'na'>>

/** What the answers of an inspection come to: one point that does not hold is a finding. */
export const resultOf = (answers: Answers): 'pass' | 'fail' => (Object.values(answers).includes('no') ? 'fail' : 'pass')

/** Weight of a store in the list for joint inspections: a paid line proves most, a refusal least. */
export const jointScore = (counts: {
  readonly lines: number
  readonly sales: number
  readonly refusals: number
  readonly failed: number
}): number => counts.lines * 10 + counts.sales * 5 + counts.failed * 3 + counts.refusals
