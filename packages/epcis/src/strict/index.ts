export { type StrictOptions, strictEventProblems, strictProblems, strictRules } from './strict.ts'
export { createdMass, type PlacedTransformation } from './transformation.ts'
