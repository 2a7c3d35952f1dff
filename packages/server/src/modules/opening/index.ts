export { openingList } from './opening.list.ts'
export { type Opening, openOpening } from './opening.open.ts'
export { backdateStores, checkIn, type TakenOver, takeOver } from './opening.service.ts'
export type {} from './opening.table.ts'
