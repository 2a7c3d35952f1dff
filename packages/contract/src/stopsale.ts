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
  requiredText,
  StoreCode,
  text,
  Uuid,
} from './kernel.ts'
import { DocumentTypeName } from './pharmacy-purchase.ts'
import { DrugClass, DrugItem } from './pharmacy-store.ts'
import { stopSaleItemKinds, stopSaleStates } from './stopsale.terms.ts'

/** A line of an order's catalogue as it is given. */
export const StopSaleItemInput = object({
  kind: Choice(stopSaleItemKinds),
  /** Id of a drug, generic name, or class. */
  value: requiredText(120),
})
export type StopSaleItemInput = Static<typeof StopSaleItemInput>

export const StopSaleItem = object({
  ...StopSaleItemInput.properties,
  name: text(300),
  approvalNo: Nullable(text(30)),
  /** Drugs of today's catalogue that it names. */
  drugs: Count,
  /** From when to when it belongs to the order; null before issue, and while it still does. */
  from: Nullable(Instant),
  to: Nullable(Instant),
})
export type StopSaleItem = Static<typeof StopSaleItem>

const written = {
  name: requiredText(60),
  areaCode: AreaCode,
  from: DayText,
  /** Last day, included; null until lifted. */
  to: Nullable(DayText),
  reason: requiredText(500),
  /** Number of the official document 文号. */
  documentNo: text(60),
}

export const StopSale = object({
  ...written,
  id: Uuid,
  areaName: text(100),
  state: Choice(stopSaleStates),
  /** Instants between which it binds; null before issue, and without end. */
  startsAt: Nullable(Instant),
  endsAt: Nullable(Instant),
  /** Drugs of today's catalogue that it names now. */
  drugs: Count,
  stores: Count,
  issuedAt: Nullable(Instant),
  issuedBy: Nullable(text(60)),
  lifted: Nullable(object({ at: Instant, by: text(60), reason: text(300) })),
  createdAt: Instant,
  createdBy: text(60),
  revision: Count,
  /** Whether the caller may change it: his area contains the order's. */
  manageable: Type.Boolean(),
})
export type StopSale = Static<typeof StopSale>

export const StopSaleDocument = object({
  id: Uuid,
  filename: text(200),
  mediaType: text(60),
  bytes: Count,
  sha256: text(64),
  at: Instant,
  by: text(60),
})
export type StopSaleDocument = Static<typeof StopSaleDocument>

/** Stores that were told of an order, in the caller's area. */
export const StopSaleNotices = object({ sent: Count, read: Count, signed: Count, overdue: Count })
export type StopSaleNotices = Static<typeof StopSaleNotices>

export const StopSaleSale = object({
  purchaseId: Uuid,
  storeCode: StoreCode,
  storeName: text(120),
  areaName: text(100),
  soldAt: Instant,
  drug: text(300),
  quantity: Count,
  offline: Type.Boolean(),
})
export type StopSaleSale = Static<typeof StopSaleSale>

export const StopSaleDetail = object({
  order: StopSale,
  items: Type.Array(StopSaleItem, { maxItems: 2000 }),
  documents: Type.Array(StopSaleDocument, { maxItems: 50 }),
  notices: Nullable(StopSaleNotices),
  refusals: Count,
  /** Sales while it was in force, in the caller's area, newest first, at most 200 of them. */
  sales: object({ count: Count, items: Type.Array(StopSaleSale, { maxItems: 200 }) }),
  /** Stores of the caller's area that have not signed, at most 200 of them. */
  unsigned: Type.Array(object({ storeCode: StoreCode, storeName: text(120), areaName: text(100) }), { maxItems: 200 }),
})
export type StopSaleDetail = Static<typeof StopSaleDetail>

export const StopSaleRefusal = object({
  id: Uuid,
  at: Instant,
  storeCode: StoreCode,
  storeName: text(120),
  areaName: text(100),
  orderId: Nullable(Uuid),
  orderName: text(200),
  drugs: Type.Array(text(300), { maxItems: 20 }),
  /** Masked; null where it was not given, or after shredding. */
  name: Nullable(text(80)),
  documentNumber: Nullable(text(40)),
})
export type StopSaleRefusal = Static<typeof StopSaleRefusal>

/** An order as a counter keeps it. */
export const CounterStopSale = object({
  id: Uuid,
  name: text(60),
  detail: text(500),
  from: DayText,
  to: Nullable(DayText),
  startsAt: Instant,
  endsAt: Nullable(Instant),
  drugIds: Type.Array(Uuid),
  classes: Type.Array(DrugClass, { maxItems: 4 }),
})
export type CounterStopSale = Static<typeof CounterStopSale>

export const MatchedDrugs = object({
  matched: Type.Array(object({ row: Count, text: text(300), drugs: Type.Array(DrugItem, { maxItems: 50 }) }), {
    maxItems: 2000,
  }),
  unmatched: Type.Array(object({ row: Count, text: text(300), reason: text(200) }), { maxItems: 2000 }),
})
export type MatchedDrugs = Static<typeof MatchedDrugs>

const OrderBody = object({ ...written, items: Type.Array(StopSaleItemInput, { minItems: 1, maxItems: 1000 }) })

export const stopSaleRoutes = defineRoutes({
  'stop-sale.list': {
    method: 'GET',
    path: '/api/stop-sales',
    summary: 'Orders that bind the own area, newest first',
    permission: 'stopsale.read',
    query: object({ area: Type.Optional(AreaCode), state: Type.Optional(Choice(stopSaleStates)) }),
    response: object({ items: Type.Array(StopSale, { maxItems: 500 }) }),
  },
  'stop-sale.read': {
    method: 'GET',
    path: '/api/stop-sales/:id',
    summary: 'An order with its catalogue, documents, signatures, refusals and sales while it was in force',
    permission: 'stopsale.read',
    params: Id,
    response: StopSaleDetail,
  },
  'stop-sale.create': {
    method: 'POST',
    path: '/api/stop-sales',
    summary: 'Write an order; it binds nobody before it is issued',
    permission: 'stopsale.manage',
    status: 201,
    body: OrderBody,
    response: StopSale,
  },
  'stop-sale.change': {
    method: 'PUT',
    path: '/api/stop-sales/:id',
    summary: 'Change an order: all of a draft; of an issued one its end and, from now on, its catalogue',
    permission: 'stopsale.manage',
    params: Id,
    body: object({ ...OrderBody.properties, revision: Count }),
    response: StopSale,
  },
  'stop-sale.issue': {
    method: 'POST',
    path: '/api/stop-sales/:id/issue',
    summary: 'Issue an order: counters refuse within a minute, every store gets a notice to sign',
    permission: 'stopsale.manage',
    params: Id,
    response: StopSale,
  },
  'stop-sale.lift': {
    method: 'POST',
    path: '/api/stop-sales/:id/lift',
    summary: 'Lift an order from now on, or drop a draft',
    permission: 'stopsale.manage',
    params: Id,
    body: object({ reason: requiredText(300) }),
    response: StopSale,
  },
  'stop-sale.match-drugs': {
    method: 'POST',
    path: '/api/stop-sales/match-drugs',
    summary: 'Find the drugs of an XLSX or CSV list by approval number or name; says what was not found',
    permission: 'stopsale.manage',
    upload: true,
    bodyLimit: 10_000_000,
    response: MatchedDrugs,
  },
  'stop-sale.add-document': {
    method: 'POST',
    path: '/api/stop-sales/:id/documents',
    summary: 'Keep a scan of the official document (PDF, PNG, JPEG) with its hash',
    permission: 'stopsale.manage',
    params: Id,
    upload: true,
    bodyLimit: 20_000_000,
    status: 201,
    response: StopSaleDocument,
  },
  'stop-sale.document': {
    method: 'GET',
    path: '/api/stop-sales/:id/documents/:documentId',
    summary: 'Download the official document of an order',
    permission: 'stopsale.read',
    params: object({ id: Uuid, documentId: Uuid }),
    response: file('application/pdf', 'image/png', 'image/jpeg'),
  },
  'stop-sale.refusals': {
    method: 'GET',
    path: '/api/stop-sale-refusals',
    summary: 'Sales that were refused in the own area, newest first, persons masked',
    permission: 'stopsale.read',
    query: object({
      area: Type.Optional(AreaCode),
      store: Type.Optional(StoreCode),
      order: Type.Optional(Uuid),
      from: Type.Optional(DayText),
      to: Type.Optional(DayText),
      ...PageQuery,
    }),
    response: page(StopSaleRefusal),
  },
  'stop-sale.own': {
    method: 'GET',
    path: '/api/pharmacy/stop-sales',
    summary: 'Orders that bind the own store, for its counter; without items when `known` is still the version',
    permission: 'purchase.register',
    query: object({ known: Type.Optional(text(64)) }),
    response: object({ version: text(64), asOf: Instant, items: Nullable(Type.Array(CounterStopSale)) }),
  },
  'stop-sale.refuse': {
    method: 'POST',
    path: '/api/pharmacy/stop-sales/refusals',
    summary: 'Sales that the counter refused by itself; sent again, each is recorded once',
    permission: 'purchase.register',
    body: object({
      refusals: Type.Array(
        object({
          id: Uuid,
          at: Instant,
          orderId: Uuid,
          drugIds: Type.Array(Uuid, { minItems: 1, maxItems: 20 }),
          documentType: Type.Optional(DocumentTypeName),
          documentNumber: Type.Optional(text(30)),
        }),
        { minItems: 1, maxItems: 50 },
      ),
    }),
    response: object({ recorded: Count }),
  },
})
