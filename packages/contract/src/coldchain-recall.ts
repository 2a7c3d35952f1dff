import Type from 'typebox'
import { coldRecallKinds, coldRecallStates } from './coldchain.terms.ts'
import { coldInspectRoutes } from './coldchain-inspect.ts'
import { Grams } from './coldchain-model.ts'
import { coldContactRoutes } from './coldchain-recall-contact.ts'
import { coldMockRoutes } from './coldchain-recall-mock.ts'
import { ColdRecall, ColdRecallDetail, ColdRecallPreview, coldRecallSet } from './coldchain-recall-model.ts'
import {
  AreaCode,
  Choice,
  Done,
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

const recallRoutes = defineRoutes({
  'cold-recall.open': {
    method: 'POST',
    path: '/api/coldchain/recalls',
    summary:
      'Recall lots by id, number of the papers, codes or a stay with a holder: freezes what was made of them, classes every gram, tells the holders; a mock one freezes nothing',
    permission: 'coldchain.inspect',
    status: 201,
    body: object({
      kind: Choice(coldRecallKinds),
      ...coldRecallSet,
      /** Where goods may be returned to besides who sent them. */
      collectorId: Type.Optional(Uuid),
      reason: requiredText(300),
      orderedBy: requiredText(80),
    }),
    response: ColdRecallDetail,
  },
  'cold-recall.preview': {
    method: 'POST',
    path: '/api/coldchain/recall-previews',
    summary: 'What a recall would affect: lots, holders, grams by fate; nothing is frozen and nobody told',
    permission: 'coldchain.inspect',
    body: object(coldRecallSet),
    response: ColdRecallPreview,
  },
  'cold-recall.list': {
    method: 'GET',
    path: '/api/coldchain/recalls',
    summary: 'Recalls of the own area or that concern its holders, newest first',
    permission: 'coldchain.read',
    query: object({
      area: Type.Optional(AreaCode),
      lot: Type.Optional(Uuid),
      kind: Type.Optional(Choice(coldRecallKinds)),
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
    body: object({ orderedBy: requiredText(80), collectorId: Type.Optional(Uuid) }),
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
  'cold-recall.dispose': {
    method: 'POST',
    path: '/api/coldchain/recalls/:id/disposals',
    summary:
      'Destroy grams of a recalled lot at a holder under an order, before a witness; photos and papers are added to it',
    permission: 'coldchain.inspect',
    params: Id,
    status: 201,
    body: object({
      holderId: Uuid,
      lotId: Uuid,
      grams: Grams,
      orderNo: requiredText(60),
      witness: requiredText(80),
      note: text(300),
    }),
    response: object({ id: Uuid }),
  },
  'cold-recall.add-proof': {
    method: 'POST',
    path: '/api/coldchain/disposals/:id/files',
    summary: 'Keep a photo or paper (PNG, JPEG, PDF) of a destruction',
    permission: 'coldchain.inspect',
    params: Id,
    upload: true,
    bodyLimit: 20_000_000,
    status: 201,
    response: Done,
  },
  'cold-recall.proof': {
    method: 'GET',
    path: '/api/coldchain/disposals/:id/files/:fileId',
    summary: 'Download a photo or paper of a destruction',
    permission: 'coldchain.read',
    params: object({ id: Uuid, fileId: Uuid }),
    response: file('application/pdf', 'image/png', 'image/jpeg'),
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

/** What waits for its release, recalls, exercises by schedule, and how businesses are told of them. */
export const coldRecallRoutes = { ...recallRoutes, ...coldContactRoutes, ...coldInspectRoutes, ...coldMockRoutes }
