import { type RuleSettings, watchedClasses } from '@vigil/contract'

const usual: Omit<RuleSettings, 'levels' | 'budget' | 'minExcess'> = {
  detector: 'daily',
  parameters: { falseAlarmRate: 0.02, warmUp: 28, windows: [1, 2, 3] },
  classes: [...watchedClasses],
  grades: { blue: 2.5, yellow: 3.2, orange: 4, red: 5.5 },
  minCompleteness: 0.5,
  historyDays: 400,
}

/** What a city starts with: counties and offices by day, stores with a tight budget, for there are many of them. */
export const defaultRules: readonly {
  readonly name: string
  readonly note: string
  readonly settings: RuleSettings
}[] = [
  {
    name: '区县日监测',
    note: '系统默认：每个区县每天每类药品与自身以往相比',
    settings: { ...usual, levels: ['county'], budget: 0.2, minExcess: 5 },
  },
  {
    name: '监管所日监测',
    note: '系统默认：每个监管所每天每类药品与自身以往相比',
    settings: { ...usual, levels: ['office'], budget: 0.1, minExcess: 4 },
  },
  {
    name: '药店日监测（从严控制误报）',
    note: '系统默认：药店数量多，误报预算从严',
    settings: { ...usual, levels: ['store'], budget: 0.05, minExcess: 6 },
  },
]
