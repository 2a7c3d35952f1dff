import type { Generated, JSONColumnType, Selectable } from 'kysely'
import type { MovementKind } from './ledger.book.ts'

export interface HolderTable {
  id: string
  partyId: string
  code: string
  name: string
  creditCode: string
  kind: 'importer' | 'warehouse' | 'trader' | 'processor' | 'shop'
  address: string
  uri: string
  locationUri: string
  capacityGrams: number | null
  slotsPerHour: number | null
  areaCode: string
  path: string
  createdAt: Date
  createdBy: string
}
export type HolderRow = Selectable<HolderTable>

export interface GoodsTable {
  id: string
  gtin: string
  name: string
  category: string
  spec: string
  limitTenths: number
  shelfLifeDays: number | null
  createdAt: Date
  createdBy: string
}
export type GoodsRow = Selectable<GoodsTable>

export interface RuleTable {
  id: string
  areaCode: string
  path: string
  validFrom: string
  tolerancePpm: number
  noticeHours: number
  testDays: number
  note: string
  createdAt: Date
  createdBy: string
}
export type RuleRow = Selectable<RuleTable>

export interface LotTable {
  id: string
  uri: string
  gtin: string
  lotNo: string
  goodsId: string | null
  goodsName: string
  kind: 'imported' | 'foreign' | 'made'
  origin: string | null
  plantNo: string | null
  supplierLot: string | null
  containerNo: string | null
  producedOn: string | null
  expiresOn: string | null
  ownerId: string | null
  holderId: string
  path: string
  releases: Generated<number>
  createdAt: Date
  createdBy: string
}
export type LotRow = Selectable<LotTable>

/** A hash that a release rests on. */
export interface Evidence {
  readonly kind: string
  readonly number: string
  readonly sha256: string
}

export interface ReleaseTable {
  id: string
  lotId: string
  number: number
  kind: 'release' | 'withdraw'
  evidence: JSONColumnType<readonly Evidence[]>
  digest: string
  reason: string
  path: string
  at: Date
  by: string
}

export interface MovementTable {
  id: string
  lotId: string
  holderId: string
  kind: MovementKind
  grams: number
  eventHash: string
  at: Date
  otherId: string | null
  dispatchId: string | null
  orderId: string | null
  path: string
}

export interface DispatchTable {
  id: string
  uri: string
  lotId: string
  fromId: string
  toId: string
  returned: boolean
  grams: number
  lostGrams: Generated<number>
  sentAt: Date
  receivedAt: Date | null
  receivedGrams: number | null
  fromPath: string
  toPath: string
}
export type DispatchRow = Selectable<DispatchTable>

export interface BoxTable {
  uri: string
  lotId: string
  grams: number
  parentUri: string | null
  holderId: string | null
  dispatchUri: string | null
  gone: Generated<boolean>
  scans: Generated<number>
  createdAt: Date
}

export interface PrefixTable {
  prefix: string
  holderId: string | null
  next: Generated<number>
  path: string
  at: Date
  by: string
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'coldchain.holder': HolderTable
    'coldchain.goods': GoodsTable
    'coldchain.rule': RuleTable
    'coldchain.lot': LotTable
    'coldchain.lotRoot': { lotId: string; rootId: string }
    'coldchain.release': ReleaseTable
    'coldchain.balance': {
      lotId: string
      holderId: string
      grams: number
      path: string
      since: Date
      movedAt: Date
      countedAt: Date | null
    }
    'coldchain.movement': MovementTable
    'coldchain.flow': {
      id: string
      fromLot: string | null
      toLot: string | null
      grams: number
      holderId: string
      eventHash: string
      at: Date
    }
    'coldchain.dispatch': DispatchTable
    'coldchain.box': BoxTable
    'coldchain.ssccPrefix': PrefixTable
    'coldchain.pallet': { sscc: string; holderId: string; path: string; at: Date; by: string }
    'coldchain.destroyOrder': {
      id: string
      number: string
      lotId: string
      grams: number
      reason: string
      path: string
      at: Date
      by: string
    }
  }
}
