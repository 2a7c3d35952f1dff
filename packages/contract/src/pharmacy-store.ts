import Type, { type Static } from 'typebox'
import {
  AreaCode,
  Choice,
  Count,
  DayText,
  Done,
  defineRoutes,
  file,
  ImportReport,
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

import { drugClasses } from './terms.ts'

export type DrugClass = (typeof drugClasses)[number]
export const DrugClass = Choice(drugClasses)

export const StoreItem = object({
  code: StoreCode,
  name: text(120),
  address: text(200),
  areaCode: AreaCode,
  areaName: text(100),
  countyCode: AreaCode,
  countyName: text(100),
  licenceNo: Nullable(text(60)),
  phone: Nullable(text(30)),
  chain: Nullable(text(100)),
  lon: Nullable(Type.Number()),
  lat: Nullable(Type.Number()),
  status: Choice(['active', 'suspended', 'closed']),
  /** Whether one-store-one-code has been issued. */
  accountStatus: Nullable(Choice(['invited', 'active', 'disabled'])),
  lastPurchaseAt: Nullable(Instant),
  purchasesToday: Count,
})
export type StoreItem = Static<typeof StoreItem>

export const DrugItem = object({
  id: Uuid,
  class: DrugClass,
  generic: text(120),
  brand: text(120),
  form: text(60),
  strength: text(60),
  maker: text(120),
  approvalNo: Nullable(text(30)),
  ean13: Nullable(text(13)),
  /** First seven digits of the 20-digit trace code. */
  tracePrefix: Nullable(text(7)),
  active: Type.Boolean(),
})
export type DrugItem = Static<typeof DrugItem>

/** Compact line of the catalogue that a counter keeps for offline search: names, pinyin without tones, initials. */
export const DrugPackLine = object({
  id: Uuid,
  class: DrugClass,
  name: text(300),
  pinyin: text(400),
  initials: text(120),
  ean13: Nullable(text(13)),
  tracePrefix: Nullable(text(7)),
})
export type DrugPackLine = Static<typeof DrugPackLine>

export const Duty = object({
  id: Uuid,
  areaCode: AreaCode,
  areaName: text(100),
  classes: Type.Array(DrugClass, { minItems: 1, maxItems: 4, uniqueItems: true }),
  from: DayText,
  to: Nullable(DayText),
  note: text(200),
})
export type Duty = Static<typeof Duty>

export const Clinic = object({
  id: Uuid,
  name: text(120),
  address: text(200),
  phone: text(30),
  lon: Type.Number(),
  lat: Type.Number(),
  distanceM: Nullable(Count),
})
export type Clinic = Static<typeof Clinic>

export const ClinicItem = object({
  ...Clinic.properties,
  areaCode: AreaCode,
  areaName: text(100),
  /** False while it takes no patients: counters do not name it then. */
  active: Type.Boolean(),
})
export type ClinicItem = Static<typeof ClinicItem>

export const pharmacyStoreRoutes = defineRoutes({
  'store.list': {
    method: 'GET',
    path: '/api/pharmacy/stores',
    summary: 'Pharmacies in an area',
    permission: 'store.read',
    query: object({
      area: Type.Optional(AreaCode),
      q: Type.Optional(text(60)),
      status: Type.Optional(Choice(['active', 'suspended', 'closed'])),
      account: Type.Optional(Choice(['none', 'invited', 'active', 'disabled'])),
      ...PageQuery,
    }),
    response: page(StoreItem),
  },
  'store.read': {
    method: 'GET',
    path: '/api/pharmacy/stores/:code',
    summary: 'One pharmacy',
    permission: 'store.read',
    params: object({ code: StoreCode }),
    response: StoreItem,
  },
  'store.import': {
    method: 'POST',
    path: '/api/pharmacy/stores/import',
    summary: 'Import pharmacies (XLSX or CSV)',
    permission: 'store.manage',
    upload: true,
    bodyLimit: 200_000_000,
    response: ImportReport,
  },
  'store.set-status': {
    method: 'POST',
    path: '/api/pharmacy/stores/:code/status',
    summary: 'Suspend, close or reopen a pharmacy',
    permission: 'store.manage',
    params: object({ code: StoreCode }),
    body: object({ status: Choice(['active', 'suspended', 'closed']), reason: requiredText(300) }),
    response: Done,
  },
  'store.issue-accounts': {
    method: 'POST',
    path: '/api/pharmacy/stores/accounts',
    summary: 'One store, one code, one account: make all that are missing in an area',
    permission: 'store.manage',
    body: object({ areaCode: AreaCode, storeCodes: Type.Optional(Type.Array(StoreCode, { maxItems: 5000 })) }),
    response: object({ created: Count, existing: Count, batchId: Nullable(Uuid) }),
  },
  'store.account-sheet': {
    method: 'GET',
    path: '/api/pharmacy/stores/accounts/:batchId/sheet',
    summary: 'Activation codes of a batch as XLSX, downloadable once within 24 hours',
    permission: 'store.manage',
    params: object({ batchId: Uuid }),
    response: file('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
  },
  'store.posters': {
    method: 'GET',
    path: '/api/pharmacy/stores/posters',
    summary: 'QR posters of one store, of up to 200 named stores or of an area as PDF',
    permission: 'store.read',
    query: object({
      area: Type.Optional(AreaCode),
      store: Type.Optional(StoreCode),
      /** Codes of stores with commas between. */
      stores: Type.Optional(Type.String({ pattern: '^[0-9A-Z-]{3,24}(,[0-9A-Z-]{3,24}){0,199}$', maxLength: 5000 })),
      size: Choice(['A4', 'A6']),
    }),
    response: file('application/pdf'),
  },
  'drug.search': {
    method: 'GET',
    path: '/api/pharmacy/drugs',
    summary: 'Search the catalogue by Chinese, pinyin, initials, approval number, EAN-13 or trace code',
    permission: 'drug.read',
    query: object({
      q: Type.Optional(text(60)),
      class: Type.Optional(DrugClass),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
    }),
    response: object({ items: Type.Array(DrugItem), total: Count }),
  },
  'drug.pack': {
    method: 'GET',
    path: '/api/pharmacy/drugs/pack',
    summary: 'Catalogue for offline search at the counter',
    permission: 'drug.read',
    response: object({ version: text(64), items: Type.Array(DrugPackLine) }),
  },
  'drug.import': {
    method: 'POST',
    path: '/api/pharmacy/drugs/import',
    summary: 'Import drugs (XLSX or CSV)',
    permission: 'drug.manage',
    upload: true,
    bodyLimit: 100_000_000,
    response: ImportReport,
  },
  'duty.list': {
    method: 'GET',
    path: '/api/pharmacy/duties',
    summary: 'Which classes must be registered where and when',
    permission: 'signed-in',
    response: object({ items: Type.Array(Duty) }),
  },
  'duty.save': {
    method: 'POST',
    path: '/api/pharmacy/duties',
    summary: 'Add or change a registration duty',
    permission: 'duty.manage',
    body: object({
      id: Type.Optional(Uuid),
      areaCode: AreaCode,
      classes: Type.Array(DrugClass, { minItems: 1, maxItems: 4, uniqueItems: true }),
      from: DayText,
      to: Nullable(DayText),
      note: text(200),
    }),
    response: Duty,
  },
  'clinic.nearest': {
    method: 'GET',
    path: '/api/pharmacy/clinics/nearest',
    summary: 'The three fever clinics nearest to the own store',
    permission: 'purchase.register',
    query: object({ store: Type.Optional(StoreCode) }),
    response: object({ items: Type.Array(Clinic, { maxItems: 3 }) }),
  },
  'clinic.list': {
    method: 'GET',
    path: '/api/pharmacy/clinics',
    summary: 'Fever clinics of an area, those closed included',
    permission: 'store.read',
    query: object({ area: Type.Optional(AreaCode) }),
    response: object({ items: Type.Array(ClinicItem, { maxItems: 5000 }) }),
  },
  'clinic.import': {
    method: 'POST',
    path: '/api/pharmacy/clinics/import',
    summary: 'Import fever clinics (XLSX or CSV)',
    permission: 'clinic.manage',
    upload: true,
    bodyLimit: 20_000_000,
    response: ImportReport,
  },
})
