import Type, { type Static } from 'typebox'
import { ExportGrain, ExportList, xlsxType } from './export.ts'
import {
  AreaCode,
  Choice,
  Count,
  Done,
  defineRoutes,
  file,
  Id,
  Instant,
  Nullable,
  object,
  requiredText,
  text,
  Uuid,
} from './kernel.ts'
import { columnSources } from './terms.ts'

/** What a column of the template is filled with. */
export const TemplateColumn = object({
  /** Column of the sheet, counted from 1. */
  column: Type.Integer({ minimum: 1, maximum: 200 }),
  source: Choice(columnSources),
  field: Type.Optional(text(60)),
  /** Fields put together, with `separator` between those that are not empty. */
  fields: Type.Optional(Type.Array(text(60), { maxItems: 6 })),
  separator: Type.Optional(text(10)),
  constant: Type.Optional(text(200)),
  /** Pattern of a date or time: YYYY MM M DD D HH mm ss and any signs between them. */
  pattern: Type.Optional(text(40)),
  decimals: Type.Optional(Type.Integer({ minimum: 0, maximum: 6 })),
  /** The province's code for each value; several values in one cell are translated one by one. */
  codes: Type.Optional(Type.Array(object({ value: text(60), code: text(60) }), { maxItems: 200 })),
  /** Code for a value that the list does not name; the value itself unless given. */
  otherwise: Type.Optional(text(60)),
})
export type TemplateColumn = Static<typeof TemplateColumn>

/** A mapped column with its head as it stood when it was mapped. */
export const MappedColumn = object({
  ...TemplateColumn.properties,
  head: text(300),
  cell: text(10),
  merge: Nullable(text(20)),
})
export type MappedColumn = Static<typeof MappedColumn>

export const TemplateProblem = object({
  code: Choice([
    'sheet-missing',
    'column-missing',
    'column-moved',
    'head-changed',
    'head-merged',
    'field-unknown',
    'empty',
  ]),
  column: Nullable(Count),
  cell: Nullable(text(10)),
  detail: text(400),
})
export type TemplateProblem = Static<typeof TemplateProblem>

export const TemplateItem = object({
  id: Uuid,
  name: text(60),
  list: ExportList,
  grain: ExportGrain,
  version: Count,
  sheet: text(100),
  columns: Count,
  areaCode: AreaCode,
  areaName: text(100),
  workbookName: text(200),
  /** What keeps it from being used. */
  problems: Type.Array(TemplateProblem),
  updatedAt: Instant,
  updatedBy: text(60),
})
export type TemplateItem = Static<typeof TemplateItem>

export const TemplateDetail = object({
  ...TemplateItem.properties,
  headFrom: Count,
  headTo: Count,
  mapped: Type.Array(MappedColumn),
  /** The sheets of the workbook; rows as far as a person needs them to recognise it. */
  sheets: Type.Array(
    object({
      name: text(100),
      headFrom: Count,
      headTo: Count,
      rows: Type.Array(Type.Array(text(300))),
    }),
  ),
  /** Heads of the chosen sheet. */
  heads: Type.Array(object({ column: Count, cell: text(10), text: text(300), merge: Nullable(text(20)) })),
  versions: Type.Array(object({ version: Count, at: Instant, by: text(60), workbookName: text(200), note: text(100) })),
})
export type TemplateDetail = Static<typeof TemplateDetail>

const Mapping = {
  grain: ExportGrain,
  sheet: requiredText(100),
  headFrom: Type.Integer({ minimum: 1, maximum: 30 }),
  headTo: Type.Integer({ minimum: 1, maximum: 30 }),
  columns: Type.Array(TemplateColumn, { minItems: 1, maxItems: 200 }),
}

export const templateRoutes = defineRoutes({
  'template.list': {
    method: 'GET',
    path: '/api/export-templates',
    summary: 'Export templates of the own area and above',
    permission: 'signed-in',
    query: object({ list: Type.Optional(ExportList) }),
    response: object({ items: Type.Array(TemplateItem) }),
  },
  'template.read': {
    method: 'GET',
    path: '/api/export-templates/:id',
    summary: 'A template with its workbook, mapping, check and versions',
    permission: 'template.manage',
    params: Id,
    query: object({
      version: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
      /** Heads of another sheet or other rows than the saved ones, while mapping. */
      sheet: Type.Optional(text(100)),
      headFrom: Type.Optional(Type.Integer({ minimum: 1, maximum: 30 })),
      headTo: Type.Optional(Type.Integer({ minimum: 1, maximum: 30 })),
    }),
    response: TemplateDetail,
  },
  'template.create': {
    method: 'POST',
    path: '/api/export-templates',
    summary: 'Upload a workbook as a new template; columns are mapped by their heads as far as they are known',
    permission: 'template.manage',
    upload: true,
    bodyLimit: 6_000_000,
    body: object({ name: requiredText(60), list: ExportList, area: Type.Optional(AreaCode) }),
    status: 201,
    response: TemplateItem,
  },
  'template.replace': {
    method: 'POST',
    path: '/api/export-templates/:id/workbook',
    summary: 'Upload a newer workbook for a template: a new version, with what no longer fits told',
    permission: 'template.manage',
    params: Id,
    upload: true,
    bodyLimit: 6_000_000,
    response: TemplateItem,
  },
  'template.save': {
    method: 'PUT',
    path: '/api/export-templates/:id',
    summary: 'Map the columns of a template: a new version',
    permission: 'template.manage',
    params: Id,
    body: object({ name: requiredText(60), version: Count, ...Mapping }),
    response: TemplateItem,
  },
  'template.preview': {
    method: 'POST',
    path: '/api/export-templates/:id/preview',
    summary: 'The first three rows by a mapping, masked',
    permission: 'template.manage',
    params: Id,
    body: object(Mapping),
    response: object({ rows: Type.Array(Type.Array(text(500))) }),
  },
  'template.archive': {
    method: 'POST',
    path: '/api/export-templates/:id/archive',
    summary: 'Use a template no more; its versions stay for the files made with it',
    permission: 'template.manage',
    params: Id,
    response: Done,
  },
  'template.download': {
    method: 'GET',
    path: '/api/export-templates/:id/workbook',
    summary: 'The workbook of a template as it was uploaded',
    permission: 'template.manage',
    params: Id,
    response: file(xlsxType),
  },
})
