import Type, { type Static } from 'typebox'
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
  StoreCode,
  text,
  Uuid,
} from './kernel.ts'
import { Overview } from './pharmacy-overview.ts'
import { Clinic, DrugClass } from './pharmacy-store.ts'
import { documentTypes, relations, revealPurposes, symptoms } from './terms.ts'

export const DocumentTypeName = Choice(documentTypes)

const Person = {
  name: requiredText(60, '姓名'),
  mobile: text(20, { description: '手机号' }),
  residenceAreaCode: AreaCode,
  residenceAddress: text(200),
  emergencyName: Type.Optional(text(60)),
  emergencyMobile: Type.Optional(text(20)),
}

/** One sale as a counter, a chain's program or a file gives it. All paths are checked by the same rules. */
export const PurchaseInput = object({
  /** UUIDv7 made by the client at the time of sale; the idempotency key. */
  id: Uuid,
  /** Needed when the account may register for several stores. */
  storeCode: Type.Optional(StoreCode),
  soldAt: Instant,
  documentType: DocumentTypeName,
  documentNumber: requiredText(30),
  /** The clerk confirmed the profile that the server remembers; person fields may then be left out. */
  useKnownProfile: Type.Optional(Type.Boolean()),
  person: Type.Optional(object(Person)),
  items: Type.Array(object({ drugId: Uuid, quantity: Type.Integer({ minimum: 1, maximum: 99 }) }), {
    minItems: 1,
    maxItems: 20,
  }),
  symptoms: Type.Array(Choice(symptoms), { maxItems: 7, uniqueItems: true }),
  /** Tenths of a degree Celsius: 373 = 37.3 °C. */
  temperatureTenths: Nullable(Type.Integer({ minimum: 340, maximum: 430 })),
  /** Bought for another person 代购. */
  boughtFor: Type.Optional(
    Nullable(
      object({
        name: requiredText(60),
        documentType: Type.Optional(DocumentTypeName),
        documentNumber: Type.Optional(text(30)),
        relation: Choice(relations),
      }),
    ),
  ),
  /** Travel or contact history in the last 14 days. */
  history: Type.Optional(text(300)),
  /** Registered while the device was offline. */
  offline: Type.Optional(Type.Boolean()),
  /** The server's time when the device last fetched the stop-sale orders: what it could know. */
  rulesAt: Type.Optional(Instant),
})
export type PurchaseInput = Static<typeof PurchaseInput>

export const FieldError = object({ pointer: text(300), code: text(60), detail: text(500) })
export type FieldError = Static<typeof FieldError>

/** Answer for one row. `registered` is given again, word for word, when the same row is sent again. */
export const PurchaseResult = object({
  id: Uuid,
  status: Choice(['registered', 'refused', 'invalid']),
  /** Short number for the slip, made from the id (see receiptNo). */
  receiptNo: Type.Optional(text(30)),
  /** ≥ 37.3 °C or fever: the three nearest fever clinics; the referral is recorded. */
  clinics: Type.Optional(Type.Array(Clinic, { maxItems: 3 })),
  errors: Type.Optional(Type.Array(FieldError)),
  /** Registered, though a stop-sale order was in force: the name of the order, which the device could not know. */
  duringStop: Type.Optional(text(200)),
  /** Stop-sale order that refuses the row. */
  refusal: Type.Optional(object({ title: text(200), detail: text(500), from: DayText, to: Nullable(DayText) })),
})
export type PurchaseResult = Static<typeof PurchaseResult>

export const PurchaseItem = object({
  id: Uuid,
  revision: Count,
  status: Choice(['valid', 'corrected', 'undone']),
  storeCode: StoreCode,
  storeName: text(120),
  areaCode: AreaCode,
  areaName: text(100),
  soldAt: Instant,
  receivedAt: Instant,
  /** Masked always; the clear text needs reveal. Null after its month was shredded. */
  name: Nullable(text(80)),
  documentType: DocumentTypeName,
  documentNumber: Nullable(text(40)),
  mobile: Nullable(text(40)),
  residence: Nullable(text(250)),
  items: Type.Array(object({ drugId: Uuid, name: text(300), class: DrugClass, quantity: Count })),
  symptoms: Type.Array(Choice(symptoms)),
  temperatureTenths: Nullable(Type.Integer()),
  fever: Type.Boolean(),
  referred: Type.Boolean(),
  proxy: Type.Boolean(),
  offline: Type.Boolean(),
  /** Name of the stop-sale order under which it was sold all the same. */
  duringStop: Type.Optional(text(200)),
  receiptNo: text(30),
})
export type PurchaseItem = Static<typeof PurchaseItem>

export const PurchaseClear = object({
  name: text(60),
  documentType: DocumentTypeName,
  documentNumber: text(30),
  mobile: text(20),
  residenceAreaCode: AreaCode,
  residenceAddress: text(200),
  emergencyName: Nullable(text(60)),
  emergencyMobile: Nullable(text(20)),
  boughtFor: Nullable(
    object({
      name: text(60),
      documentType: Nullable(DocumentTypeName),
      documentNumber: Nullable(text(30)),
      relation: Choice(relations),
    }),
  ),
  history: Nullable(text(300)),
})
export type PurchaseClear = Static<typeof PurchaseClear>

/** A filter of purchases: also what an export takes. */
export const PurchaseFilter = object({
  area: Type.Optional(AreaCode),
  store: Type.Optional(StoreCode),
  from: DayText,
  to: DayText,
  class: Type.Optional(DrugClass),
  drugId: Type.Optional(Uuid),
  symptom: Type.Optional(Choice(symptoms)),
  fever: Type.Optional(Type.Boolean()),
  status: Type.Optional(Choice(['valid', 'corrected', 'undone'])),
  /** Exact; found by keyed index, never kept in a log. */
  documentNumber: Type.Optional(text(30)),
  mobile: Type.Optional(text(20)),
})
export type PurchaseFilter = Static<typeof PurchaseFilter>

/** Number of purchases of a filter: exact, or estimated (约). */
export const PurchaseTotal = object({ count: Count, estimated: Type.Boolean() })
export type PurchaseTotal = Static<typeof PurchaseTotal>

export const pharmacyPurchaseRoutes = defineRoutes({
  'purchase.register': {
    method: 'POST',
    path: '/api/purchases',
    summary: 'Register 1–500 purchases; each row is answered on its own; a retry answers as the first time',
    permission: 'purchase.register',
    bodyLimit: 2_000_000,
    body: object({
      sentAt: Type.Optional(Instant),
      purchases: Type.Array(PurchaseInput, { minItems: 1, maxItems: 500 }),
    }),
    envelope: object({
      sentAt: Type.Optional(Instant),
      purchases: Type.Array(Type.Object({}), { minItems: 1, maxItems: 500 }),
    }),
    response: object({ results: Type.Array(PurchaseResult), serverTime: Instant }),
  },
  'purchase.search': {
    method: 'POST',
    path: '/api/purchases/search',
    summary: 'Purchases by filter, newest first, masked',
    permission: 'purchase.read',
    body: object({
      filter: PurchaseFilter,
      cursor: Type.Optional(text(400)),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    }),
    response: object({ items: Type.Array(PurchaseItem), next: Nullable(text(400)), total: Nullable(PurchaseTotal) }),
  },
  'purchase.today': {
    method: 'GET',
    path: '/api/purchases/today',
    summary: "Today's entries of the own store, masked",
    permission: 'purchase.read-own',
    response: object({ day: DayText, count: Count, items: Type.Array(PurchaseItem, { maxItems: 200 }) }),
  },
  'purchase.read': {
    method: 'GET',
    path: '/api/purchases/:id',
    summary: 'One purchase with its earlier versions, masked',
    permission: 'purchase.read',
    params: Id,
    response: object({
      purchase: PurchaseItem,
      revisions: Type.Array(
        object({ revision: Count, at: Instant, by: text(60), reason: text(300), purchase: PurchaseItem }),
      ),
    }),
  },
  'purchase.reveal': {
    method: 'POST',
    path: '/api/purchases/:id/reveal',
    summary: 'Clear text of one purchase, for a stated purpose; recorded',
    permission: 'purchase.reveal',
    params: Id,
    body: object({ purpose: Choice(revealPurposes), reason: requiredText(300) }),
    response: PurchaseClear,
  },
  'purchase.correct': {
    method: 'POST',
    path: '/api/purchases/:id/corrections',
    summary: 'Correct an entry; the original is kept. 409 when another correction came first',
    permission: 'purchase.correct',
    params: Id,
    body: object({
      revision: Count,
      reason: requiredText(300),
      changes: object({
        documentType: Type.Optional(DocumentTypeName),
        documentNumber: Type.Optional(requiredText(30)),
        person: Type.Optional(object(Person)),
        items: Type.Optional(PurchaseInput.properties.items),
        symptoms: Type.Optional(PurchaseInput.properties.symptoms),
        temperatureTenths: Type.Optional(PurchaseInput.properties.temperatureTenths),
        boughtFor: PurchaseInput.properties.boughtFor,
        history: PurchaseInput.properties.history,
      }),
    }),
    response: PurchaseItem,
  },
  'purchase.undo': {
    method: 'POST',
    path: '/api/purchases/:id/undo',
    summary: 'Undo an entry of the own store within five minutes; the original is kept',
    permission: 'purchase.register',
    params: Id,
    response: PurchaseItem,
  },
  'buyer.lookup': {
    method: 'POST',
    path: '/api/pharmacy/buyers/lookup',
    summary: 'Is this a returning buyer? Masked only; rate-limited and recorded',
    permission: 'purchase.register',
    body: object({ documentType: DocumentTypeName, documentNumber: requiredText(30) }),
    response: object({
      known: Type.Boolean(),
      name: Nullable(text(80)),
      mobile: Nullable(text(40)),
      residence: Nullable(text(250)),
      hasEmergencyContact: Type.Boolean(),
    }),
  },
  'overview.read': {
    method: 'GET',
    path: '/api/pharmacy/overview',
    summary: 'Figures, daily curve and ranking of an area and period',
    permission: 'overview.read',
    query: object({
      area: Type.Optional(AreaCode),
      store: Type.Optional(StoreCode),
      from: DayText,
      to: DayText,
      class: Type.Optional(DrugClass),
    }),
    response: Overview,
  },
})
