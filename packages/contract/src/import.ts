import Type, { type Static } from 'typebox'
import {
  Choice,
  Count,
  defineRoutes,
  file,
  Id,
  Instant,
  Nullable,
  object,
  PageQuery,
  page,
  text,
  Uuid,
} from './kernel.ts'
import { importKinds, importStates } from './terms.ts'

export type ImportKindName = (typeof importKinds)[number]
export type ImportState = (typeof importStates)[number]

/** Rows by what becomes of them: new, changed, there already, refused. */
export const ImportCounts = object({ total: Count, fresh: Count, changed: Count, unchanged: Count, refused: Count })
export type ImportCounts = Static<typeof ImportCounts>

export const ImportRun = object({
  id: Uuid,
  kind: Choice(importKinds),
  filename: text(200),
  bytes: Count,
  sha256: text(64),
  status: Choice(importStates),
  /** Rows of the file dealt with in the present step, and the share of the file that they are, 0 to 1. */
  rows: Count,
  share: Type.Number({ minimum: 0, maximum: 1 }),
  /** What a dry run said would happen; null before. */
  preview: Nullable(ImportCounts),
  /** What has happened so far. */
  result: ImportCounts,
  /** The first refused rows of the newest step. */
  problems: Type.Array(object({ row: Count, column: text(100), detail: text(500) }), { maxItems: 50 }),
  /** Why the step failed. */
  error: Nullable(text(300)),
  /** Whether a file with every refused row and its reason can be fetched. */
  errorFile: Type.Boolean(),
  /** Codes that came into being: how many wait to be fetched, once, until when, and when such were fetched last. */
  handout: Nullable(object({ rows: Count, until: Instant, fetchedAt: Nullable(Instant) })),
  createdAt: Instant,
  createdBy: text(80),
  finishedAt: Nullable(Instant),
})
export type ImportRun = Static<typeof ImportRun>

const Field = text(40)

/** What was recognised in a file: the head, the columns, and what is known of each. */
export const ImportLook = object({
  format: Choice(['xlsx', 'csv']),
  sheet: text(100),
  headRow: Count,
  columns: Type.Array(
    object({ index: Count, head: text(200), field: Nullable(Field), samples: Type.Array(text(100), { maxItems: 5 }) }),
    { maxItems: 500 },
  ),
  fields: Type.Array(object({ key: Field, name: text(60), required: Type.Boolean() }), { maxItems: 60 }),
  /** Required fields that no column has, and fields that several columns name. */
  missing: Type.Array(Field, { maxItems: 60 }),
  duplicate: Type.Array(Field, { maxItems: 60 }),
  /** The columns were put by hand, now or for an earlier file with the same head. */
  remembered: Type.Boolean(),
})
export type ImportLook = Static<typeof ImportLook>

export const importRoutes = defineRoutes({
  'import.create': {
    method: 'POST',
    path: '/api/imports',
    summary: 'Upload a CSV or XLSX file to be imported; nothing is written before the run',
    permission: 'signed-in',
    query: object({ kind: Choice(importKinds) }),
    upload: true,
    bodyLimit: 200_000_000,
    body: object({}),
    status: 201,
    response: ImportRun,
  },
  'import.list': {
    method: 'GET',
    path: '/api/imports',
    summary: 'Own imports, newest first',
    permission: 'signed-in',
    query: object(PageQuery),
    response: page(ImportRun),
  },
  'import.read': {
    method: 'GET',
    path: '/api/imports/:id',
    summary: 'State of an import',
    permission: 'signed-in',
    params: Id,
    response: ImportRun,
  },
  'import.look': {
    method: 'GET',
    path: '/api/imports/:id/look',
    summary: 'What was recognised in the file',
    permission: 'signed-in',
    params: Id,
    response: ImportLook,
  },
  'import.map': {
    method: 'PUT',
    path: '/api/imports/:id/mapping',
    summary: 'Say which column is which field; remembered for files with the same head',
    permission: 'signed-in',
    params: Id,
    body: object({
      columns: Type.Array(object({ index: Type.Integer({ minimum: 0, maximum: 499 }), field: Field }), {
        maxItems: 60,
      }),
    }),
    response: ImportLook,
  },
  'import.check': {
    method: 'POST',
    path: '/api/imports/:id/check',
    summary: 'Dry run: what would change',
    permission: 'signed-in',
    params: Id,
    status: 202,
    response: ImportRun,
  },
  'import.run': {
    method: 'POST',
    path: '/api/imports/:id/run',
    summary: 'Import; goes on where an earlier attempt ended',
    permission: 'signed-in',
    params: Id,
    status: 202,
    response: ImportRun,
  },
  'import.cancel': {
    method: 'POST',
    path: '/api/imports/:id/cancel',
    summary: 'Stop; rows that are in stay',
    permission: 'signed-in',
    params: Id,
    response: ImportRun,
  },
  'import.errors': {
    method: 'GET',
    path: '/api/imports/:id/errors',
    summary: 'File with every refused row and its reason, in the columns of the original',
    permission: 'signed-in',
    params: Id,
    response: file('text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
  },
  'import.handout': {
    method: 'GET',
    path: '/api/imports/:id/handout',
    summary: 'The codes that an import brought into being, for whoever ran it, once',
    permission: 'signed-in',
    params: Id,
    response: file('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
  },
})
