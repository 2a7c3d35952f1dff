import type {
  CauseDetail,
  FollowupCause,
  FollowupGrade,
  FollowupRules,
  FollowupState,
  SheetDelivery,
} from '@vigil/contract'
import type { ColumnType, Generated } from 'kysely'

type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>

export interface EntryTable {
  id: string
  areaCode: string
  path: string
  documentType: string
  personIndex: Buffer | null
  mobileIndex: Buffer | null
  addressIndex: Buffer | null
  keyMonth: string
  sealed: Buffer | null
  causes: FollowupCause[]
  grade: FollowupGrade
  state: FollowupState
  dueAt: Date | null
  openedAt: Date
  lastAt: Date
  closedAt: Optional<Date>
  outcome: Optional<string>
  reopened: Generated<number>
  assigneeId: Optional<string>
  assignee: Optional<string>
  sheetId: Optional<string>
  toldDue: Optional<Date>
  revision: Generated<number>
}

interface CauseTable {
  entryId: string
  kind: FollowupCause
  path: string
  grade: FollowupGrade
  ruleVersion: number
  detail: ColumnType<CauseDetail, string, string>
  foundAt: Date
}

interface EvidenceTable {
  entryId: string
  kind: FollowupCause
  purchaseId: string
  path: string
  keyMonth: string
}

export interface EventTable {
  id: string
  entryId: string
  path: string
  at: Date
  actor: string
  kind: string
  detail: ColumnType<EventDetail, string, string>
  keyMonth: Optional<string>
  sealed: Optional<Buffer>
}

/** What an event tells besides who and when; no personal data. */
export interface EventDetail {
  readonly causes?: readonly FollowupCause[]
  /** Number of a hand-over sheet or receipt, or name of who was given it. */
  readonly about?: string
  readonly outcome?: string
}

export interface SheetTable {
  id: string
  number: string
  areaCode: string
  path: string
  recipient: string
  recipientName: string
  persons: number
  createdAt: Date
  createdBy: string
  receiptNumber: Optional<string>
  receiptNote: Optional<string>
  receiptAt: Optional<Date>
  receiptBy: Optional<string>
  delivery: Optional<SheetDelivery['state']>
  deliveryError: Optional<string>
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'followup.ruleSet': {
      id: string
      areaCode: string
      version: number
      rules: ColumnType<FollowupRules, string, string>
      reason: string
      createdAt: Date
      createdBy: string
    }
    'followup.entry': EntryTable
    'followup.cause': CauseTable
    'followup.evidence': EvidenceTable
    'followup.event': EventTable
    'followup.sheet': SheetTable
    'followup.sheetLine': { sheetId: string; line: number; entryId: string; path: string }
    'followup.address': { addressIndex: Buffer; personIndex: Buffer; lastDay: string; keyMonth: string }
    'followup.seen': {
      county: string
      storeCode: string
      day: string
      purchases: number
      buyers: number
      units: number
      fever: number
    }
    'followup.lease': { name: string; holder: string | null; until: Date | null; sweptDay: string | null }
  }
}
