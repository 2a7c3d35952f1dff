import Type, { type Static } from 'typebox'
import { coldGapKinds, coldViolationKinds, coldViolationStates, coldViolationStepKinds } from './coldchain.terms.ts'
import { Choice, Count, Instant, Nullable, object, text, Uuid } from './kernel.ts'

export const ColdDispatch = object({
  uri: text(300),
  lotId: Uuid,
  lotNo: text(20),
  goodsName: text(120),
  fromName: text(200),
  toName: text(200),
  returned: Type.Boolean(),
  grams: Count,
  lostGrams: Count,
  sentAt: Instant,
})
export type ColdDispatch = Static<typeof ColdDispatch>

export const ColdViolation = object({
  id: Uuid,
  kind: Choice(coldViolationKinds),
  code: text(300),
  lotId: Nullable(Uuid),
  holderName: Nullable(text(200)),
  place: text(200),
  lon: Nullable(Type.Number()),
  lat: Nullable(Type.Number()),
  grams: Nullable(Count),
  note: text(300),
  state: Choice(coldViolationStates),
  outcome: text(300),
  withdrawnGrams: Count,
  at: Instant,
  by: text(80),
  photos: Count,
})
export type ColdViolation = Static<typeof ColdViolation>

/** A violation with its photos and what was done about it, oldest first. */
export const ColdViolationDetail = object({
  ...ColdViolation.properties,
  lotNo: Nullable(text(20)),
  goodsName: Nullable(text(120)),
  pictures: Type.Array(
    object({ id: Uuid, filename: text(200), bytes: Count, sha256: text(64), at: Instant, by: text(80) }),
    {
      maxItems: 20,
    },
  ),
  steps: Type.Array(object({ kind: Choice(coldViolationStepKinds), note: text(300), at: Instant, by: text(80) }), {
    maxItems: 200,
  }),
})
export type ColdViolationDetail = Static<typeof ColdViolationDetail>

export const ColdOverview = object({
  warehouses: Type.Array(
    object({
      id: Uuid,
      name: text(200),
      capacityGrams: Count,
      grams: Count,
      lots: Count,
      waiting: Count,
      disputed: Count,
    }),
    { maxItems: 200 },
  ),
  /** Declared and not yet entered, those with a difference among them. */
  waiting: Count,
  /** Of those that wait: the figures of both sides differ. */
  disputed: Count,
  testing: Count,
  openViolations: Count,
  /** Between the days asked for. */
  lots: Count,
  boxes: Count,
  grams: Count,
  released: Count,
  violations: Count,
  withdrawnGrams: Count,
})
export type ColdOverview = Static<typeof ColdOverview>

export const ColdGap = object({
  kind: Choice(coldGapKinds),
  lotId: Uuid,
  lotNo: text(20),
  goodsName: text(120),
  holderName: text(200),
  otherName: Nullable(text(200)),
  grams: Count,
  /** Since when it is a gap, and whole days until today. */
  due: Instant,
  days: Count,
})
export type ColdGap = Static<typeof ColdGap>
