import Type, { type Static } from 'typebox'
import { followupGrades } from './followup.terms.ts'
import { AreaCode, Choice, Count, Instant, Nullable, object, text } from './kernel.ts'
import { symptoms } from './terms.ts'

export const FollowupGrade = Choice(followupGrades)
export type FollowupGrade = Static<typeof FollowupGrade>

/** What every rule has: whether it counts, how grave it is, and in how many hours somebody has to answer. */
const common = {
  on: Type.Boolean(),
  grade: FollowupGrade,
  dueHours: Type.Integer(),
}
const Whole = Type.Integer()

/** Thresholds of the rules. What is impossible is refused by the domain, which says why. */
export const FollowupRules = object({
  /** A sale longer ago than so many days opens nothing by itself. */
  freshDays: Whole,
  /** A new cause within so many days of the end takes the closed entry up again; later a new one is opened. */
  reopenDays: Whole,
  /** Hours within which a receipt or an outcome is expected after a hand-over. */
  handedHours: Whole,
  fever: object({ ...common, temperatureTenths: Whole, symptoms: Type.Array(Choice(symptoms), { maxItems: 7 }) }),
  repeat: object({ ...common, purchases: Whole, days: Whole, stores: Whole }),
  classes: object({ ...common, classes: Whole, days: Whole }),
  /** More buyers than `most` at one mobile are a store's bad habit, not a household. */
  mobile: object({ ...common, persons: Whole, days: Whole, most: Whole }),
  address: object({ ...common, persons: Whole, days: Whole, most: Whole }),
  proxy: object({ ...common, purchases: Whole, days: Whole }),
})
export type FollowupRules = Static<typeof FollowupRules>

export const FollowupRuleVersion = object({
  areaCode: Nullable(AreaCode),
  areaName: text(100),
  version: Count,
  rules: FollowupRules,
  reason: text(300),
  createdAt: Nullable(Instant),
  createdBy: text(60),
})
export type FollowupRuleVersion = Static<typeof FollowupRuleVersion>
