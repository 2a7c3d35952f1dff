export {
  type DailyBatchColumns,
  type DailyBatchInput,
  type DailyColumns,
  type DailyInput,
  detectDaily,
  detectDailyBatch,
} from './batch.ts'
export { DailyDetector, type DailyState } from './detector.ts'
export { type DailyMethodOptions, dailyMethod } from './method.ts'
export { packDaily, unpackDaily } from './pack.ts'
export type { DailyDay, DailyNotTested, DailyOptions, DailyResult } from './types.ts'
