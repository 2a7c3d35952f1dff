import Type, { type Static } from 'typebox'
import { coldGapKinds, coldViolationKinds, coldViolationStates } from './coldchain.terms.ts'
import { ColdLot } from './coldchain-model.ts'
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

export const ColdOverview = object({
  warehouses: Type.Array(
    object({ id: Uuid, name: text(200), capacityGrams: Count, grams: Count, lots: Count, waiting: Count }),
    { maxItems: 200 },
  ),
  waiting: Count,
  disputed: Count,
  testing: Count,
  openViolations: Count,
  /** Between the days asked for. */
  lots: Count,
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

/** What came into what: lots and the grams between them. */
export const ColdTrace = object({
  start: Uuid,
  lots: Type.Array(
    object({
      ...ColdLot.properties,
      /** Grams on hand at each holder. */
      balances: Type.Array(object({ holderName: text(200), grams: Count }), { maxItems: 200 }),
    }),
    { maxItems: 2000 },
  ),
  flows: Type.Array(object({ from: Uuid, to: Uuid, grams: Count }), { maxItems: 10_000 }),
  dispatches: Type.Array(
    object({
      lotId: Uuid,
      fromName: text(200),
      toName: text(200),
      grams: Count,
      sentAt: Instant,
      received: Type.Boolean(),
    }),
    { maxItems: 10_000 },
  ),
  /** More than are shown. */
  cut: Type.Boolean(),
})
export type ColdTrace = Static<typeof ColdTrace>
