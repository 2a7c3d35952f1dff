export { type UnitBelow, unitsBelow } from './area.below.ts'
export type { Drug } from './drug.domain.ts'
export { seedDrugs } from './drug.store.ts'
export { pharmacyImports } from './import.ts'
export { onSales } from './live.ts'
export { openPharmacy, type Pharmacy } from './open.ts'
export { onImported } from './overview.share.ts'
export type { PurchaseRow } from './purchase.block.ts'
export type { Line, StoreFacts } from './purchase.domain.ts'
export { type SaleDuring, salesDuring, type Time } from './purchase.during.ts'
export { refusedSales, registeredPacks } from './purchase.evidence.ts'
export {
  type RefusedSaleMark,
  refusalsSince,
  type StoreDayEntry,
  storeDayEntries,
  storeDayMarks,
  storeVolumes,
} from './purchase.facts.ts'
export { plainPurchaseFields, purchaseFields } from './purchase.fields.ts'
export { purchaseQuery, type ResolvedFilter, resolveFilter } from './purchase.filter.ts'
export type { Refusal, Sale, SaleGuard } from './purchase.guard.ts'
export { parseTime } from './purchase.import.domain.ts'
export { drugFinder, type Found, storeFinder } from './purchase.import.find.ts'
export { Occurrences } from './purchase.import.seen.ts'
export { countLookups, lookupsPerHour } from './purchase.known.ts'
export { purchaseList } from './purchase.list.ts'
export type { Purchases } from './purchase.module.ts'
export { ensureMonths } from './purchase.month.ts'
export {
  buyersByMobile,
  buyersOf,
  changedPurchases,
  ownersOf,
  type PersonPurchase,
  purchasesOfPersons,
  type StoreDay,
  storeDays,
} from './purchase.person.ts'
export { type PurchaseRecord, recordsAt, recordsNow } from './purchase.record.ts'
export {
  countRefusals,
  listRefusals,
  maskRefused,
  type RefusalFilter,
  type RefusalRow,
  type RefusedSale,
  refusalQuery,
  saveRefusals,
} from './purchase.refusal.ts'
export { register } from './purchase.register.ts'
export { findPersonal, keyMonthOf, mobileIndex, personIndex } from './purchase.seal.ts'
export { clinicList, drugList, storeList } from './reference.list.ts'
export type { Store } from './reference.table.ts'
export { openReference, type Reference, referenceTopic } from './reference.ts'
export { foldRollups } from './rollup.fold.ts'
export { dropOldSheets } from './store.account.ts'
export { pickedScope } from './store.read.ts'
export { pharmacyStoreHandlers } from './store.route.ts'
export { soldOn, soldText } from './store.sold.ts'
