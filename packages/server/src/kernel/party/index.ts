export { partyImport } from './party.import.ts'
export { partyHandlers } from './party.route.ts'
export { type PartyAt, partyKind, upsertParties } from './party.store.ts'
export type { PartyTable, PremisesTable } from './party.table.ts'
