export { type CusumOptions, type CusumState, cusum, cusumOnline } from './cusum.ts'
export type { Transformation } from './transform.ts'
