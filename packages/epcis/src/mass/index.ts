export { gramsOf, isMassUnit, massOf, totalMass } from './mass.ts'
