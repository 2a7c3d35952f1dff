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

export interface DeclarationTable {
  id: string
  number: string
  lotId: string
  ownerId: string
  warehouseId: string
  slotAt: Date
  vehicle: string
  keyMonth: string
  sealed: Buffer | null
  boxes: number
  grams: number
  state: Generated<'declared' | 'disputed' | 'entered' | 'cancelled'>
  path: string
  ownerPath: string
  declaredAt: Date
  declaredBy: string
  enteredAt: Date | null
  enteredBoxes: number | null
  enteredGrams: number | null
}
export type DeclarationRow = Selectable<DeclarationTable>

interface KeptFile {
  id: string
  fileId: string
  filename: string
  mediaType: string
  bytes: number
  sha256: string
  path: string
  at: Date
  by: string
}
export interface DocumentTable extends KeptFile {
  declarationId: string
  kind: 'customs' | 'quarantine' | 'test' | 'disinfection'
  number: string
  issuedOn: string
  ownerPath: string
}
export type DocumentRow = Selectable<DocumentTable>

export interface FigureTable {
  id: string
  declarationId: string
  side: 'consignor' | 'warehouse'
  boxes: number
  grams: number
  reason: string
  path: string
  ownerPath: string
  at: Date
  by: string
}
export type FigureRow = Selectable<FigureTable>

export interface DiscrepancyTable {
  declarationId: string
  consignorBoxes: number
  consignorGrams: number
  warehouseBoxes: number
  warehouseGrams: number
  openedAt: Date
  settledAt: Date | null
  settledBoxes: number | null
  settledGrams: number | null
  path: string
  ownerPath: string
}

export interface SampleTable {
  id: string
  code: string
  lotId: string
  subject: 'goods' | 'packaging' | 'vehicle'
  grams: number
  result: Generated<'pending' | 'negative' | 'positive'>
  lab: Generated<string>
  reportNo: Generated<string>
  resultAt: Date | null
  resultBy: string | null
  path: string
  takenAt: Date
  takenBy: string
}
export type SampleRow = Selectable<SampleTable>

export interface CertificateTable {
  id: string
  number: string
  lotId: string
  province: string | null
  issuer: string
  issuedOn: string
  grams: number
  boxes: number
  token: string
  scans: Generated<number>
  path: string
  at: Date
  by: string
}
export type CertificateRow = Selectable<CertificateTable>

export interface ViolationTable {
  id: string
  kind: 'unknown-code' | 'not-released' | 'not-here' | 'no-entry'
  code: string
  lotId: string | null
  holderId: string | null
  place: string
  lon: number | null
  lat: number | null
  grams: number | null
  note: string
  state: Generated<'open' | 'closed'>
  outcome: Generated<string>
  withdrawnGrams: Generated<number>
  areaCode: string
  path: string
  at: Date
  by: string
  closedAt: Date | null
  closedBy: string | null
}
export type ViolationRow = Selectable<ViolationTable>

declare module '../../kernel/db/database.ts' {
  interface Database {
    'coldchain.holder': HolderTable
    'coldchain.goods': GoodsTable
    'coldchain.rule': RuleTable
    'coldchain.lot': LotTable
    'coldchain.lotRoot': { lotId: string; rootId: string }
    'coldchain.release': ReleaseTable
    'coldchain.balance': { lotId: string; holderId: string; grams: number; path: string; since: Date }
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
    'coldchain.declaration': DeclarationTable
    'coldchain.document': DocumentTable
    'coldchain.figure': FigureTable
    'coldchain.discrepancy': DiscrepancyTable
    'coldchain.sample': SampleTable
    'coldchain.disinfection': {
      id: string
      lotId: string
      agent: string
      doneAt: Date
      note: string
      path: string
      at: Date
      by: string
    }
    'coldchain.certificate': CertificateTable
    'coldchain.violation': ViolationTable
    'coldchain.photo': KeptFile & { violationId: string }
    'coldchain.tally': {
      county: string
      path: string
      day: string
      lots: Generated<number>
      grams: Generated<number>
      released: Generated<number>
      violations: Generated<number>
      withdrawnGrams: Generated<number>
    }
  }
}
