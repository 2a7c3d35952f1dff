import type { ColumnType, GeneratedAlways } from 'kysely'

/** How a command ended: done, refused by a rule or a permission, failed by an error. */
export type AuditOutcome = 'done' | 'refused' | 'failed'

export interface AuditEntryTable {
  seq: GeneratedAlways<number>
  at: GeneratedAlways<Date>
  actorId: string | null
  actor: string
  action: string
  outcome: AuditOutcome
  object: string
  areaCode: string | null
  path: string
  ip: string
  userAgent: string
  requestId: string
  /** Written as JSON text. */
  detail: ColumnType<Record<string, unknown>, string, never>
}

export interface AuditLeafTable {
  leafIndex: number
  seq: number
  /** Written as text, so that microseconds are kept. */
  at: ColumnType<Date, string, never>
  hash: Buffer
}

export interface AuditHeadTable {
  treeSize: number
  root: Buffer
  frontier: Buffer[]
  maxSeq: number
  signedAt: ColumnType<Date, string, never>
  keyId: string
  signature: Buffer
}

declare module '../db/database.ts' {
  interface Database {
    'audit.entry': AuditEntryTable
    'audit.leaf': AuditLeafTable
    'audit.head': AuditHeadTable
  }
}
