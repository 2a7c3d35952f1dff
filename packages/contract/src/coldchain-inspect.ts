import Type, { type Static } from 'typebox'
import { ColdProblem } from './coldchain-model.ts'
import {
  AreaCode,
  Choice,
  Count,
  Done,
  defineRoutes,
  Id,
  Instant,
  Nullable,
  object,
  requiredText,
  text,
  Uuid,
} from './kernel.ts'

const ColdRefusal = object({ reason: text(300), at: Instant, by: text(80) })

/** A lot that is in its warehouse and not released. */
export const ColdWaitingLot = object({
  id: Uuid,
  lotNo: text(20),
  goodsName: text(120),
  holderName: text(200),
  enteredAt: Instant,
  grams: Count,
  samples: Count,
  pending: Count,
  positive: Count,
  /** What its release still lacks; nothing: it can be released. */
  problems: Type.Array(ColdProblem, { maxItems: 40 }),
  /** The last refusal. */
  refusal: Nullable(ColdRefusal),
})
export type ColdWaitingLot = Static<typeof ColdWaitingLot>

export const coldInspectRoutes = defineRoutes({
  'cold-inspect.queue': {
    method: 'GET',
    path: '/api/coldchain/inspections',
    summary:
      'Lots of the own area that wait for their release, the longest waiting first: under test, or ready to be released',
    permission: 'coldchain.inspect',
    query: object({ area: Type.Optional(AreaCode), which: Type.Optional(Choice(['testing', 'ready'])) }),
    response: object({
      items: Type.Array(ColdWaitingLot, { maxItems: 100 }),
      testing: Count,
      ready: Count,
      /** There are more than were looked at. */
      cut: Type.Boolean(),
    }),
  },
  'cold-inspect.refusals': {
    method: 'GET',
    path: '/api/coldchain/lots/:id/refusals',
    summary: 'Why a lot was not released, newest first',
    permission: 'coldchain.read',
    params: Id,
    response: object({ items: Type.Array(ColdRefusal, { maxItems: 100 }) }),
  },
  'cold-inspect.refuse': {
    method: 'POST',
    path: '/api/coldchain/lots/:id/refusals',
    summary: 'Refuse the release of a lot for a reason',
    permission: 'coldchain.inspect',
    params: Id,
    status: 201,
    body: object({ reason: requiredText(300) }),
    response: Done,
  },
})
