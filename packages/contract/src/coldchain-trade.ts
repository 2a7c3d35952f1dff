import Type from 'typebox'
import {
  coldCertificateStates,
  coldGateStates,
  coldLotKinds,
  coldTradeKinds,
  coldViolationKinds,
  coldViolationStates,
} from './coldchain.terms.ts'
import { CodeText, ColdLot, coldLotFacts, Grams } from './coldchain-model.ts'
import { ColdTrace } from './coldchain-trace.ts'
import { ColdDispatch, ColdGap, ColdOverview, ColdViolation, ColdViolationDetail } from './coldchain-trade-model.ts'
import {
  AreaCode,
  Choice,
  Count,
  DayText,
  defineRoutes,
  file,
  Id,
  Instant,
  Nullable,
  object,
  PageQuery,
  page,
  requiredText,
  text,
  Uuid,
} from './kernel.ts'

const Line = object({
  code: CodeText,
  /** May be left out for boxes and pallets. */
  grams: Type.Optional(Grams),
})

/** What anybody may know of a lot by its certificate or the code of one of its boxes. */
const publicLot = {
  kind: Choice(coldLotKinds),
  goodsName: text(120),
  lotNo: text(20),
  origin: Nullable(text(60)),
  producedOn: Nullable(DayText),
  expiresOn: Nullable(DayText),
  importer: Nullable(text(200)),
  /** The supervised warehouse of an imported lot, who made a made one. */
  station: text(200),
  tested: Nullable(DayText),
  disinfected: Nullable(DayText),
  released: Nullable(DayText),
  /** Since when it is called back, while it is. */
  recalled: Nullable(DayText),
}

export const coldTradeRoutes = defineRoutes({
  'cold-trade.record': {
    method: 'POST',
    path: '/api/coldchain/trade',
    summary: 'Ship, return, receive, split, repack, process, sell, count, lose or destroy goods, as one event',
    permission: 'coldchain.operate',
    status: 201,
    body: object({
      /** Of the sender: sent again under it, nothing is done twice. */
      key: Type.Optional(Uuid),
      kind: Choice(coldTradeKinds),
      holderId: Uuid,
      /** When it happened; now unless given (scanned offline). */
      at: Type.Optional(Instant),
      toId: Type.Optional(Uuid),
      /** Despatch advice: of a receipt, or of a loss on the way. */
      dispatch: Type.Optional(text(300)),
      lines: Type.Array(Line, { minItems: 1, maxItems: 500 }),
      outputs: Type.Optional(
        Type.Array(object({ goodsId: Uuid, lotNo: coldLotFacts.lotNo, grams: Grams }), { minItems: 1, maxItems: 50 }),
      ),
    }),
    response: object({
      hash: text(200),
      dispatch: Nullable(text(300)),
      outputs: Type.Array(object({ lotId: Uuid, uri: text(200), lotNo: text(20) }), { maxItems: 50 }),
    }),
  },
  'cold-trade.in-transit': {
    method: 'GET',
    path: '/api/coldchain/dispatches',
    summary: 'Goods on the way to or from holders of the own area, oldest first',
    permission: 'coldchain.read',
    query: object({ holder: Type.Optional(Uuid) }),
    response: object({ items: Type.Array(ColdDispatch, { maxItems: 500 }) }),
  },
  'cold-trade.scan': {
    method: 'POST',
    path: '/api/coldchain/scans',
    summary: 'Check a code where it was found: one that is unknown, not released or elsewhere raises a violation',
    permission: 'coldchain.operate',
    body: object({
      /** Of the sender: sent again under it, no second violation is raised. */
      key: Type.Optional(Uuid),
      /** When it was scanned; now unless given. */
      at: Type.Optional(Instant),
      code: CodeText,
      holderId: Uuid,
      place: text(200),
      lon: Nullable(Type.Number({ minimum: -180, maximum: 180 })),
      lat: Nullable(Type.Number({ minimum: -90, maximum: 90 })),
      grams: Nullable(Grams),
      note: text(300),
    }),
    response: object({
      lot: Nullable(ColdLot),
      violation: Nullable(object({ id: Uuid, kind: Choice(coldViolationKinds) })),
    }),
  },
  'cold-violation.list': {
    method: 'GET',
    path: '/api/coldchain/violations',
    summary: 'Violations in the own area, newest first',
    permission: 'coldchain.read',
    query: object({ area: Type.Optional(AreaCode), state: Type.Optional(Choice(coldViolationStates)), ...PageQuery }),
    response: page(ColdViolation),
  },
  'cold-violation.add-photo': {
    method: 'POST',
    path: '/api/coldchain/violations/:id/photos',
    summary: 'Keep a photo (PNG, JPEG) of a violation',
    permission: 'coldchain.operate',
    params: Id,
    upload: true,
    bodyLimit: 20_000_000,
    status: 201,
    response: ColdViolation,
  },
  'cold-violation.read': {
    method: 'GET',
    path: '/api/coldchain/violations/:id',
    summary: 'A violation with its photos and what was done about it',
    permission: 'coldchain.read',
    params: Id,
    response: ColdViolationDetail,
  },
  'cold-violation.photo': {
    method: 'GET',
    path: '/api/coldchain/violations/:id/photos/:photoId',
    summary: 'A photo of a violation; recorded',
    permission: 'coldchain.inspect',
    params: object({ id: Uuid, photoId: Uuid }),
    response: file('image/png', 'image/jpeg'),
  },
  'cold-violation.follow': {
    method: 'POST',
    path: '/api/coldchain/violations/:id/steps',
    summary: 'Note what is being done about a violation; the first note takes it up',
    permission: 'coldchain.inspect',
    params: Id,
    body: object({ note: requiredText(300) }),
    response: ColdViolationDetail,
  },
  'cold-violation.close': {
    method: 'POST',
    path: '/api/coldchain/violations/:id/close',
    summary: 'Close a violation with its outcome and the grams taken off sale',
    permission: 'coldchain.inspect',
    params: Id,
    body: object({
      outcome: requiredText(300),
      withdrawnGrams: Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 }),
    }),
    response: ColdViolation,
  },
  'cold-chain.overview': {
    method: 'GET',
    path: '/api/coldchain/overview',
    summary: 'Warehouses with what they hold, the queue, lots under test, and figures of a period',
    permission: 'coldchain.read',
    query: object({ from: DayText, to: DayText, area: Type.Optional(AreaCode) }),
    response: ColdOverview,
  },
  'cold-chain.gaps': {
    method: 'GET',
    path: '/api/coldchain/gaps',
    summary: 'Sent and not received, not sent on, on sale without entry, expired, uncounted: the longest overdue first',
    permission: 'coldchain.read',
    query: object({
      area: Type.Optional(AreaCode),
      /** A past day, as it was kept at its beginning; this moment unless given. */
      day: Type.Optional(DayText),
    }),
    response: object({ total: Count, items: Type.Array(ColdGap, { maxItems: 500 }) }),
  },
  'cold-chain.trace': {
    method: 'GET',
    path: '/api/coldchain/trace',
    summary: 'What a code came from and what became of it, with the grams between lots and where they are',
    permission: 'coldchain.read',
    query: object({ code: CodeText, direction: Choice(['forward', 'backward']) }),
    response: ColdTrace,
  },
  'cold-public.certificate': {
    method: 'GET',
    path: '/api/coldchain/public/certificates/:token',
    summary: 'Whether an exit certificate is genuine and holds; for anybody who scans it',
    permission: 'public',
    params: object({ token: text(600, { minLength: 40 }) }),
    response: object({
      state: Choice(coldCertificateStates),
      number: Nullable(text(60)),
      issuedOn: Nullable(DayText),
      grams: Nullable(Count),
      boxes: Nullable(Count),
      /** Null for what is no certificate of ours. */
      lot: Nullable(object(publicLot)),
      /** When this was looked up. */
      at: Instant,
      scans: Count,
    }),
  },
  'cold-public.code': {
    method: 'GET',
    path: '/api/coldchain/public/codes',
    summary: 'Origin, dates, importer, test and release behind the code of a box; nothing about persons',
    permission: 'public',
    query: object({ code: CodeText }),
    response: object({
      ...publicLot,
      at: Instant,
      gate: Choice(coldGateStates),
      scans: Count,
    }),
  },
})
