export { type EarsOptions, ears, earsOnline } from './ears.ts'
