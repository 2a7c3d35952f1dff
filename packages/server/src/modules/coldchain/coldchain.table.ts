import type { Generated, Selectable } from 'kysely'
import type { GapKind } from './gap.domain.ts'

export type * from './ledger.table.ts'
export type * from './recall.table.ts'
export type * from './temperature.table.ts'

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

export interface KeptFile {
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
  retestOf: Generated<string | null>
  retestReason: Generated<string>
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
  /** For whom it was issued; null: for the lot. */
  toId: string | null
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
  state: Generated<'open' | 'taken' | 'closed'>
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
    'coldchain.violationStep': {
      id: string
      violationId: string
      kind: 'take' | 'note' | 'close'
      note: string
      path: string
      at: Date
      by: string
    }
    'coldchain.gapDay': { day: string; keptAt: Date; total: number }
    'coldchain.gap': {
      day: string
      key: string
      kind: GapKind
      lotId: string
      holderId: string
      otherId: string | null
      grams: number
      due: Date
      path: string
      otherPath: string | null
    }
    'coldchain.tally': {
      county: string
      path: string
      day: string
      lots: Generated<number>
      boxes: Generated<number>
      grams: Generated<number>
      released: Generated<number>
      violations: Generated<number>
      withdrawnGrams: Generated<number>
    }
  }
}
