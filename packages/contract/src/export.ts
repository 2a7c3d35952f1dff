import Type, { type Static } from 'typebox'
import {
  AreaCode,
  Choice,
  Count,
  DayText,
  defineRoutes,
  file,
  Id,
  Instant,
  Nullable,
  object,
  PageQuery,
  page,
  StoreCode,
  text,
  Uuid,
} from './kernel.ts'
import { DrugClass } from './pharmacy-store.ts'
import { exportGrains, exportLists, symptoms } from './terms.ts'

export const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const ExportList = Choice(exportLists)
export type ExportList = Static<typeof ExportList>
export const ExportGrain = Choice(exportGrains)

/** What to take out: the filter of the list as its screen has it. Purchases need a period. */
export const ExportFilter = object({
  area: Type.Optional(AreaCode),
  from: Type.Optional(DayText),
  to: Type.Optional(DayText),
  store: Type.Optional(StoreCode),
  class: Type.Optional(DrugClass),
  drugId: Type.Optional(Uuid),
  symptom: Type.Optional(Choice(symptoms)),
  fever: Type.Optional(Type.Boolean()),
  status: Type.Optional(text(20)),
  /** Exact; found by keyed index, never kept in a log. */
  documentNumber: Type.Optional(text(30)),
  mobile: Type.Optional(text(20)),
  /** Text that name, code or number contains. */
  q: Type.Optional(text(60)),
  /** Of accounts: of persons or of stores. */
  kind: Type.Optional(Choice(['person', 'store'])),
  /** Of stores: state of their account. */
  account: Type.Optional(Choice(['none', 'invited', 'active', 'disabled'])),
  action: Type.Optional(text(80)),
  actor: Type.Optional(text(60)),
  outcome: Type.Optional(Choice(['done', 'refused', 'failed'])),
  /** Of the cold chain: rows of one lot, or of what became of it or it came from. */
  lot: Type.Optional(Uuid),
  reach: Type.Optional(Choice(['lot', 'forward', 'backward'])),
})
export type ExportFilter = Static<typeof ExportFilter>

export const ExportItem = object({
  id: Uuid,
  /** Running number of the file: VGL-YYYYMMDD-######. */
  number: text(30),
  list: ExportList,
  format: Choice(['csv', 'xlsx']),
  clear: Type.Boolean(),
  areaCode: AreaCode,
  areaName: text(100),
  /** Period in days; null for a list without one. */
  from: Nullable(text(10)),
  to: Nullable(text(10)),
  templateId: Nullable(Uuid),
  templateName: Nullable(text(60)),
  templateVersion: Nullable(Count),
  status: Choice(['running', 'ready', 'failed', 'expired']),
  rows: Count,
  expectedRows: Count,
  bytes: Count,
  sha256: Nullable(text(64)),
  error: Nullable(text(300)),
  /** Whether the rows of the file can be opened and compared. */
  traced: Type.Boolean(),
  createdAt: Instant,
  createdBy: text(60),
})
export type ExportItem = Static<typeof ExportItem>

/** A row of a file and the record that it came from. */
export const ExportRow = object({
  /** Counted from 1, heads left out. */
  row: Count,
  /** As the spreadsheet numbers it. */
  sheetRow: Count,
  recordId: Uuid,
  receiptNo: text(30),
  revision: Count,
  /** Field of the cell, when a column was asked for. */
  field: Nullable(text(60)),
  fieldName: Nullable(text(60)),
})

/** What has changed since a file was made; values masked. */
export const ExportDifference = object({
  kind: Choice(['corrected', 'undone', 'late', 'left']),
  row: Nullable(Count),
  recordId: Uuid,
  receiptNo: text(30),
  /** Head of the column; null when it concerns the whole row. */
  head: Nullable(text(300)),
  sent: Nullable(text(500)),
  present: Nullable(text(500)),
})
export type ExportDifference = Static<typeof ExportDifference>

export const ExportListInfo = object({
  key: ExportList,
  name: text(60),
  grains: Type.Array(ExportGrain),
  fields: Type.Array(
    object({
      key: text(60),
      name: text(60),
      type: Choice(['text', 'integer', 'decimal', 'datetime', 'day']),
      /** Personal data: masked unless permitted. */
      personal: Type.Boolean(),
      /** All values that the field can have, as they are shown; empty when they are not a closed list. */
      values: Type.Array(text(60)),
    }),
  ),
})
export type ExportListInfo = Static<typeof ExportListInfo>

export const exportRoutes = defineRoutes({
  'export.create': {
    method: 'POST',
    path: '/api/exports',
    summary: 'Export a list of an area and period, by a template if wanted; masked unless permitted',
    permission: 'signed-in',
    status: 202,
    body: object({
      list: Type.Optional(ExportList),
      format: Choice(['csv', 'xlsx']),
      templateId: Type.Optional(Uuid),
      filter: ExportFilter,
      clear: Type.Optional(Type.Boolean()),
      reason: Type.Optional(text(300)),
      /** Wait some seconds for a file of at most 10,000 rows. */
      wait: Type.Optional(Type.Boolean()),
    }),
    response: ExportItem,
  },
  'export.list': {
    method: 'GET',
    path: '/api/exports',
    summary: 'Own exports, newest first',
    permission: 'signed-in',
    query: object(PageQuery),
    response: page(ExportItem),
  },
  'export.read': {
    method: 'GET',
    path: '/api/exports/:id',
    summary: 'State of an export',
    permission: 'signed-in',
    params: Id,
    response: ExportItem,
  },
  'export.download': {
    method: 'GET',
    path: '/api/exports/:id/file',
    summary: 'The exported file',
    permission: 'signed-in',
    params: Id,
    response: file('text/csv', xlsxType),
  },
  'export.row': {
    method: 'GET',
    path: '/api/exports/:id/rows',
    summary: 'The record behind a row of an exported file',
    permission: 'purchase.export',
    params: Id,
    query: object({
      row: Type.Integer({ minimum: 1, maximum: 1_048_576 }),
      /** Column of the file, counted from 1. */
      column: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    }),
    response: ExportRow,
  },
  'export.differences': {
    method: 'GET',
    path: '/api/exports/:id/differences',
    summary: 'Corrections, undone entries and late arrivals since the file was made; masked',
    permission: 'purchase.export',
    params: Id,
    query: object({ cursor: Type.Optional(text(20)) }),
    response: object({
      items: Type.Array(ExportDifference),
      /** Rows of the file compared so far. */
      compared: Count,
      rows: Count,
      next: Nullable(text(20)),
    }),
  },
  'export.lists': {
    method: 'GET',
    path: '/api/export-lists',
    summary: 'Lists that the caller may export, with their fields',
    permission: 'signed-in',
    response: object({ items: Type.Array(ExportListInfo) }),
  },
})
