import Type, { type Static } from 'typebox'
import {
  AreaCode,
  Choice,
  Count,
  DayText,
  Instant,
  Nullable,
  object,
  requiredText,
  StoreCode,
  text,
  Uuid,
} from './kernel.ts'
import { exemptReasons, leaveReasons, staffRoles, staffStates, testOutcomes, testSources } from './staff.terms.ts'
import { documentTypes } from './terms.ts'

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

/** What a form says of a worker. */
export const newMember = {
  role: Choice(staffRoles),
  name: requiredText(60),
  documentType: Choice(documentTypes),
  documentNumber: requiredText(30),
  mobile: requiredText(20),
  joinedOn: Type.Optional(DayText),
}
/** What a form says of a test. */
export const newResult = {
  /** Whose test; left out when a code that is known already says so. */
  memberId: Type.Optional(Uuid),
  /** Code of tube or report, typed or scanned. */
  code: Type.Optional(Type.String({ pattern: '^[0-9A-Za-z-]{4,40}$', minLength: 4, maxLength: 40 })),
  sampledAt: Type.Optional(Instant),
  outcome: Choice(testOutcomes),
  lab: Type.Optional(text(100)),
}
/** What a form says of somebody who goes. */
export const departure = { leftOn: DayText, reason: Choice(leaveReasons) }
/** What a form says of days without duty to be tested. */
export const exemption = { from: DayText, to: DayText, reason: Choice(exemptReasons), note: text(200) }

/** A worker of the own store, as its counter shows him. */
export const OwnStaff = object({
  day: DayText,
  cycleDays: Nullable(Count),
  items: Type.Array(StaffMember),
})
export type OwnStaff = Static<typeof OwnStaff>
