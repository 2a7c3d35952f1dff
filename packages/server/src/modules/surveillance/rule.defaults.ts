import { type RuleSettings, watchedClasses } from '@vigil/contract'

type Own = 'levels' | 'budget' | 'minExcess' | 'grades' | 'parameters'
const usual: Omit<RuleSettings, Own> = {
  detector: 'daily',
  classes: [...watchedClasses],
  minCompleteness: 0.5,
  historyDays: 400,
}

// Sums over some days rather than single ones: a day's spike is mostly a promotion or chance, an outbreak lasts. Windows,
// grades and budgets were chosen on the cities 201 to 210 of bench/study.city.ts; docs/study-city.md is of others.
const over = (...windows: number[]): RuleSettings['parameters'] => ({ falseAlarmRate: 0.02, warmUp: 28, windows })

/** What a city starts with: counties and offices by day, stores with a tight budget, for there are many of them. */
export const defaultRules: readonly {
  readonly name: string
  readonly note: string
  readonly settings: RuleSettings
}[] = [
  {
    name: '区县日监测',
    note: '系统默认：每个区县每天每类药品与自身以往相比',
    settings: {
      ...usual,
      levels: ['county'],
      parameters: over(5),
      grades: { blue: 1.6, yellow: 2.1, orange: 2.7, red: 4 },
      budget: 0.2,
      minExcess: 5,
    },
  },
  {
    name: '监管所日监测',
    note: '系统默认：每个监管所每天每类药品与自身以往相比',
    settings: {
      ...usual,
      levels: ['office'],
      parameters: over(3),
      grades: { blue: 2.2, yellow: 2.9, orange: 3.6, red: 5 },
      budget: 0.02,
      minExcess: 4,
    },
  },
  {
    name: '药店日监测（从严控制误报）',
    note: '系统默认：药店数量多，误报预算从严',
    settings: {
      ...usual,
      levels: ['store'],
      parameters: over(3),
      grades: { blue: 2.5, yellow: 3.2, orange: 4, red: 5.5 },
      budget: 0.02,
      minExcess: 6,
    },
  },
  {
    name: '区县突增监测',
    note: '系统默认：一到三天内的急剧上升；只用于开始登记不满半年的区县，历史数据还短时也能发现',
    settings: {
      ...usual,
      levels: ['county'],
      parameters: over(1, 2, 3),
      grades: { blue: 3, yellow: 3.4, orange: 4, red: 5.5 },
      budget: 0.05,
      minExcess: 5,
      // With more history it adds false alerts and finds nothing new (docs/study-city.md).
      maxAgeDays: 180,
    },
  },
]
