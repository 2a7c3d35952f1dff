export { openingList } from './opening.list.ts'
export { openingHandlers } from './opening.route.ts'
export { backdateStores, checkIn, type TakenOver, takeOver } from './opening.service.ts'
export type {} from './opening.table.ts'
