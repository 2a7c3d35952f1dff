import type { ImportCounts, ImportKindName, ImportState } from '@vigil/contract'
import type { ColumnType, Generated } from 'kysely'
import type { Assigned } from './import.domain.ts'

export interface ImportRunTable {
  id: string
  kind: ImportKindName
  ownerId: string | null
  createdBy: string
  storeCode: string | null
  path: string
  scope: string[]
  filename: string
  fileId: string | null
  bytes: number
  sha256: string
  assigned: ColumnType<Assigned | null, string | null, string | null>
  status: Generated<ImportState>
  attempts: Generated<number>
  failures: Generated<number>
  position: Generated<number>
  share: Generated<number>
  total: Generated<number>
  fresh: Generated<number>
  changed: Generated<number>
  unchanged: Generated<number>
  refused: Generated<number>
  preview: ColumnType<ImportCounts | null, string | null | undefined, string | null>
  sealedProblems: Generated<Buffer | null>
  error: Generated<string | null>
  errorFileId: Generated<string | null>
  handout: Generated<number>
  handoutUntil: Generated<Date | null>
  handoutFetchedAt: Generated<Date | null>
  createdAt: Date
  startedAt: Generated<Date | null>
  finishedAt: Generated<Date | null>
  touchedAt: Generated<Date>
  expiresAt: Date
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'import.run': ImportRunTable
    'import.refusal': { runId: string; position: number; path: string; sealed: Buffer }
    'import.handout': { runId: string; position: number; path: string; sealed: Buffer; expiresAt: Date }
    'import.mapping': {
      kind: string
      signature: string
      path: string
      assigned: ColumnType<Assigned, string, string>
      changedBy: string
      changedAt: Generated<Date>
    }
  }
}
