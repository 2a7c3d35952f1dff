import type { Rule, RuleSettings } from '@vigil/contract'

/** What the editor holds: parameters of every detector, so that changing to and fro loses nothing. */
export interface Values {
  name: string
  areaCode?: string
  note: string
  detector: RuleSettings['detector']
  parameters: RuleSettings['parameters']
  levels: RuleSettings['levels']
  classes: RuleSettings['classes']
  grades: RuleSettings['grades']
  budget: number
  minExcess: number
  minCompleteness: number
  historyDays: number
  maxAgeDays?: number | null
}

const defaults: RuleSettings['parameters'] = {
  falseAlarmRate: 0.02,
  warmUp: 28,
  windows: [1, 2, 3],
  baseline: 28,
  alpha: 0.01,
  years: 1,
  halfWindow: 3,
  k: 1.04,
  h: 2.26,
}

const own: Readonly<Record<RuleSettings['detector'], readonly (keyof RuleSettings['parameters'])[]>> = {
  daily: ['falseAlarmRate', 'warmUp', 'windows'],
  'ears-c2': ['baseline', 'alpha'],
  'farrington-flexible': ['years', 'halfWindow', 'alpha'],
  cusum: ['k', 'h'],
}

/** The form of a rule, or of a new one in an area. */
export function valuesOf(rule: Rule | undefined, areaCode: string | undefined): Partial<Values> {
  if (!rule)
    return {
      ...(areaCode ? { areaCode } : {}),
      note: '',
      detector: 'daily',
      parameters: defaults,
      levels: ['county'],
      classes: ['antipyretic', 'cough', 'antibiotic', 'antiviral', 'all'],
      grades: { blue: 2.5, yellow: 3.2, orange: 4, red: 5.5 },
      budget: 0.2,
      minExcess: 5,
      minCompleteness: 50,
      historyDays: 400,
    }
  const { settings } = rule.current
  const minCompleteness = Math.round(settings.minCompleteness * 100)
  return {
    ...settings,
    minCompleteness,
    name: rule.name,
    note: '',
    parameters: { ...defaults, ...settings.parameters },
  }
}

/** The settings that the form says: parameters of other detectors are left out, shares are shares. */
export function settingsOf(values: Values): RuleSettings {
  const { detector, levels, classes, grades, budget, minExcess, historyDays, maxAgeDays } = values
  const parameters = Object.fromEntries(
    own[detector].flatMap((key) => (values.parameters[key] === undefined ? [] : [[key, values.parameters[key]]])),
  )
  const minCompleteness = values.minCompleteness / 100
  const past = { minCompleteness, historyDays, ...(typeof maxAgeDays === 'number' && { maxAgeDays }) }
  return { detector, parameters, levels, classes, grades, budget, minExcess, ...past }
}

/** Where a fault of the request stands in the form. */
export function fieldOf(path: readonly (string | number)[]): (string | number)[] | undefined {
  const inner = path[0] === 'settings' ? path.slice(1) : [...path]
  return inner.length > 0 ? inner : undefined
}
