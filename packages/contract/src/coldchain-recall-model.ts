import Type, { type Static } from 'typebox'
import { tellStatuses } from './channel.terms.ts'
import { coldFates, coldRecallKinds, coldRecallStates } from './coldchain.terms.ts'
import { Choice, Count, Instant, Nullable, object, requiredText, text, Uuid } from './kernel.ts'

/** What is to be recalled; what several of these name is recalled together. At least one. */
export const coldRecallSet = {
  lotIds: Type.Optional(Type.Array(Uuid, { minItems: 1, maxItems: 200 })),
  /** Lot, supplier's lot, container or declaration number. */
  number: Type.Optional(requiredText(60)),
  /** Codes of lots, boxes and pallets as they are scanned, or numbers as above; of a box its whole lot. */
  codes: Type.Optional(Type.Array(text(300, { minLength: 2 }), { minItems: 1, maxItems: 500 })),
  /** Everything that lay with a holder at some time between two instants. */
  stay: Type.Optional(object({ holderId: Uuid, from: Instant, to: Instant })),
}

const fateGrams = Type.Array(object({ fate: Choice(coldFates), grams: Count }), { maxItems: 20 })

/** What a recall would affect, before it is called out. */
export const ColdRecallPreview = object({
  lots: Type.Array(
    object({
      id: Uuid,
      lotNo: text(20),
      goodsName: text(120),
      supplierLot: Nullable(text(60)),
      holderName: text(200),
      /** Number of the recall in earnest that it is in already. */
      running: Nullable(text(40)),
    }),
    { maxItems: 200 },
  ),
  /** Lots that were made of them. */
  made: Count,
  /** Holders who have, had or expect some of it, and those who would have to count. */
  holders: Count,
  counting: Count,
  total: Count,
  byFate: fateGrams,
  problems: Count,
  /** Codes that name nothing known. */
  unknown: Type.Array(text(300), { maxItems: 500 }),
  /** Lots that are of other areas, and so not for the caller to recall. */
  elsewhere: Count,
})
export type ColdRecallPreview = Static<typeof ColdRecallPreview>

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
  /** Grams whose fate is known, after what holders have counted. */
  accounted: Count,
  /** Holders who have to count, and those who have. */
  asked: Count,
  answered: Count,
  createdAt: Instant,
  openedAt: Nullable(Instant),
  closedAt: Nullable(Instant),
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

/** A message about a recall outside the console, and what became of it. */
export const ColdRecallTelling = object({
  kind: Choice(['webhook', 'sms']),
  status: Choice(tellStatuses),
  /** The recipient's own number for it. */
  receipt: Nullable(text(120)),
  error: Nullable(text(300)),
  at: Instant,
})

export const ColdRecallDetail = object({
  ...ColdRecall.properties,
  outcome: text(300),
  /** Where goods are collected. */
  collector: Nullable(object({ id: Uuid, name: text(200) })),
  /** Grams by fate when it was called out, after what holders have counted: they sum to the total, and so do the lines. */
  byFate: fateGrams,
  /** Grams by fate now, or when it was closed: after returns and destruction, with the same sum. Null for a draft and an exercise. */
  now: Nullable(fateGrams),
  lines: Type.Array(ColdRecallLine, { maxItems: 100_000 }),
  confirmed: Count,
  notices: Type.Array(
    object({
      holderId: Uuid,
      holderName: text(200),
      toldAt: Instant,
      remindedAt: Nullable(Instant),
      reminders: Count,
      /** Holders who have goods on hand by the books and have not counted them. */
      waiting: Type.Boolean(),
      /** The last message in each way beside the console. */
      told: Type.Array(ColdRecallTelling, { maxItems: 10 }),
    }),
    { maxItems: 100_000 },
  ),
  counts: Type.Array(
    object({ holderName: text(200), lotNo: text(20), grams: Count, note: text(300), at: Instant, by: text(80) }),
    { maxItems: 100_000 },
  ),
  /** What was destroyed by order since it was called out. */
  disposals: Type.Array(
    object({
      /** Null for what was destroyed without a record of it here. */
      id: Nullable(Uuid),
      holderName: text(200),
      lotNo: text(20),
      grams: Count,
      orderNo: text(60),
      /** Who saw it. */
      witness: text(80),
      files: Type.Array(object({ id: Uuid, filename: text(200), mediaType: text(60), sha256: text(64) }), {
        maxItems: 9,
      }),
      at: Instant,
    }),
    { maxItems: 100_000 },
  ),
  /** Records that contradict themselves. */
  problems: Type.Array(object({ rule: text(40), lotNo: text(20), grams: Count }), { maxItems: 100_000 }),
})
export type ColdRecallDetail = Static<typeof ColdRecallDetail>
