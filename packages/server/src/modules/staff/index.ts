export { type StaffIndexes, staffIndexes } from './staff.indexes.ts'
