import { addDays, type Day, daysBetween } from '@vigil/codes'
import type { CauseDetail, FollowupCause, FollowupGrade, FollowupRules } from '@vigil/contract'

/** A purchase as the rules see it: keyed indexes in hex, no personal data. */
export interface Purchase {
  readonly id: string
  readonly soldAt: Date
  readonly receivedAt: Date
  readonly day: Day
  readonly storeCode: string
  readonly classes: readonly string[]
  readonly symptoms: readonly string[]
  /** 0.1 °C. */
  readonly temperatureTenths: number | null
  readonly proxy: boolean
  readonly undone: boolean
  readonly mobile: string | null
}

/** A rule that a buyer meets, with the buyer's own purchases behind it. */
export interface Finding {
  readonly kind: FollowupCause
  readonly grade: FollowupGrade
  readonly dueHours: number
  readonly detail: CauseDetail
  /** Ids in order of sale; one of them at least is fresh. */
  readonly purchases: readonly string[]
}

/** How many buyers share what this buyer gave: by mobile (hex), and at the address. */
export interface Shared {
  readonly mobiles: ReadonlyMap<string, number>
  readonly address: number
}

type Window = readonly Purchase[]

/** First day of a period of `days` that ends on `day`. */
export const firstDay = (day: Day, days: number): Day => addDays(day, 1 - days)

/** Whether a purchase is young enough to open something by itself. */
export const isFresh = (rules: FollowupRules, today: Day, { day }: Pick<Purchase, 'day'>): boolean =>
  day >= firstDay(today, rules.freshDays)

/** Fever as the rule means it: a listed symptom, or the temperature. */
export const isFeverish = ({ symptoms, temperatureTenths: limit }: FollowupRules['fever'], one: Purchase): boolean =>
  one.symptoms.some((symptom) => (symptoms as readonly string[]).includes(symptom)) ||
  (one.temperatureTenths !== null && one.temperatureTenths >= limit)

/**
 * The windows of `days` calendar days that end with a fresh purchase and meet a rule: their purchases, and the last one.
 */
function windows(
  list: readonly Purchase[],
  fresh: (one: Purchase) => boolean,
  days: number,
  meets: (window: Window) => boolean,
): { ids: string[]; last: Window } | undefined {
  const met = list
    .filter(fresh)
    .map((end) => list.filter((one) => one.soldAt <= end.soldAt && daysBetween(one.day, end.day) < days))
    .filter(meets)
  const last = met.at(-1)
  if (!last) return undefined
  const ids = new Set(met.flat().map(({ id }) => id))
  return { ids: list.filter(({ id }) => ids.has(id)).map(({ id }) => id), last }
}

const distinct = <T>(list: readonly T[]): T[] => [...new Set(list)]

/**
 * Which rules a buyer meets today.
 * @param history the buyer's purchases in any order, back to the longest period of the rules
 * @param shared buyers at the same mobile and address within the rules' own periods, this one included
 */
export function findCauses(rules: FollowupRules, history: readonly Purchase[], shared: Shared, today: Day): Finding[] {
  const list = history
    .filter(({ undone, day }) => !undone && day <= today)
    .sort((a, b) => a.soldAt.getTime() - b.soldAt.getTime() || (a.id < b.id ? -1 : 1))
  const fresh = (one: Purchase) => isFresh(rules, today, one)
  const findings: Finding[] = []
  const add = (kind: FollowupCause, purchases: readonly string[], detail: CauseDetail) => {
    const { grade, dueHours } = rules[kind]
    if (purchases.length > 0) findings.push({ kind, grade, dueHours, detail, purchases })
  }
  const { fever, repeat, classes, mobile, address, proxy } = rules
  if (fever.on) {
    const ill = list.filter((one) => fresh(one) && isFeverish(fever, one))
    const warmest = Math.max(0, ...ill.map(({ temperatureTenths }) => temperatureTenths ?? 0))
    const named = distinct(ill.flatMap(({ symptoms }) => symptoms)).sort() as NonNullable<CauseDetail['symptoms']>
    add('fever', ids(ill), {
      purchases: ill.length,
      ...(named.length > 0 && { symptoms: named }),
      ...(warmest > 0 && { temperatureTenths: warmest }),
    })
  }
  if (repeat.on) {
    const stores = (window: Window) => distinct(window.map(({ storeCode }) => storeCode)).length
    const met = windows(list, fresh, repeat.days, (w) => w.length >= repeat.purchases && stores(w) >= repeat.stores)
    if (met) add('repeat', met.ids, { purchases: met.last.length, days: repeat.days, stores: stores(met.last) })
  }
  if (classes.on) {
    const kinds = (window: Window) => distinct(window.flatMap((one) => one.classes)).sort()
    const met = windows(list, fresh, classes.days, (w) => kinds(w).length >= classes.classes)
    if (met)
      add('classes', met.ids, {
        classes: kinds(met.last) as NonNullable<CauseDetail['classes']>,
        days: classes.days,
        purchases: met.last.length,
      })
  }
  if (mobile.on) {
    const persons = (one: Purchase) => (one.mobile === null ? 0 : (shared.mobiles.get(one.mobile) ?? 0))
    const many = list.filter((one) => fresh(one) && persons(one) >= mobile.persons && persons(one) <= mobile.most)
    add('mobile', ids(many), { persons: Math.max(0, ...many.map(persons)), days: mobile.days })
  }
  if (proxy.on) {
    const forOthers = list.filter((one) => one.proxy)
    const met = windows(forOthers, fresh, proxy.days, (window) => window.length >= proxy.purchases)
    if (met) add('proxy', met.ids, { purchases: met.last.length, days: proxy.days })
  }
  // A household counts where its members met a rule themselves, so this one joins what was found above.
  if (address.on && findings.length > 0 && shared.address >= address.persons && shared.address <= address.most)
    add('address', distinct(findings.flatMap(({ purchases }) => purchases)), {
      persons: shared.address,
      days: address.days,
    })
  return findings
}

const ids = (list: readonly Purchase[]): string[] => list.map(({ id }) => id)
