import Type from 'typebox'
import { coldRecallKinds, coldRecallStates } from './coldchain.terms.ts'
import { ColdRecall, ColdRecallDetail } from './coldchain-recall-model.ts'
import {
  AreaCode,
  Choice,
  defineRoutes,
  file,
  Id,
  object,
  PageQuery,
  page,
  requiredText,
  text,
  Uuid,
} from './kernel.ts'

export const coldRecallRoutes = defineRoutes({
  'cold-recall.open': {
    method: 'POST',
    path: '/api/coldchain/recalls',
    summary:
      'Recall lots, or those with a number of the papers: freezes what was made of them, classes every gram, tells the holders; a mock one freezes nothing',
    permission: 'coldchain.inspect',
    status: 201,
    body: object({
      kind: Choice(coldRecallKinds),
      lotIds: Type.Optional(Type.Array(Uuid, { minItems: 1, maxItems: 100 })),
      /** Lot, supplier lot, container or declaration number, instead of the lots. */
      number: Type.Optional(requiredText(60)),
      reason: requiredText(300),
      orderedBy: requiredText(80),
    }),
    response: ColdRecallDetail,
  },
  'cold-recall.list': {
    method: 'GET',
    path: '/api/coldchain/recalls',
    summary: 'Recalls of the own area or that concern its holders, newest first',
    permission: 'coldchain.read',
    query: object({
      area: Type.Optional(AreaCode),
      lot: Type.Optional(Uuid),
      state: Type.Optional(Choice(coldRecallStates)),
      ...PageQuery,
    }),
    response: page(ColdRecall),
  },
  'cold-recall.read': {
    method: 'GET',
    path: '/api/coldchain/recalls/:id',
    summary: 'A recall: who had what when it was called out, who was told, what they found; to the gram',
    permission: 'coldchain.read',
    params: Id,
    response: ColdRecallDetail,
  },
  'cold-recall.start': {
    method: 'POST',
    path: '/api/coldchain/recalls/:id/start',
    summary: 'Call out a recall that a positive result has drafted',
    permission: 'coldchain.inspect',
    params: Id,
    body: object({ orderedBy: requiredText(80) }),
    response: ColdRecallDetail,
  },
  'cold-recall.count': {
    method: 'POST',
    path: '/api/coldchain/recalls/:id/counts',
    summary: 'What a holder found of a recalled lot; what is missing is unaccounted from then on',
    permission: 'coldchain.operate',
    params: Id,
    body: object({
      holderId: Uuid,
      lotId: Uuid,
      grams: Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 }),
      note: text(300),
    }),
    response: ColdRecallDetail,
  },
  'cold-recall.close': {
    method: 'POST',
    path: '/api/coldchain/recalls/:id/close',
    summary: 'Close a recall with its outcome; a mock one is scored on time and share',
    permission: 'coldchain.inspect',
    params: Id,
    body: object({ outcome: requiredText(300) }),
    response: ColdRecallDetail,
  },
  'cold-recall.certificate': {
    method: 'GET',
    path: '/api/coldchain/recalls/:id/certificate',
    summary: 'Completeness certificate of a recall as PDF: its grams sum to the lot',
    permission: 'coldchain.read',
    params: Id,
    response: file('application/pdf'),
  },
})
