import Type, { type Static } from 'typebox'
import { complianceGrades, measureKinds, measureStates } from './compliance.terms.ts'
import { Choice, Count, DayText, Instant, Nullable, object, StoreCode, text, Uuid } from './kernel.ts'

/** Name of a rule, such as `shared-id`; the rules in force name themselves. */
export const RuleName = Type.String({ pattern: '^[a-z][a-z-]*$', minLength: 3, maxLength: 40 })
export const Grade = Choice(complianceGrades)
export const Points = Type.Number({ minimum: 0, maximum: 100 })

export const ScorePart = object({
  rule: RuleName,
  name: text(40),
  version: Count,
  /** Points that the rule takes at full strength, and those it takes here. */
  weight: Points,
  points: Points,
  strength: Type.Number(),
  count: Count,
  share: Type.Number(),
  /** Held off by a supervisor: takes no points. */
  dismissed: Type.Boolean(),
})
export type ScorePart = Static<typeof ScorePart>

export const StoreScore = object({
  storeCode: StoreCode,
  storeName: text(120),
  areaName: text(100),
  countyName: text(100),
  chain: Nullable(text(100)),
  score: Points,
  grade: Nullable(Grade),
  parts: Type.Array(ScorePart),
  /** Entries of the window, and its days. */
  entries: Count,
  from: DayText,
  to: DayText,
  gradedAt: Nullable(Instant),
  judgedAt: Instant,
  /** Measures under way. */
  open: Type.Array(object({ kind: Choice(measureKinds), state: Choice(measureStates), overdue: Type.Boolean() })),
})
export type StoreScore = Static<typeof StoreScore>

export const ComplianceEvidence = object({
  rule: RuleName,
  key: text(60),
  text: text(300),
  from: DayText,
  to: DayText,
  count: Count,
  entries: Count,
})
export type ComplianceEvidence = Static<typeof ComplianceEvidence>

/** An entry that evidence is about; personal data masked. */
export const EvidenceEntry = object({
  id: Uuid,
  soldAt: Instant,
  receivedAt: Instant,
  name: Nullable(text(80)),
  documentNumber: Nullable(text(40)),
  mobile: Nullable(text(40)),
  drugs: text(600),
})
export type EvidenceEntry = Static<typeof EvidenceEntry>
