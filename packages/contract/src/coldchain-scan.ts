import Type, { type Static } from 'typebox'
import { coldViolationKinds } from './coldchain.terms.ts'
import { CodeText, ColdLot } from './coldchain-model.ts'
import { ColdDispatch } from './coldchain-trade-model.ts'
import { Choice, Count, defineRoutes, Id, Instant, Nullable, object, text, Uuid } from './kernel.ts'

/** A box in stock, or on the way to where it is asked for. */
export const ColdBox = object({
  uri: text(300),
  lotId: Uuid,
  grams: Count,
  /** Pallet on which it stands. */
  pallet: Nullable(text(300)),
  /** Despatch advice under which it is on the way; null: it is here. */
  dispatch: Nullable(text(300)),
})
export type ColdBox = Static<typeof ColdBox>

/** What a phone must know of a holder to work without a network. */
export const ColdScanPack = object({
  at: Instant,
  lots: Type.Array(ColdLot, { maxItems: 2000 }),
  /** Grams on hand by lot. */
  stock: Type.Array(
    object({
      lotId: Uuid,
      grams: Count,
      /** Last counted, last moved. */
      countedAt: Nullable(Instant),
      movedAt: Instant,
    }),
    { maxItems: 2000 },
  ),
  boxes: Type.Array(ColdBox, { maxItems: 5000 }),
  /** On the way here, by despatch advice and lot. */
  arriving: Type.Array(ColdDispatch, { maxItems: 500 }),
  /** More boxes or lots than are told. */
  cut: Type.Boolean(),
})
export type ColdScanPack = Static<typeof ColdScanPack>

export const coldScanRoutes = defineRoutes({
  'cold-scan.pack': {
    method: 'GET',
    path: '/api/coldchain/holders/:id/pack',
    summary: 'Lots, boxes and arriving goods of a holder, for scanning without a network',
    permission: 'coldchain.operate',
    params: Id,
    response: ColdScanPack,
  },
  'cold-scan.code': {
    method: 'GET',
    path: '/api/coldchain/holders/:id/codes',
    summary: 'What a code is, and what would be wrong with it at this holder; raises nothing',
    permission: 'coldchain.operate',
    params: Id,
    query: object({ code: CodeText }),
    response: object({
      lot: Nullable(ColdLot),
      /** Of a box. */
      grams: Nullable(Count),
      wrong: Nullable(Choice(coldViolationKinds)),
    }),
  },
})
