import Type, { type Static } from 'typebox'
import { followupRecipients, sheetDeliveries } from './followup.terms.ts'
import {
  AreaCode,
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
  requiredText,
  text,
  Uuid,
} from './kernel.ts'
import { revealPurposes } from './terms.ts'

/** How far a sheet has come that is sent by itself; `error` says why a try failed. */
export const SheetDelivery = object({ state: Choice(sheetDeliveries), error: Nullable(text(300)) })
export type SheetDelivery = Static<typeof SheetDelivery>

/** Persons handed over together, and the receipt for them. */
export const FollowupSheet = object({
  id: Uuid,
  number: text(30),
  areaCode: AreaCode,
  areaName: text(100),
  recipient: Choice(followupRecipients),
  recipientName: text(60),
  persons: Count,
  createdAt: Instant,
  createdBy: text(60),
  receiptNumber: Nullable(text(60)),
  receiptNote: Nullable(text(300)),
  receiptAt: Nullable(Instant),
  receiptBy: Nullable(text(60)),
  /** Null for a sheet that is given by hand. */
  delivery: Nullable(SheetDelivery),
})
export type FollowupSheet = Static<typeof FollowupSheet>

export const followupSheetRoutes = defineRoutes({
  'followup.hand-over': {
    method: 'POST',
    path: '/api/followups/sheets',
    summary: 'Hand persons over to a community or a CDC: a numbered sheet',
    permission: 'followup.handle',
    status: 201,
    body: object({
      ids: Type.Array(Uuid, { minItems: 1, maxItems: 200, uniqueItems: true }),
      recipient: Choice(followupRecipients),
      recipientName: requiredText(60),
    }),
    response: FollowupSheet,
  },
  'followup.sheets': {
    method: 'GET',
    path: '/api/followups/sheets',
    summary: 'Hand-over sheets of the own area, newest first',
    permission: 'followup.read',
    query: object({ open: Type.Optional(Type.Literal('1')), ...PageQuery }),
    response: page(FollowupSheet),
  },
  'followup.recipients': {
    method: 'GET',
    path: '/api/followups/recipients',
    summary: 'Who gets hand-overs of the own area by itself: recipients of module sharing',
    permission: 'followup.handle',
    response: object({
      items: Type.Array(object({ recipient: Choice(followupRecipients), name: text(60), areaName: text(100) })),
    }),
  },
  'followup.send': {
    method: 'POST',
    path: '/api/followups/sheets/:id/send',
    summary: 'Send a sheet without receipt to its recipient, again or for the first time',
    permission: 'followup.handle',
    params: Id,
    response: FollowupSheet,
  },
  'followup.sheet-file': {
    method: 'POST',
    path: '/api/followups/sheets/:id/file',
    summary: 'The sheet as XLSX: masked, or in clear for a stated purpose; recorded',
    permission: 'followup.handle',
    params: Id,
    body: object({
      clear: Type.Boolean(),
      purpose: Type.Optional(Choice(revealPurposes)),
      reason: Type.Optional(text(300)),
    }),
    response: file('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
  },
  'followup.receipt': {
    method: 'POST',
    path: '/api/followups/sheets/:id/receipt',
    summary: 'Note the receipt of a sheet',
    permission: 'followup.handle',
    params: Id,
    body: object({ number: requiredText(60), note: text(300) }),
    response: FollowupSheet,
  },
})
