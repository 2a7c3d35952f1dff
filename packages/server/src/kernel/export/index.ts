export type { Field, Grain, List, Resolved } from './list.ts'
export { containing, type ListQuery, queryList } from './query-list.ts'
