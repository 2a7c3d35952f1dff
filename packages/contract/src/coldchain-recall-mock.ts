import Type, { type Static } from 'typebox'
import { ColdRecall } from './coldchain-recall-model.ts'
import {
  AreaCode,
  Count,
  DayText,
  defineRoutes,
  Instant,
  Nullable,
  object,
  PageQuery,
  page,
  text,
  Uuid,
} from './kernel.ts'

const facts = {
  areaCode: AreaCode,
  from: DayText,
  /** Zero: none any more. */
  months: Type.Integer({ minimum: 0, maximum: 24 }),
  lots: Type.Integer({ minimum: 1, maximum: 20 }),
  /** After so many hours it is broken off. */
  hours: Type.Integer({ minimum: 1, maximum: 168 }),
  note: text(300),
}

export const ColdMockRule = object({ id: Uuid, areaName: text(100), ...facts, createdAt: Instant, createdBy: text(80) })
export type ColdMockRule = Static<typeof ColdMockRule>

export const ColdMockRun = object({
  id: Uuid,
  countyName: text(100),
  dueOn: DayText,
  /** The lots are the first ones by SHA-256 of seed and lot id, of so many candidates whose ids have this digest. */
  seed: text(64),
  candidates: Count,
  digest: text(64),
  /** Null when there was nothing to draw. */
  recall: Nullable(ColdRecall),
})
export type ColdMockRun = Static<typeof ColdMockRun>

export const coldMockRoutes = defineRoutes({
  'cold-mock.rules': {
    method: 'GET',
    path: '/api/coldchain/mock-rules',
    summary: 'Schedules of exercises, newest first, and when each county of the area is due next',
    permission: 'coldchain.read',
    query: object({ area: Type.Optional(AreaCode) }),
    response: object({
      items: Type.Array(ColdMockRule, { maxItems: 500 }),
      due: Type.Array(object({ countyName: text(100), on: DayText }), { maxItems: 500 }),
    }),
  },
  'cold-mock.save-rule': {
    method: 'POST',
    path: '/api/coldchain/mock-rules',
    summary: 'Hold exercises in each county of an area every so many months from a day on',
    permission: 'coldchain.manage',
    status: 201,
    body: object(facts),
    response: ColdMockRule,
  },
  'cold-mock.runs': {
    method: 'GET',
    path: '/api/coldchain/mock-runs',
    summary: 'Exercises by schedule: what was drawn, by which seed, and how they went; newest first',
    permission: 'coldchain.inspect',
    query: object({ area: Type.Optional(AreaCode), ...PageQuery }),
    response: page(ColdMockRun),
  },
})
