export { createCity, promotionsOn, reportsOn } from './city.ts'
export { countColumns, countsOfDay } from './count.ts'
export { purchaseHeader, storeHeader, toCsv, toCsvRows, toStoreRow } from './csv.ts'
export { purchases, purchasesOfDay } from './day.ts'
export { demoEpidemics } from './demo.ts'
export { drugs, findDrug, type StarterDrug, starterCatalogue } from './drugs.ts'
export { injectedCount } from './epidemics.ts'
export { defaultHabits, defaults, noHabits } from './options.ts'
export { findPerson, householdMembers, type Person } from './people.ts'
export {
  type Found,
  type Mention,
  type Outbreak,
  type Score,
  type ScoredAlert,
  scoreAlerts,
  scoreByChance,
  speaksOf,
} from './score.ts'
export * from './trade/index.ts'
export * from './types.ts'
