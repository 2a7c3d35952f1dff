import type { RuleSettings } from '@vigil/contract'

/** A field at fault, by JSON pointer below the settings, with a Chinese reason. */
export interface RuleFault {
  readonly pointer: string
  readonly detail: string
}

interface Bound {
  readonly name: string
  readonly least: number
  readonly most: number
  readonly whole?: boolean
  readonly fallback: number
}

/** Parameters by detector, with bounds and what is taken when one is not given. */
export const parameterBounds = {
  daily: {
    falseAlarmRate: { name: '常态误报率', least: 0.001, most: 0.2, fallback: 0.02 },
    warmUp: { name: '起步天数', least: 14, most: 365, whole: true, fallback: 28 },
  },
  'ears-c2': {
    baseline: { name: '基线天数', least: 7, most: 112, whole: true, fallback: 28 },
    alpha: { name: '误报概率', least: 0.00001, most: 0.2, fallback: 0.01 },
  },
  'farrington-flexible': {
    years: { name: '回看年数', least: 1, most: 5, whole: true, fallback: 1 },
    halfWindow: { name: '窗口半宽（周）', least: 1, most: 8, whole: true, fallback: 3 },
    alpha: { name: '误报概率', least: 0.00001, most: 0.2, fallback: 0.01 },
  },
  cusum: {
    k: { name: '参考值 k', least: 0.1, most: 5, fallback: 1.04 },
    h: { name: '决策限 h', least: 0.5, most: 20, fallback: 2.26 },
  },
} as const satisfies Readonly<Record<RuleSettings['detector'], Readonly<Record<string, Bound>>>>

const weeksOfYear = 52
/** Days from which CUSUM takes its mean, and days over which it sums after them. */
export const cusumBaseline = 56
export const cusumRun = 28
const between = ({ name, least, most, whole }: Omit<Bound, 'fallback'>, value: number): string | undefined => {
  if (!Number.isFinite(value) || value < least || value > most) return `${name}应在 ${least} 至 ${most} 之间`
  return whole && !Number.isInteger(value) ? `${name}应为整数` : undefined
}

function windowFaults(windows: readonly number[] | undefined): RuleFault[] {
  if (windows === undefined) return []
  const bad = windows.length === 0 || windows.some((days) => !Number.isInteger(days) || days < 1 || days > 28)
  if (bad) return [{ pointer: '/parameters/windows', detail: '合并天数应为 1 至 28 之间的整数，至少一项' }]
  if (new Set(windows).size < windows.length) return [{ pointer: '/parameters/windows', detail: '合并天数有重复' }]
  return []
}

function parameterFaults({ detector, parameters }: RuleSettings): RuleFault[] {
  const known: Readonly<Record<string, Bound>> = parameterBounds[detector]
  const faults = detector === 'daily' ? windowFaults(parameters.windows) : []
  for (const [key, value] of Object.entries(parameters)) {
    if (key === 'windows' && detector === 'daily') continue
    const bound = known[key]
    const detail = !bound ? '所选监测方法没有此参数' : typeof value === 'number' ? between(bound, value) : '应为数字'
    if (detail) faults.push({ pointer: `/parameters/${key}`, detail })
  }
  return faults
}

/** What no installation can work with, field by field; empty when the settings are sound. */
export function faultsOf(settings: RuleSettings): RuleFault[] {
  const faults = parameterFaults(settings)
  const { levels, classes, grades, historyDays } = settings
  if (levels.length === 0) faults.push({ pointer: '/levels', detail: '请至少选择一个层级' })
  if (classes.length === 0) faults.push({ pointer: '/classes', detail: '请至少选择一类药品' })
  const twice = (list: readonly string[]) => new Set(list).size < list.length
  if (twice(levels)) faults.push({ pointer: '/levels', detail: '层级有重复' })
  if (twice(classes)) faults.push({ pointer: '/classes', detail: '药品类别有重复' })
  const order = [
    ['blue', '蓝色', 1] as const,
    ['yellow', '黄色', grades.blue] as const,
    ['orange', '橙色', grades.yellow] as const,
    ['red', '红色', grades.orange] as const,
  ]
  for (const [key, name, least] of order) {
    const value = grades[key]
    if (!Number.isFinite(value) || value > 30)
      faults.push({ pointer: `/grades/${key}`, detail: `${name}强度应不超过 30` })
    else if (key === 'blue' ? value < least : value <= least)
      faults.push({
        pointer: `/grades/${key}`,
        detail: key === 'blue' ? '蓝色强度应不低于 1' : `${name}强度应高于前一等级的 ${least}`,
      })
  }
  const plain = [
    ['budget', { name: '误报预算', least: 0.001, most: 100 }],
    ['minExcess', { name: '最少超出笔数', least: 0, most: 10_000 }],
    ['minCompleteness', { name: '最低报告比例', least: 0.05, most: 1 }],
    ['historyDays', { name: '学习天数', least: 42, most: 2200, whole: true }],
  ] as const
  for (const [key, bound] of plain) {
    const detail = between(bound, settings[key])
    if (detail) faults.push({ pointer: `/${key}`, detail })
  }
  if (settings.maxAgeDays !== undefined) {
    const bound = { name: '适用历史天数', least: reachOf(settings), most: historyDays, whole: true }
    const detail = between(bound, settings.maxAgeDays)
    if (detail) faults.push({ pointer: '/maxAgeDays', detail })
  }
  return [...faults, ...reachFaults(settings, historyDays)]
}

/** Parameters that ask for more past than the rule looks at: such a rule would never judge. */
function reachFaults(settings: RuleSettings, historyDays: number): RuleFault[] {
  const needed = reachOf(settings)
  if (!(needed > historyDays)) return []
  return [{ pointer: '/historyDays', detail: `所选参数要用到此前 ${needed} 天，学习天数应不少于 ${needed}` }]
}

/** Days of the past that a verdict of the settings needs. */
export function reachOf(settings: Pick<RuleSettings, 'detector' | 'parameters'>): number {
  const value = (key: string) => parameterOf(settings, key)
  if (settings.detector === 'daily') return value('warmUp') + 1
  if (settings.detector === 'ears-c2') return value('baseline') + 3
  if (settings.detector === 'cusum') return cusumBaseline + cusumRun + 1
  return (value('years') * weeksOfYear + value('halfWindow') + 1) * 7
}

/** A parameter as given, or what the detector takes without it. */
export function parameterOf(settings: Pick<RuleSettings, 'detector' | 'parameters'>, key: string): number {
  const given = (settings.parameters as Readonly<Record<string, unknown>>)[key]
  const bound = (parameterBounds[settings.detector] as Readonly<Record<string, Bound>>)[key]
  return typeof given === 'number' ? given : (bound?.fallback ?? Number.NaN)
}
