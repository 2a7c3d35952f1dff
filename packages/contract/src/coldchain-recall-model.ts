import Type, { type Static } from 'typebox'
import { coldFates, coldRecallKinds, coldRecallStates } from './coldchain.terms.ts'
import { Choice, Count, Instant, Nullable, object, text, Uuid } from './kernel.ts'

export const ColdRecall = object({
  id: Uuid,
  number: text(40),
  kind: Choice(coldRecallKinds),
  state: Choice(coldRecallStates),
  reason: text(300),
  orderedBy: text(80),
  lots: Type.Array(object({ id: Uuid, lotNo: text(20), goodsName: text(120) }), { maxItems: 200 }),
  /** Grams that came to be under the recalled lots; nothing for a draft. */
  total: Count,
  createdAt: Instant,
  openedAt: Nullable(Instant),
  closedAt: Nullable(Instant),
})
export type ColdRecall = Static<typeof ColdRecall>

export const ColdRecallLine = object({
  fate: Choice(coldFates),
  lotId: Uuid,
  lotNo: text(20),
  holderId: Uuid,
  holderName: text(200),
  /** On the way to whom. */
  toName: Nullable(text(200)),
  /** Of the recalled goods. */
  grams: Count,
  /** With what they were mixed with. */
  mass: Count,
  /** Seen by its holder, or over and done with. */
  confirmed: Type.Boolean(),
})
export type ColdRecallLine = Static<typeof ColdRecallLine>

export const ColdRecallDetail = object({
  ...ColdRecall.properties,
  outcome: text(300),
  /** Grams by fate: they sum to the total, and so do the lines. */
  byFate: Type.Array(object({ fate: Choice(coldFates), grams: Count }), { maxItems: 20 }),
  lines: Type.Array(ColdRecallLine, { maxItems: 100_000 }),
  accounted: Count,
  confirmed: Count,
  notices: Type.Array(
    object({
      holderId: Uuid,
      holderName: text(200),
      toldAt: Instant,
      /** Holders who have goods on hand by the books and have not counted them. */
      waiting: Type.Boolean(),
    }),
    { maxItems: 100_000 },
  ),
  counts: Type.Array(
    object({ holderName: text(200), lotNo: text(20), grams: Count, note: text(300), at: Instant, by: text(80) }),
    { maxItems: 100_000 },
  ),
  /** What was destroyed by order since it was called out. */
  disposals: Type.Array(
    object({ holderName: text(200), lotNo: text(20), grams: Count, orderNo: text(60), at: Instant }),
    {
      maxItems: 100_000,
    },
  ),
  /** Records that contradict themselves. */
  problems: Type.Array(object({ rule: text(40), lotNo: text(20), grams: Count }), { maxItems: 100_000 }),
  /** Score of an exercise, from its end on. */
  mock: Nullable(
    object({
      score: Count,
      passed: Type.Boolean(),
      /** Hundredths of a per cent. */
      accountedShare: Count,
      confirmedShare: Count,
      /** Milliseconds. */
      took: Count,
    }),
  ),
})
export type ColdRecallDetail = Static<typeof ColdRecallDetail>
