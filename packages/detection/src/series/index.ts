export type { Counts, Dates, Missing, MissingOption } from './check.ts'
export { addMonths, toDay, toIso, weekday } from './day.ts'
export type { Online, WindowState } from './online.ts'
export { type Detection, type NotTested, type Point, pointAt } from './point.ts'
