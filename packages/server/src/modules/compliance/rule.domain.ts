import { feverWithoutReferral, refusedElsewhere } from './conduct.domain.ts'
import type { EntryFact, Finding, StoreWindow, Values } from './fact.domain.ts'
import { fabricatedIds, impossibleIds, sameBirthday, sharedIds, sharedMobiles, staffIds } from './identity.domain.ts'
import { closingBatches, impossibleTimes, lateReports, nearIdentical, silence, underVolume } from './timing.domain.ts'

/** Days that a rule looks back on. */
export const windowDays = 28

/** One number of a rule that a supervisor may change within bounds. */
export interface Parameter {
  readonly name: string
  /** Chinese, with the unit. */
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
}

export interface RuleDefinition {
  readonly name: string
  /** One sentence for a person: what it means and why it matters. */
  readonly meaning: string
  /** Points of 100 that a store loses at full strength. */
  readonly weight: number
  readonly parameters: readonly Parameter[]
  readonly look: (window: StoreWindow, values: Values) => Finding | undefined
}

const parameter = (name: string, label: string, value: number, min: number, max: number): Parameter => ({
  name,
  label,
  value,
  min,
  max,
})
const full = (value: number) => parameter('full', '达到满分扣减的占比（%）', value, 1, 100)

/**
 * The rules with the values they start with. Chosen from what is plausible at an honest counter (how often chance brings
 * it about, what a family does), not from the habits of the synthetic city.
 */
export const ruleDefinitions = {
  'fabricated-id': {
    name: '疑似编造证件（连号）',
    meaning: '多名购药人的证件地区、出生日期相同，且顺序码依次递增，像是编出来的号码。',
    weight: 60,
    parameters: [
      parameter('birthdays', '按多少种“地区＋生日”估计偶然相同', 3000, 100, 100_000),
      parameter('chance', '允许偶然出现的概率（‱）', 10, 1, 1000),
      parameter('step', '相邻号码顺序码最多相差', 50, 1, 300),
      full(20),
    ],
    look: fabricatedIds,
  },
  'same-birthday': {
    name: '生日雷同',
    meaning: '地区和出生日期都相同的购药人多得不像巧合。',
    weight: 55,
    parameters: [
      parameter('birthdays', '按多少种“地区＋生日”估计偶然相同', 3000, 100, 100_000),
      parameter('chance', '允许偶然出现的概率（‱）', 10, 1, 1000),
      full(20),
    ],
    look: sameBirthday,
  },
  'impossible-id': {
    name: '证件地区不存在',
    meaning: '证件号码开头的地区在国家标准中从未有过。',
    weight: 50,
    parameters: [parameter('least', '至少几笔', 3, 1, 100), parameter('share', '至少占比（%）', 3, 0, 100), full(20)],
    look: impossibleIds,
  },
  'shared-id': {
    name: '一证多人',
    meaning: '同一个证件号码登记了多个不同的姓名。',
    weight: 50,
    parameters: [parameter('names', '同一证件至少几个姓名', 3, 2, 20), full(20)],
    look: sharedIds,
  },
  'shared-mobile': {
    name: '一号多人',
    meaning: '同一个手机号登记给多名购药人，超过一个家庭通常的人数。',
    weight: 40,
    parameters: [parameter('persons', '同一手机号至少几人', 5, 3, 50), full(30)],
    look: sharedMobiles,
  },
  'staff-id': {
    name: '用店员证件登记',
    meaning: '本店从业人员的证件被反复用来登记购药。',
    weight: 45,
    parameters: [parameter('least', '至少几笔', 4, 2, 100), parameter('share', '至少占比（%）', 6, 0, 100), full(20)],
    look: staffIds,
  },
  'near-identical': {
    name: '雷同登记',
    meaning: '同一人、同样的药，几分钟内反复登记。',
    weight: 40,
    parameters: [
      parameter('minutes', '间隔不超过（分钟）', 15, 1, 240),
      parameter('least', '至少几对', 3, 2, 100),
      parameter('share', '至少占比（%）', 2, 0, 100),
      full(15),
    ],
    look: nearIdentical,
  },
  'batch-entry': {
    name: '打烊前集中补录',
    meaning: '一天的登记大多挤在最后几分钟接连录入，不是边卖边登。',
    weight: 40,
    parameters: [
      parameter('gap', '相邻两笔间隔不超过（秒）', 90, 10, 600),
      parameter('part', '占当天登记至少（%）', 50, 20, 100),
      parameter('days', '至少几天', 3, 1, 28),
      parameter('share', '占有多笔登记的日子至少（%）', 20, 0, 100),
      full(80),
    ],
    look: closingBatches,
  },
  'late-report': {
    name: '迟报',
    meaning: '登记不是售出时上传，而是隔了几个小时或几天。',
    weight: 20,
    parameters: [
      parameter('minutes', '超过多少分钟算迟', 120, 10, 2880),
      parameter('backfill', '超过多少天算补录历史，不计', 10, 5, 365),
      parameter('least', '至少几笔', 5, 1, 1000),
      parameter('share', '至少占比（%）', 30, 1, 100),
      full(100),
    ],
    look: lateReports,
  },
  silent: {
    name: '停报',
    meaning: '连续多天没有任何登记，按平时的量不应如此。',
    weight: 40,
    parameters: [
      parameter('days', '至少连续几天', 3, 1, 28),
      parameter('missing', '期间按平时应有至少几笔', 12, 3, 100),
      parameter('full', '达到满分扣减的天数', 10, 1, 28),
    ],
    look: silence,
  },
  'under-volume': {
    name: '登记量明显偏低',
    meaning: '登记量远低于同区县同类药店，可能卖药不登记。',
    weight: 25,
    parameters: [
      parameter('peers', '至少有几家同类药店', 8, 3, 1000),
      parameter('spread', '低于同类多少倍离散度', 3.5, 1, 10),
      parameter('least', '同类药店每天至少几笔', 1, 0, 1000),
    ],
    look: underVolume,
  },
  'fever-referral': {
    name: '发热无引导记录',
    meaning:
      '发热购药人没有引导到发热门诊的记录。售后用文件上报，或当地未登记发热门诊的，系统里没有引导记录，处置前请先向药店核实。',
    weight: 30,
    parameters: [
      parameter('least', '至少几笔', 3, 1, 100),
      parameter('share', '占发热登记至少（%）', 20, 0, 100),
      parameter('full', '达到满分扣减的占比（%）', 60, 1, 100),
    ],
    look: feverWithoutReferral,
  },
  'refused-elsewhere': {
    name: '接售他店拒售',
    meaning: '购药人刚在别的药店按停售令被拒，就在本店买到同一种药。',
    weight: 40,
    parameters: [parameter('least', '至少几笔', 2, 1, 100), full(10)],
    look: refusedElsewhere,
  },
  'impossible-time': {
    name: '时间异常',
    meaning: '多笔登记在同一秒，或集中在凌晨。',
    weight: 25,
    parameters: [
      parameter('together', '同一秒至少几笔', 3, 2, 100),
      parameter('least', '凌晨 1 点到 5 点至少几笔', 5, 1, 100),
      parameter('share', '凌晨登记至少占比（%）', 10, 1, 100),
      full(30),
    ],
    look: impossibleTimes,
  },
} as const satisfies Record<string, RuleDefinition>

export type RuleName = keyof typeof ruleDefinitions
export const ruleNames = Object.keys(ruleDefinitions) as RuleName[]

/** A rule as it is in force: definition with the values of one version. */
export interface RuleInForce {
  readonly rule: RuleName
  readonly version: number
  readonly enabled: boolean
  readonly weight: number
  readonly values: Values
}

/** The values a rule starts with. */
export const startValues = (rule: RuleName): Values =>
  Object.fromEntries(ruleDefinitions[rule].parameters.map(({ name, value }) => [name, value]))

/** What is wrong with new values of a rule, Chinese; empty when they may be taken. Unknown names are refused, missing ones too. */
export function checkValues(rule: RuleName, values: Values): string[] {
  const { parameters } = ruleDefinitions[rule]
  const known = new Set<string>(parameters.map(({ name }) => name))
  const unknown = Object.keys(values).filter((name) => !known.has(name))
  return [
    ...unknown.map((name) => `没有参数“${name}”`),
    ...parameters.flatMap(({ name, label, min, max }) => {
      const value = values[name]
      if (value === undefined || !Number.isFinite(value)) return [`“${label}”未填写`]
      return value < min || value > max ? [`“${label}”应在 ${min} 到 ${max} 之间`] : []
    }),
  ]
}

/** Everything that the rules in force say of a store's window. */
export function judge(window: StoreWindow, rules: readonly RuleInForce[]): Map<RuleName, Finding> {
  const found = new Map<RuleName, Finding>()
  for (const { rule, enabled, values } of rules) {
    if (!enabled) continue
    const finding = ruleDefinitions[rule].look(window, values)
    if (finding) found.set(rule, finding)
  }
  return found
}

/** Entries in the order that the rules expect. */
export const sortEntries = (entries: readonly EntryFact[]): EntryFact[] =>
  [...entries].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.at - b.at || (a.id < b.id ? -1 : 1)))

/** The rules as an installation begins with them. */
export const startRules = (): RuleInForce[] =>
  ruleNames.map((rule) => ({
    rule,
    version: 1,
    enabled: true,
    weight: ruleDefinitions[rule].weight,
    values: startValues(rule),
  }))
