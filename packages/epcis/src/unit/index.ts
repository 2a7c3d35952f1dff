export { comparableUnits, convertUnit } from './unit.ts'
