/** Accounts of the demo city: printed at start, and nowhere else but in a demo database. */
export const demoPassword = 'shouwang-demo'
export const demoStore = {
  code: 'DEMO-0001',
  name: '守望示范大药房',
  activationCode: 'DEMO-0001-OPEN',
} as const

export const demoAccounts = [
  { username: 'director', displayName: '林局长', roleCode: 'city-director', area: 'city', title: '市局管理员' },
  { username: 'jinjiang', displayName: '陈科长', roleCode: 'county-supervisor', area: '350582', title: '晋江市局' },
  { username: 'office', displayName: '王所长', roleCode: 'office-officer', area: 'office', title: '晋江市一个监管所' },
  { username: 'auditor', displayName: '吴审计', roleCode: 'auditor', area: 'city', title: '审计员' },
] as const

/** Businesses of the cold chain that sign in at /cold, by the key of their place in the demo city. */
export const demoHolders = [
  { username: 'importer', displayName: '周经理', holder: 'importer', title: '冷链货主' },
  { username: 'warehouse', displayName: '黄仓管', holder: 'jinjiang', title: '集中监管仓' },
  { username: 'trader', displayName: '许老板', holder: 'trader', title: '冷链经营者' },
  { username: 'processor', displayName: '吴厂长', holder: 'processor', title: '冷链加工' },
  { username: 'shop', displayName: '蔡店长', holder: 'shop', title: '冷链零售' },
] as const
