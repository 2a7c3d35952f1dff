export { detect, methodName, methodNames, type Options, type Series } from './method.ts'
export { datesFrom, optionsFromR, type RCall, type RResult, runR } from './r.ts'
