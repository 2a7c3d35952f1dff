import Type, { type Static } from 'typebox'
import {
  AreaCode,
  Choice,
  Count,
  DayText,
  defineRoutes,
  Nullable,
  object,
  PageQuery,
  page,
  StoreCode,
  text,
  Uuid,
} from './kernel.ts'
import { reimbursementMatches } from './stopsale.terms.ts'

export const ReimbursementLine = object({
  id: Uuid,
  storeCode: StoreCode,
  storeName: text(120),
  areaName: text(100),
  drugId: Uuid,
  drug: text(300),
  day: DayText,
  quantity: Count,
  serial: Nullable(text(60)),
  match: Choice(reimbursementMatches),
  orderId: Nullable(Uuid),
  orderName: Nullable(text(60)),
  /** Evidence: what the store registered, and what was refused there, of this drug on this day. */
  registered: Count,
  refused: Count,
  /** Masked; null where the file did not say, or after shredding. */
  person: Nullable(text(80)),
})
export type ReimbursementLine = Static<typeof ReimbursementLine>

export const JointTarget = object({
  storeCode: StoreCode,
  storeName: text(120),
  areaName: text(100),
  address: text(200),
  lines: Count,
  units: Count,
  sales: Count,
  refusals: Count,
  failed: Count,
  /** What the list is ordered by: the heavier the more certain. */
  score: Count,
})
export type JointTarget = Static<typeof JointTarget>

const Period = { area: Type.Optional(AreaCode), from: DayText, to: DayText }

export const reimbursementRoutes = defineRoutes({
  'reimbursement.list': {
    method: 'GET',
    path: '/api/reimbursements',
    summary: 'Reimbursement lines of the own area with the order that they break, newest first',
    permission: 'stopsale.read',
    query: object({
      ...Period,
      store: Type.Optional(StoreCode),
      match: Type.Optional(Choice(reimbursementMatches)),
      ...PageQuery,
    }),
    response: page(ReimbursementLine),
  },
  'reimbursement.summary': {
    method: 'GET',
    path: '/api/reimbursements/summary',
    summary: 'Lines by what they came to, by day',
    permission: 'stopsale.read',
    query: object(Period),
    response: object({
      matched: Count,
      partial: Count,
      none: Count,
      stores: Count,
      days: Type.Array(object({ day: DayText, matched: Count, partial: Count, none: Count }), { maxItems: 400 }),
    }),
  },
  'reimbursement.joint': {
    method: 'GET',
    path: '/api/reimbursements/joint',
    summary: 'Stores to be inspected together with the insurance bureau, worst first',
    permission: 'stopsale.read',
    query: object(Period),
    response: object({ items: Type.Array(JointTarget, { maxItems: 200 }) }),
  },
})
