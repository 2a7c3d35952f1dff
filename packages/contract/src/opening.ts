import Type, { type Static } from 'typebox'
import {
  AreaCode,
  Choice,
  Count,
  DayText,
  defineRoutes,
  Instant,
  Nullable,
  object,
  PageQuery,
  page,
  StoreCode,
  text,
  Uuid,
} from './kernel.ts'
import { callResults, closingReasons, openingSources, openingStandings, openingStates } from './opening.terms.ts'

const said = {
  state: Choice(openingStates),
  /** Of a store that is closed. */
  reason: Type.Optional(Nullable(Choice(closingReasons))),
  note: Type.Optional(text(200)),
  /** Day on which it expects to open again. */
  backOn: Type.Optional(Nullable(DayText)),
}

/** One statement of a counter; the id is made there, so that a retry is no second statement. */
export const CheckIn = object({ id: Uuid, ...said, saidAt: Instant })
export type CheckIn = Static<typeof CheckIn>

export const OpeningEntry = object({
  id: Uuid,
  state: Choice(openingStates),
  reason: Nullable(Choice(closingReasons)),
  note: text(200),
  backOn: Nullable(DayText),
  source: Choice(openingSources),
  saidAt: Instant,
  receivedAt: Instant,
  actor: text(80),
})
export type OpeningEntry = Static<typeof OpeningEntry>

const figures = {
  /** Stores that were active at the end of the day (now, today): the denominator. */
  active: Count,
  open: Count,
  closed: Count,
  /** No check-in, but a sale was registered. */
  sold: Count,
  missing: Count,
}
export const OpeningFigures = object(figures)
export type OpeningFigures = Static<typeof OpeningFigures>

export const OpeningOverview = object({
  area: object({ code: AreaCode, name: text(100) }),
  from: DayText,
  to: DayText,
  /** Figures of the last day of the period. */
  figures: OpeningFigures,
  /** Check-ins of that day that came in before 10:00. */
  inTime: Count,
  curve: Type.Array(object({ day: DayText, ...figures })),
  /** The level below on the last day, lowest rate first. */
  ranking: Type.Array(object({ kind: Choice(['area', 'store']), code: text(24), name: text(120), ...figures })),
  /** Closed stores of the last day by reason. */
  reasons: Type.Array(object({ reason: Choice(closingReasons), stores: Count })),
  /** When those in charge of the area were told of the missing on the last day, how many were missing, and how many were told. */
  told: Nullable(object({ at: Instant, missing: Count, recipients: Count })),
  asOf: Instant,
})
export type OpeningOverview = Static<typeof OpeningOverview>

export const OpeningCall = object({
  id: Uuid,
  at: Instant,
  result: Choice(callResults),
  note: text(200),
  actor: text(80),
})
export type OpeningCall = Static<typeof OpeningCall>

export const OpeningStore = object({
  code: StoreCode,
  name: text(120),
  address: text(200),
  areaName: text(100),
  countyName: text(100),
  phone: Nullable(text(30)),
  standing: Choice(openingStandings),
  reason: Nullable(Choice(closingReasons)),
  note: text(200),
  backOn: Nullable(DayText),
  source: Nullable(Choice(openingSources)),
  saidAt: Nullable(Instant),
  /** How often the day was stated. */
  entries: Count,
  /** Says that it is closed, and has sold. */
  contradicts: Type.Boolean(),
  calls: Count,
  lastCall: Nullable(OpeningCall),
})
export type OpeningStore = Static<typeof OpeningStore>

/** From which time of day those in charge of an area are told of the missing; null: nobody is. */
export const OpeningRule = object({
  id: Uuid,
  areaCode: AreaCode,
  areaName: text(100),
  from: DayText,
  at: Nullable(text(5)),
  note: text(200),
  createdAt: Instant,
  createdBy: text(80),
})
export type OpeningRule = Static<typeof OpeningRule>

export const OwnOpening = object({
  day: DayText,
  storeCode: StoreCode,
  before: text(5),
  entries: Type.Array(OpeningEntry),
})
export type OwnOpening = Static<typeof OwnOpening>

export const openingRoutes = defineRoutes({
  'opening.own': {
    method: 'GET',
    path: '/api/opening/own',
    summary: "What the caller's own store has said of today, newest first",
    permission: 'opening.own',
    response: OwnOpening,
  },
  'opening.check-in': {
    method: 'POST',
    path: '/api/opening/check-ins',
    summary: "State whether one's own store is open; statements that waited on the device may come together",
    permission: 'opening.own',
    body: object({ entries: Type.Array(CheckIn, { minItems: 1, maxItems: 20 }) }),
    response: object({
      results: Type.Array(object({ id: Uuid, status: Choice(['taken', 'refused']), detail: Nullable(text(300)) })),
      own: OwnOpening,
    }),
  },
  'opening.read': {
    method: 'GET',
    path: '/api/opening',
    summary: 'Opening rate of an area by day, and of the level below on the last day',
    permission: 'opening.read',
    query: object({ area: Type.Optional(AreaCode), from: DayText, to: DayText }),
    response: OpeningOverview,
  },
  'opening.stores': {
    method: 'GET',
    path: '/api/opening/stores',
    summary: 'Stores of an area by how they stand on a day; the missing are the call list',
    permission: 'opening.read',
    query: object({
      area: Type.Optional(AreaCode),
      day: DayText,
      standing: Type.Optional(Choice(openingStandings)),
      /** Of the missing: only those that nobody has reached yet. */
      uncalled: Type.Optional(Type.Boolean()),
      ...PageQuery,
    }),
    response: page(OpeningStore),
  },
  'opening.store': {
    method: 'GET',
    path: '/api/opening/stores/:code',
    summary: 'All statements and calls about a store and day',
    permission: 'opening.read',
    params: object({ code: StoreCode }),
    query: object({ day: DayText }),
    response: object({ store: OpeningStore, entries: Type.Array(OpeningEntry), calls: Type.Array(OpeningCall) }),
  },
  'opening.call': {
    method: 'POST',
    path: '/api/opening/calls',
    summary: 'Record a call to a store that has not checked in today, and what it came to',
    permission: 'compliance.handle',
    status: 201,
    body: object({
      storeCode: StoreCode,
      result: Choice(callResults),
      reason: Type.Optional(Nullable(Choice(closingReasons))),
      note: text(200),
      backOn: Type.Optional(Nullable(DayText)),
    }),
    response: OpeningStore,
  },
  'opening.rules': {
    method: 'GET',
    path: '/api/opening/rules',
    summary: 'Times from which the own areas and those around them are told of the missing, newest first',
    permission: 'opening.read',
    response: object({ items: Type.Array(OpeningRule) }),
  },
  'opening.save-rule': {
    method: 'POST',
    path: '/api/opening/rules',
    summary: 'Set from which time of day an area is told of the missing, from a day on, today at the earliest',
    permission: 'rule.manage',
    status: 201,
    body: object({
      areaCode: AreaCode,
      from: DayText,
      at: Nullable(Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', maxLength: 5 })),
      note: text(200),
    }),
    response: OpeningRule,
  },
})
