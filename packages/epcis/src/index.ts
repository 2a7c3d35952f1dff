export * from './document/index.ts'
export * from './hash/index.ts'
export * from './identifier/index.ts'
export type { Problem, Read } from './result.ts'
