import type { ExportList, MappedColumn, TemplateProblem } from '@vigil/contract'
import type { Generated } from 'kysely'
import type { Grain } from '../../kernel/export/index.ts'

export interface ExportTable {
  id: string
  number: string
  list: ExportList
  format: 'csv' | 'xlsx'
  clear: boolean
  reason: string | null
  ownerId: string | null
  createdBy: string
  areaCode: string
  path: string
  scope: string[]
  fromDay: string | null
  toDay: string | null
  templateId: string | null
  templateVersion: number | null
  tell: string | null
  firstRow: Generated<number>
  traced: Generated<boolean>
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

export interface TemplateTable {
  id: string
  name: string
  list: ExportList
  areaCode: string
  path: string
  version: number
  archived: Generated<boolean>
  updatedAt: Date
  updatedBy: string
}

export interface TemplateVersionTable {
  templateId: string
  version: number
  path: string
  grain: Grain
  sheet: string
  headFrom: number
  headTo: number
  columns: MappedColumn[]
  problems: TemplateProblem[]
  workbook: Buffer
  workbookName: string
  note: string
  createdAt: Date
  createdBy: string
}

export interface RowChunkTable {
  exportId: string
  firstRow: number
  rows: number
  path: string
  ids: Buffer
  revisions: Buffer
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'export.export': ExportTable
    'export.counter': { day: string; last: number }
    'export.template': TemplateTable
    'export.templateVersion': TemplateVersionTable
    'export.rowChunk': RowChunkTable
  }
}
