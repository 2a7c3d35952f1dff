import Type, { type Static } from 'typebox'
import {
  AreaCode,
  Choice,
  Count,
  DayText,
  Done,
  defineRoutes,
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
import { exemptReasons, leaveReasons, staffRoles, staffStates, testOutcomes, testSources } from './staff.terms.ts'
import { documentTypes, revealPurposes } from './terms.ts'

const figures = {
  /** On the roster, required to be tested and not exempt. */
  required: Count,
  /** Of them, tested within the cycle. */
  covered: Count,
  soon: Count,
  due: Count,
  overdue: Count,
  exempt: Count,
}
export const StaffFigures = object(figures)
export type StaffFigures = Static<typeof StaffFigures>

export const StaffCoverage = object({
  area: object({ code: AreaCode, name: text(100) }),
  from: DayText,
  to: DayText,
  /** Figures of the last day by all that is known now. */
  figures: StaffFigures,
  /** The same by what was known when that day ended. */
  known: StaffFigures,
  /** Facts about that day that were entered after it. */
  late: object({ members: Count, results: Count, exemptions: Count, departures: Count }),
  curve: Type.Array(
    object({ day: DayText, required: Count, covered: Count, knownRequired: Count, knownCovered: Count }),
  ),
  ranking: Type.Array(object({ kind: Choice(['area', 'store']), code: text(24), name: text(120), ...figures })),
  /** Stores of the area without anybody on their roster. */
  without: Count,
  asOf: Instant,
})
export type StaffCoverage = Static<typeof StaffCoverage>

export const StaffMember = object({
  id: Uuid,
  storeCode: StoreCode,
  storeName: text(120),
  areaName: text(100),
  role: Choice(staffRoles),
  /** Masked; null when destroyed. */
  name: Nullable(text(60)),
  document: Nullable(text(30)),
  mobile: Nullable(text(30)),
  joinedOn: DayText,
  leftOn: Nullable(DayText),
  state: Choice(staffStates),
  covered: Type.Boolean(),
  /** Last day on which a test is in time; null when none is required. */
  dueOn: Nullable(DayText),
  lastSampledAt: Nullable(Instant),
  lastOutcome: Nullable(Choice(testOutcomes)),
  exemptUntil: Nullable(DayText),
})
export type StaffMember = Static<typeof StaffMember>

export const StaffResult = object({
  id: Uuid,
  sampledAt: Instant,
  outcome: Choice(testOutcomes),
  code: Nullable(text(40)),
  lab: text(100),
  source: Choice(testSources),
  enteredAt: Instant,
  enteredBy: text(80),
  /** Entered on a later day than it was sampled. */
  late: Type.Boolean(),
  voidAt: Nullable(Instant),
  voidReason: Nullable(text(200)),
})
export type StaffResult = Static<typeof StaffResult>

export const StaffExemption = object({
  id: Uuid,
  from: DayText,
  to: DayText,
  reason: Choice(exemptReasons),
  note: text(200),
  enteredAt: Instant,
  enteredBy: text(80),
  voidAt: Nullable(Instant),
})
export type StaffExemption = Static<typeof StaffExemption>

export const StaffRule = object({
  id: Uuid,
  areaCode: AreaCode,
  areaName: text(100),
  from: DayText,
  /** Null: no test is required from that day on. */
  cycleDays: Nullable(Type.Integer({ minimum: 1, maximum: 90 })),
  warnDays: Type.Integer({ minimum: 0, maximum: 30 }),
  note: text(200),
  createdAt: Instant,
  createdBy: text(80),
})
export type StaffRule = Static<typeof StaffRule>

const newMember = {
  role: Choice(staffRoles),
  name: requiredText(60),
  documentType: Choice(documentTypes),
  documentNumber: requiredText(30),
  mobile: requiredText(20),
  joinedOn: Type.Optional(DayText),
}
const newResult = {
  /** Whose test; left out when a code that is known already says so. */
  memberId: Type.Optional(Uuid),
  /** Code of tube or report, typed or scanned. */
  code: Type.Optional(Type.String({ pattern: '^[0-9A-Za-z-]{4,40}$', minLength: 4, maxLength: 40 })),
  sampledAt: Type.Optional(Instant),
  outcome: Choice(testOutcomes),
  lab: Type.Optional(text(100)),
}
const departure = { leftOn: DayText, reason: Choice(leaveReasons) }
const exemption = { from: DayText, to: DayText, reason: Choice(exemptReasons), note: text(200) }

/** A worker of the own store, as its counter shows him. */
export const OwnStaff = object({
  day: DayText,
  cycleDays: Nullable(Count),
  items: Type.Array(StaffMember),
})
export type OwnStaff = Static<typeof OwnStaff>

const OfMember = { memberId: Uuid }

export const staffRoutes = defineRoutes({
  'staff.coverage': {
    method: 'GET',
    path: '/api/staff/coverage',
    summary: 'Share of workers tested within their cycle, by area and day, as known now and as known then',
    permission: 'staff.read',
    query: object({ area: Type.Optional(AreaCode), from: DayText, to: DayText }),
    response: StaffCoverage,
  },
  'staff.list': {
    method: 'GET',
    path: '/api/staff/members',
    summary: 'Workers of an area by how they stand on a day, most urgent first; masked',
    permission: 'staff.read',
    query: object({
      area: Type.Optional(AreaCode),
      store: Type.Optional(StoreCode),
      day: Type.Optional(DayText),
      /** By what was known when that day ended, instead of what is known now. */
      asKnownThen: Type.Optional(Type.Boolean()),
      state: Type.Optional(Choice(staffStates)),
      ...PageQuery,
    }),
    response: page(StaffMember),
  },
  'staff.read': {
    method: 'GET',
    path: '/api/staff/members/:id',
    summary: 'One worker with all tests and exemptions; masked',
    permission: 'staff.read',
    params: Id,
    response: object({
      member: StaffMember,
      recordedAt: Instant,
      recordedBy: text(80),
      results: Type.Array(StaffResult),
      exemptions: Type.Array(StaffExemption),
    }),
  },
  'staff.reveal': {
    method: 'POST',
    path: '/api/staff/members/:id/reveal',
    summary: 'Clear text of one worker, with purpose and reason; recorded',
    permission: 'staff.manage',
    params: Id,
    body: object({ purpose: Choice(revealPurposes), reason: requiredText(300) }),
    response: object({
      name: text(60),
      documentType: Choice(documentTypes),
      documentNumber: text(30),
      mobile: text(20),
    }),
  },
  'staff.add': {
    method: 'POST',
    path: '/api/staff/members',
    summary: 'Put a worker on the roster of a store, or change role, name and mobile of one who is there',
    permission: 'staff.manage',
    status: 201,
    body: object({ storeCode: StoreCode, ...newMember }),
    response: StaffMember,
  },
  'staff.leave': {
    method: 'POST',
    path: '/api/staff/members/:id/leave',
    summary: 'Take a worker off the roster from a day on',
    permission: 'staff.manage',
    params: Id,
    body: object(departure),
    response: Done,
  },
  'staff.result': {
    method: 'POST',
    path: '/api/staff/results',
    summary: 'Enter a test, or the outcome of one that waits for it',
    permission: 'staff.manage',
    status: 201,
    body: object(newResult),
    response: StaffMember,
  },
  'staff.void': {
    method: 'POST',
    path: '/api/staff/results/:id/void',
    summary: 'Take a test back that was entered by mistake or whose sample was no good',
    permission: 'staff.manage',
    params: Id,
    body: object({ reason: requiredText(200) }),
    response: Done,
  },
  'staff.exempt': {
    method: 'POST',
    path: '/api/staff/members/:id/exemptions',
    summary: 'Exempt a worker from tests for a period',
    permission: 'staff.manage',
    params: Id,
    body: object(exemption),
    response: Done,
  },
  'staff.end-exemption': {
    method: 'POST',
    path: '/api/staff/exemptions/:id/void',
    summary: 'Take an exemption back',
    permission: 'staff.manage',
    params: Id,
    response: Done,
  },
  'staff.rules': {
    method: 'GET',
    path: '/api/staff/rules',
    summary: 'Testing cycles of the own areas and those around them, newest first',
    permission: 'staff.read',
    response: object({ items: Type.Array(StaffRule) }),
  },
  'staff.save-rule': {
    method: 'POST',
    path: '/api/staff/rules',
    summary: 'Set the testing cycle of an area from a day on, today at the earliest',
    permission: 'staff.manage',
    status: 201,
    body: object({
      areaCode: AreaCode,
      from: DayText,
      cycleDays: Nullable(Type.Integer({ minimum: 1, maximum: 90 })),
      warnDays: Type.Integer({ minimum: 0, maximum: 30 }),
      note: text(200),
    }),
    response: StaffRule,
  },
  'staff.own': {
    method: 'GET',
    path: '/api/staff/own',
    summary: "Workers of the caller's own store and when they are due; masked",
    permission: 'staff.own',
    response: OwnStaff,
  },
  'staff.own-add': {
    method: 'POST',
    path: '/api/staff/own/members',
    summary: "Put a worker on the own store's roster",
    permission: 'staff.own',
    status: 201,
    body: object(newMember),
    response: OwnStaff,
  },
  'staff.own-result': {
    method: 'POST',
    path: '/api/staff/own/results',
    summary: 'Enter a test of a worker of the own store',
    permission: 'staff.own',
    status: 201,
    body: object(newResult),
    response: OwnStaff,
  },
  'staff.own-leave': {
    method: 'POST',
    path: '/api/staff/own/departures',
    summary: "Take a worker off the own store's roster",
    permission: 'staff.own',
    body: object({ ...OfMember, ...departure }),
    response: OwnStaff,
  },
  'staff.own-exempt': {
    method: 'POST',
    path: '/api/staff/own/exemptions',
    summary: 'Report leave of a worker of the own store',
    permission: 'staff.own',
    body: object({ ...OfMember, ...exemption }),
    response: OwnStaff,
  },
})
