export { rki, rkiOnline, rkiSystems } from './rki.ts'
