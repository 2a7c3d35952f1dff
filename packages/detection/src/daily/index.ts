export { type DailyColumns, type DailyInput, detectDaily } from './batch.ts'
export { DailyDetector, type DailyState } from './detector.ts'
export { type DailyMethodOptions, dailyMethod } from './method.ts'
export type { DailyDay, DailyNotTested, DailyOptions, DailyResult } from './types.ts'
