import type { Generated } from 'kysely'

export interface ExportTable {
  id: string
  number: string
  list: 'purchases'
  format: 'csv' | 'xlsx'
  clear: boolean
  reason: string | null
  ownerId: string
  createdBy: string
  areaCode: string
  path: string
  scope: string[]
  fromDay: string
  toDay: string
  sealedFilter: Buffer
  status: Generated<'running' | 'ready' | 'failed' | 'expired'>
  attempts: Generated<number>
  rows: Generated<number>
  expectedRows: Generated<number>
  bytes: Generated<number>
  sha256: string | null
  error: string | null
  fileId: string | null
  createdAt: Date
  touchedAt: Generated<Date>
  expiresAt: Date
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'export.export': ExportTable
    'export.counter': { day: string; last: number }
  }
}
