import { accessRoutes } from './access.ts'
import { alertRoutes } from './alert.ts'
import { alertResponseRoutes } from './alert-response.ts'
import { areaRoutes, partyRoutes } from './area.ts'
import { channelRoutes } from './channel.ts'
import { coldchainRoutes } from './coldchain.ts'
import { complianceRoutes } from './compliance.ts'
import { epcisRoutes } from './epcis.ts'
import { exportRoutes } from './export.ts'
import { followupRoutes } from './followup.ts'
import { importRoutes } from './import.ts'
import { noticeRoutes } from './notice.ts'
import { openingRoutes } from './opening.ts'
import { auditRoutes, eventRoutes, fileRoutes, vaultRoutes } from './operation.ts'
import { pharmacyPurchaseRoutes } from './pharmacy-purchase.ts'
import { pharmacyStoreRoutes } from './pharmacy-store.ts'
import { reimbursementRoutes } from './reimbursement.ts'
import { sharingRoutes } from './sharing.ts'
import { staffRoutes } from './staff.ts'
import { stopCheckRoutes } from './stopcheck.ts'
import { stopSaleRoutes } from './stopsale.ts'
import { surveillanceRoutes } from './surveillance.ts'
import { templateRoutes } from './template.ts'

export * from './access.ts'
export * from './alert.terms.ts'
export * from './alert.ts'
export * from './alert-model.ts'
export * from './alert-response.ts'
export * from './area.ts'
export * from './channel.terms.ts'
export * from './channel.ts'
export * from './client.ts'
export * from './coldchain.ts'
export type { ColdStock, ColdTask, ColdWarehouse } from './coldchain-desk.ts'
export * from './coldchain-inspect.ts'
export * from './coldchain-model.ts'
export type { ColdPrefix } from './coldchain-pallet.ts'
export * from './coldchain-recall-contact.ts'
export * from './coldchain-recall-mock.ts'
export * from './coldchain-recall-model.ts'
export type { ColdBox, ColdScanPack } from './coldchain-scan.ts'
export type { ColdTemperature, ColdTemperatures } from './coldchain-temperature.ts'
export * from './coldchain-trace.ts'
export * from './coldchain-trade-model.ts'
export * from './compliance.ts'
export type { ComplianceEvidence, EvidenceEntry, ScorePart, StoreScore } from './compliance-model.ts'
export * from './epcis.ts'
export * from './export.ts'
export * from './followup.terms.ts'
export * from './followup.ts'
export * from './import.ts'
export * from './kernel.ts'
export * from './notice.ts'
export * from './opening.ts'
export * from './operation.ts'
export * from './permission.ts'
export * from './pharmacy-overview.ts'
export * from './pharmacy-purchase.ts'
export * from './pharmacy-store.ts'
export * from './receipt.ts'
export * from './reimbursement.ts'
export * from './sharing.ts'
export * from './sharing-model.ts'
export * from './staff.ts'
export {
  OwnStaff,
  StaffCoverage,
  StaffExemption,
  StaffFigures,
  StaffMember,
  StaffResult,
  StaffRule,
} from './staff-model.ts'
export * from './stopcheck.ts'
export * from './stopsale.ts'
export * from './surveillance.ts'
export * from './template.ts'
export * from './terms.ts'

/** Everything the server offers. Routes, OpenAPI, the typed client and the access tests are derived from this table. */
export const contract = {
  ...accessRoutes,
  ...areaRoutes,
  ...partyRoutes,
  ...pharmacyStoreRoutes,
  ...pharmacyPurchaseRoutes,
  ...exportRoutes,
  ...templateRoutes,
  ...fileRoutes,
  ...eventRoutes,
  ...importRoutes,
  ...auditRoutes,
  ...vaultRoutes,
  ...sharingRoutes,
  ...surveillanceRoutes,
  ...alertRoutes,
  ...alertResponseRoutes,
  ...channelRoutes,
  ...stopSaleRoutes,
  ...stopCheckRoutes,
  ...reimbursementRoutes,
  ...followupRoutes,
  ...noticeRoutes,
  ...complianceRoutes,
  ...openingRoutes,
  ...staffRoutes,
  ...coldchainRoutes,
  ...epcisRoutes,
}
export type Contract = typeof contract
export type RouteName = keyof Contract
