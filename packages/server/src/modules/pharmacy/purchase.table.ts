import type { Generated } from 'kysely'

export interface PurchaseTable {
  id: string
  county: string
  storeCode: string
  areaCode: string
  path: string
  soldAt: Date
  day: string
  receivedAt: Date
  revision: Generated<number>
  status: 'valid' | 'corrected' | 'undone'
  documentType: string
  personIndex: Buffer | null
  mobileIndex: Buffer | null
  keyMonth: string
  sealed: Buffer
  classes: string[]
  units: number
  symptoms: string[]
  temperatureTenths: number | null
  fever: boolean
  clinicIds: string[]
  proxy: boolean
  offline: boolean
  accountId: string | null
  digest: Buffer
  /** The lines, in the order of entry. */
  drugIds: string[]
  drugClasses: string[]
  quantities: number[]
}

/** Which sales hold a drug. */
export interface PurchaseDrugTable {
  drugId: string
  county: string
  purchaseId: string
  path: string
}

export interface PurchaseRevisionTable {
  purchaseId: string
  county: string
  revision: number
  path: string
  at: Date
  accountId: string | null
  actor: string
  reason: string
  before: unknown
  sealed: Buffer
  keyMonth: string
}

export interface RefusalTable {
  id: string
  county: string
  storeCode: string
  path: string
  at: Date
  personIndex: Buffer | null
  drugIds: string[]
  reasonCode: string
  title: string
  documentType: string | null
  keyMonth: string | null
  sealed: Buffer | null
}

export interface RollupTable {
  county: string
  path: string
  class: string
  day: string
  purchases: number
  buyers: number
  units: number
  fever: number
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'pharmacy.purchase': PurchaseTable
    'pharmacy.purchaseDrug': PurchaseDrugTable
    'pharmacy.purchaseRevision': PurchaseRevisionTable
    'pharmacy.refusal': RefusalTable
    'pharmacy.buyerDay': { county: string; day: string; personIndex: Buffer; marks: string[] }
    'pharmacy.rollupStoreDay': RollupTable & { storeCode: string }
    'pharmacy.rollupCountyDay': RollupTable
    'pharmacy.lookupHour': { account: string; hour: Date; lookups: number }
  }
}
