export type { Block, Field, Grain, List, Resolved, Threaded, ThreadList } from './list.ts'
export { containing, type ListQuery, queryList } from './query-list.ts'
