export { applySignals } from './alert.apply.ts'
export type {} from './alert.table.ts'
