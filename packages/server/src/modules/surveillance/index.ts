export { openSurveillance, type Surveillance } from './open.ts'
export { backtestOf, type SeriesDay, seriesOf } from './series.read.ts'
export type { Grade, Signal, SignalUnit, SurveillanceHooks } from './signal.ts'
export { ruleList, scanList } from './surveillance.list.ts'
