import type { FollowupCause, FollowupGrade, FollowupRules } from '@vigil/contract'

/**
 * What counts until an area sets its own. Fever: 24 hours, the practice of the bureaus. Two persons at one address who both
 * met a rule are a household, as two cases are a cluster.
 */
export const defaultRules: FollowupRules = {
  freshDays: 3,
  reopenDays: 30,
  handedHours: 72,
  fever: { on: true, grade: 'orange', dueHours: 24, temperatureTenths: 373, symptoms: ['fever', 'chest-tightness'] },
  repeat: { on: true, grade: 'yellow', dueHours: 48, purchases: 3, days: 7, stores: 2 },
  classes: { on: true, grade: 'yellow', dueHours: 48, classes: 3, days: 3 },
  mobile: { on: true, grade: 'yellow', dueHours: 48, persons: 4, days: 7, most: 10 },
  address: { on: true, grade: 'red', dueHours: 24, persons: 2, days: 7, most: 12 },
  proxy: { on: true, grade: 'blue', dueHours: 72, purchases: 3, days: 14 },
}

const order: readonly FollowupGrade[] = ['blue', 'yellow', 'orange', 'red']

/** The gravest of some grades. */
export const highest = (grades: readonly FollowupGrade[]): FollowupGrade =>
  grades.reduce((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a), 'blue')

/** Longest period that a rule looks back, in days: what is fetched of a buyer. */
export function longestDays(rules: FollowupRules): number {
  const { repeat, classes, mobile, address, proxy } = rules
  return Math.max(1, ...[repeat, classes, mobile, address, proxy].filter(({ on }) => on).map(({ days }) => days))
}

export interface RuleProblem {
  /** JSON pointer below the rules. */
  readonly pointer: string
  readonly detail: string
}

/** Bounds of each threshold: beyond them a rule finds nobody or everybody, or its question costs too much. */
const bounds: readonly (readonly [string, (rules: FollowupRules) => number, number, number, string])[] = [
  ['/freshDays', (r) => r.freshDays, 1, 14, '登记多少天内可引起随访'],
  ['/reopenDays', (r) => r.reopenDays, 1, 180, '办结后多少天内重新随访'],
  ['/handedHours', (r) => r.handedHours, 1, 720, '转交后的办理时限（小时）'],
  ['/fever/temperatureTenths', (r) => r.fever.temperatureTenths, 370, 410, '体温阈值（0.1℃）'],
  ['/repeat/purchases', (r) => r.repeat.purchases, 2, 30, '购药次数'],
  ['/repeat/days', (r) => r.repeat.days, 1, 31, '天数'],
  ['/repeat/stores', (r) => r.repeat.stores, 1, 30, '药店家数'],
  ['/classes/classes', (r) => r.classes.classes, 2, 4, '药品类别数'],
  ['/classes/days', (r) => r.classes.days, 1, 31, '天数'],
  ['/mobile/persons', (r) => r.mobile.persons, 2, 50, '人数'],
  ['/mobile/days', (r) => r.mobile.days, 1, 31, '天数'],
  ['/mobile/most', (r) => r.mobile.most, 2, 50, '人数上限'],
  ['/address/persons', (r) => r.address.persons, 2, 50, '人数'],
  ['/address/days', (r) => r.address.days, 1, 31, '天数'],
  ['/address/most', (r) => r.address.most, 2, 50, '人数上限'],
  ['/proxy/purchases', (r) => r.proxy.purchases, 2, 30, '代购次数'],
  ['/proxy/days', (r) => r.proxy.days, 1, 31, '天数'],
]

const kinds: readonly FollowupCause[] = ['fever', 'repeat', 'classes', 'mobile', 'address', 'proxy']

/** Why rules cannot be what somebody means; empty when they can. All reasons are told at once. */
export function problemsOf(rules: FollowupRules): RuleProblem[] {
  const problems: RuleProblem[] = []
  for (const [pointer, of, least, most, name] of bounds) {
    const value = of(rules)
    if (!Number.isInteger(value) || value < least || value > most)
      problems.push({ pointer, detail: `${name}应为 ${least} 至 ${most} 的整数` })
  }
  for (const kind of kinds) {
    const { dueHours } = rules[kind]
    if (!Number.isInteger(dueHours) || dueHours < 1 || dueHours > 720)
      problems.push({ pointer: `/${kind}/dueHours`, detail: '办理时限应为 1 至 720 小时的整数' })
  }
  if (rules.repeat.stores > rules.repeat.purchases)
    problems.push({ pointer: '/repeat/stores', detail: '药店家数多于购药次数，永远不会满足' })
  for (const kind of ['mobile', 'address'] as const)
    if (rules[kind].most < rules[kind].persons)
      problems.push({ pointer: `/${kind}/most`, detail: '人数上限小于起算人数，永远不会满足' })
  if (!kinds.some((kind) => rules[kind].on)) problems.push({ pointer: '/fever/on', detail: '至少启用一条规则' })
  return problems
}
