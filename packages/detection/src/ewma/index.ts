export { type EwmaOptions, type EwmaState, ewma, ewmaOnline } from './chart.ts'
export { type EssenceEwmaOptions, type EssenceEwmaState, essenceEwma, essenceEwmaOnline } from './essence.ts'
export type { Colour, Detector, EssenceDetection, EssencePoint } from './essence-point.ts'
