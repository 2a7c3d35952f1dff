export { type Surveillance, openSurveillance } from './open.ts'
export type { Grade, Signal, SignalUnit, SurveillanceHooks } from './signal.ts'
export { backtestOf, type SeriesDay, seriesOf } from './series.read.ts'
