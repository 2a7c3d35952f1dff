import Type, { type Static } from 'typebox'
import { coldTaskKinds } from './coldchain.terms.ts'
import { ColdHolder, ColdLot } from './coldchain-model.ts'
import {
  AreaCode,
  Choice,
  Count,
  DayText,
  defineRoutes,
  Id,
  Instant,
  Nullable,
  object,
  requiredText,
  text,
  Uuid,
} from './kernel.ts'

/** Something that waits for a business. */
export const ColdTask = object({
  kind: Choice(coldTaskKinds),
  holderId: Uuid,
  /** The declaration, lot, dispatch or recall that it is about: where a tap leads. */
  id: Uuid,
  /** Despatch advice of a receipt. */
  dispatch: Nullable(text(300)),
  /** Number of it, as papers say. */
  ref: text(60),
  goodsName: text(120),
  /** Other business: who sends, who owns, which warehouse. */
  otherName: Nullable(text(200)),
  grams: Nullable(Count),
  /** When it fell, or will fall, due. */
  at: Instant,
  /** What is wrong, where that is known. */
  detail: text(200),
})
export type ColdTask = Static<typeof ColdTask>

/** What lies at a business, by lot. */
export const ColdStock = object({
  lot: ColdLot,
  holderId: Uuid,
  holderName: text(200),
  grams: Count,
  boxes: Count,
  since: Instant,
  /** Its newest exit certificate that concerns the holder: issued to it, else one for the lot. */
  certificateId: Nullable(Uuid),
})
export type ColdStock = Static<typeof ColdStock>

export const ColdWarehouse = object({
  ...ColdHolder.properties,
  address: text(200),
  areaName: text(100),
  slotsPerHour: Count,
  /** Hours between declaration and arrival. */
  noticeHours: Count,
})
export type ColdWarehouse = Static<typeof ColdWarehouse>

export const coldDeskRoutes = defineRoutes({
  'cold-desk.me': {
    method: 'GET',
    path: '/api/coldchain/me',
    summary: 'For which businesses the caller acts, and what waits for them, the most pressing first',
    permission: 'coldchain.operate',
    response: object({
      holders: Type.Array(object({ ...ColdHolder.properties, address: text(200), areaName: text(100) }), {
        maxItems: 100,
      }),
      tasks: Type.Array(ColdTask, { maxItems: 300 }),
      /** Grams on hand and lots of them. */
      grams: Count,
      lots: Count,
    }),
  },
  'cold-desk.stock': {
    method: 'GET',
    path: '/api/coldchain/stock',
    summary: 'What lies at the businesses for which the caller acts, by lot, newest first',
    permission: 'coldchain.operate',
    query: object({ holder: Type.Optional(Uuid) }),
    response: object({ items: Type.Array(ColdStock, { maxItems: 500 }) }),
  },
  'cold-desk.warehouses': {
    method: 'GET',
    path: '/api/coldchain/warehouses',
    summary: 'Supervised warehouses of the city, where one may declare',
    permission: 'coldchain.read',
    response: object({ items: Type.Array(ColdWarehouse, { maxItems: 200 }) }),
  },
  'cold-desk.slots': {
    method: 'GET',
    path: '/api/coldchain/warehouses/:id/slots',
    summary: 'Hours of a day that a warehouse still takes declarations for',
    permission: 'coldchain.read',
    params: Id,
    query: object({ day: DayText }),
    response: object({ items: Type.Array(object({ at: Instant, free: Count }), { maxItems: 24 }) }),
  },
  'cold-desk.areas': {
    method: 'GET',
    path: '/api/coldchain/areas',
    summary: 'Counties of the city, for the place of a partner',
    permission: 'coldchain.operate',
    response: object({ items: Type.Array(object({ code: AreaCode, name: text(100) }), { maxItems: 200 }) }),
  },
  'cold-desk.add-partner': {
    method: 'POST',
    path: '/api/coldchain/partners',
    summary: 'Register a business that one trades with; one that is known at that place is answered as known',
    permission: 'coldchain.operate',
    status: 201,
    body: object({
      creditCode: text(18, { minLength: 18 }),
      name: requiredText(200),
      kind: Choice(['importer', 'trader', 'processor', 'shop']),
      address: requiredText(200),
      areaCode: AreaCode,
    }),
    response: ColdHolder,
  },
  'cold-desk.invite': {
    method: 'POST',
    path: '/api/coldchain/holders/:id/accounts',
    summary: 'Create an account that acts for one business alone, and its invitation code',
    permission: 'account.manage',
    params: Id,
    status: 201,
    body: object({
      username: Type.String({ pattern: '^[A-Za-z0-9._-]{3,60}$', minLength: 3, maxLength: 60 }),
      displayName: requiredText(60),
    }),
    response: object({ id: Uuid, code: text(40), expiresAt: Instant }),
  },
})
