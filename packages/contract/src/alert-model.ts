import Type, { type Static } from 'typebox'
import {
  alertClasses,
  alertExplanations,
  alertFindings,
  alertGrades,
  alertStates,
  alertStepKinds,
  alertUnitKinds,
} from './alert.terms.ts'
import { Choice, Count, DayText, Instant, Nullable, object, StoreCode, text, Uuid } from './kernel.ts'

const Grade = Choice(alertGrades)
const Value = Type.Number()

export const Alert = object({
  id: Uuid,
  number: text(30),
  class: Choice(alertClasses),
  grade: Grade,
  state: Choice(alertStates),
  finding: Nullable(Choice(alertFindings)),
  explanation: Nullable(Choice(alertExplanations)),
  /** Widest units of it that the caller may see, by name. */
  places: Type.Array(object({ kind: Choice(alertUnitKinds), code: text(24), name: text(100) })),
  /** Counties of the same event outside the caller's area. */
  beyond: Count,
  /** One sentence for a person. */
  reason: text(500),
  firstDay: DayText,
  lastDay: DayText,
  /** Of the strongest unit on its strongest day. */
  observed: Value,
  expected: Nullable(Value),
  openedAt: Instant,
  /** When the first response is due, and when it came. */
  dueAt: Instant,
  answeredAt: Nullable(Instant),
  escalations: Count,
  assignee: Nullable(object({ id: Uuid, name: text(80) })),
  closedAt: Nullable(Instant),
  /** Quiet since this instant although somebody is at it. */
  fadedAt: Nullable(Instant),
})
export type Alert = Static<typeof Alert>

export const AlertUnit = object({
  kind: Choice(alertUnitKinds),
  code: text(24),
  name: text(100),
  grade: Nullable(Grade),
  days: Count,
  firstDay: DayText,
  lastDay: DayText,
  day: DayText,
  observed: Value,
  expected: Nullable(Value),
  lower: Nullable(Value),
  upper: Nullable(Value),
  score: Nullable(Value),
  p: Nullable(Value),
  completeness: Value,
  reason: text(500),
})
export type AlertUnit = Static<typeof AlertUnit>

export const AlertStep = object({
  id: Uuid,
  at: Instant,
  actor: text(80),
  kind: Choice(alertStepKinds),
  text: text(1000),
})
export type AlertStep = Static<typeof AlertStep>

export const AlertQuestion = object({
  id: Uuid,
  storeCode: StoreCode,
  storeName: text(100),
  text: text(500),
  askedAt: Instant,
  askedBy: text(80),
  dueAt: Instant,
  answer: Nullable(text(1000)),
  answeredAt: Nullable(Instant),
})
export type AlertQuestion = Static<typeof AlertQuestion>

export const AlertReferral = object({
  id: Uuid,
  recipient: text(100),
  text: text(1000),
  sentAt: Instant,
  sentBy: text(80),
  receipt: Nullable(text(500)),
  receivedAt: Nullable(Instant),
})
export type AlertReferral = Static<typeof AlertReferral>

/** What became of the alerts of one version of a rule, and what its back-test promised. */
export const RuleRecord = object({
  ruleId: text(60),
  ruleVersion: Count,
  ruleName: text(100),
  alerts: Count,
  true: Count,
  false: Count,
  explained: Count,
  /** Share of true among those with a finding. */
  trueRate: Nullable(Value),
  /** Measured by back-test: share of quiet days that had a grade, false alarms per county and week, outbreaks found, days until then. */
  falseAlarmRate: Nullable(Value),
  falsePerCountyWeek: Nullable(Value),
  detection: Nullable(Value),
  delayDays: Nullable(Value),
})
export type RuleRecord = Static<typeof RuleRecord>

export const AlertStore = object({
  code: StoreCode,
  name: text(100),
  areaName: text(100),
  /** Sales in the days of the alert, what the four weeks before would let expect for as many days, and the difference. */
  observed: Value,
  usual: Value,
  excess: Value,
  /** Share in the sum of what stores sold beyond the usual. */
  share: Value,
  signalled: Type.Boolean(),
})
export type AlertStore = Static<typeof AlertStore>

export const AlertDetail = object({
  alert: Alert,
  units: Type.Array(AlertUnit),
  rules: Type.Array(RuleRecord),
  stores: Type.Array(AlertStore),
  steps: Type.Array(AlertStep),
  questions: Type.Array(AlertQuestion),
  referrals: Type.Array(AlertReferral),
  /** Other alerts of the same places and class in the year before. */
  earlier: Type.Array(Alert),
  /** Whether the caller may judge and close it: his area holds one of its leading units. */
  mayJudge: Type.Boolean(),
})
export type AlertDetail = Static<typeof AlertDetail>

export const AlertPoint = object({
  day: DayText,
  observed: Nullable(Value),
  expected: Nullable(Value),
  lower: Nullable(Value),
  upper: Nullable(Value),
  grade: Nullable(Grade),
  completeness: Nullable(Value),
})
export type AlertPoint = Static<typeof AlertPoint>
