import Type, { type Static } from 'typebox'
import {
  coldDeclarationStates,
  coldDocumentKinds,
  coldGateStates,
  coldHolderKinds,
  coldLotKinds,
  coldMovementKinds,
  coldPaperStates,
  coldResults,
  coldSides,
  coldSubjects,
} from './coldchain.terms.ts'
import {
  AreaCode,
  Choice,
  Count,
  DayText,
  Instant,
  Nullable,
  object,
  requiredText,
  StoreCode,
  text,
  Uuid,
} from './kernel.ts'

/** Whole grams, at most a million tonnes. */
export const Grams = Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 })
export const Boxes = Type.Integer({ minimum: 1, maximum: 100_000 })
export const Gtin = Type.String({ pattern: '^[0-9]{14}$', minLength: 14, maxLength: 14 })
/** A GS1 code as it is scanned: Digital Link, EPC URN or element string. */
export const CodeText = text(300, { minLength: 4 })

/** What is said of a lot that comes in. */
export const coldLotFacts = {
  goodsId: Uuid,
  /** Ours, unless the goods bear one; a made-up one when empty. */
  lotNo: Type.String({ pattern: '^[0-9A-Za-z./-]*$', maxLength: 20 }),
  origin: requiredText(60),
  plantNo: requiredText(40),
  supplierLot: requiredText(60),
  containerNo: text(20),
  producedOn: DayText,
  expiresOn: DayText,
  boxes: Boxes,
  grams: Grams,
}

export const ColdHolder = object({
  id: Uuid,
  code: StoreCode,
  name: text(200),
  kind: Choice(coldHolderKinds),
  uri: text(200),
})
export type ColdHolder = Static<typeof ColdHolder>

export const ColdGoods = object({
  id: Uuid,
  gtin: Gtin,
  name: text(120),
  category: text(60),
  spec: text(120),
  /** Highest temperature, in 0.1 °C. */
  limitTenths: Type.Integer(),
  shelfLifeDays: Nullable(Count),
})
export type ColdGoods = Static<typeof ColdGoods>

export const ColdRule = object({
  id: Uuid,
  areaCode: AreaCode,
  from: DayText,
  tolerancePpm: Count,
  noticeHours: Count,
  testDays: Count,
  note: text(300),
  createdAt: Instant,
  createdBy: text(80),
})
export type ColdRule = Static<typeof ColdRule>

export const ColdDocument = object({
  id: Uuid,
  kind: Choice(coldDocumentKinds),
  number: text(60),
  issuedOn: DayText,
  filename: text(200),
  mediaType: text(60),
  bytes: Count,
  sha256: text(64),
  at: Instant,
  by: text(80),
})
export type ColdDocument = Static<typeof ColdDocument>

/** Something that stands in the way of entry or release, by a stable name. */
export const ColdProblem = object({ rule: text(40), detail: text(200) })
export type ColdProblem = Static<typeof ColdProblem>

export const ColdFigure = object({
  side: Choice(coldSides),
  boxes: Count,
  grams: Count,
  reason: text(300),
  at: Instant,
  by: text(80),
})

export const ColdDeclaration = object({
  id: Uuid,
  number: text(40),
  state: Choice(coldDeclarationStates),
  lotId: Uuid,
  lotNo: text(20),
  goodsName: text(120),
  ownerName: text(200),
  warehouseId: Uuid,
  warehouseName: text(200),
  slotAt: Instant,
  vehicle: text(20),
  boxes: Count,
  grams: Count,
  declaredAt: Instant,
})
export type ColdDeclaration = Static<typeof ColdDeclaration>

export const ColdDeclarationDetail = object({
  ...ColdDeclaration.properties,
  /** Masked; null once forgotten. */
  driverName: Nullable(text(80)),
  driverMobile: Nullable(text(40)),
  documents: Type.Array(ColdDocument, { maxItems: 100 }),
  figures: Type.Array(ColdFigure, { maxItems: 100 }),
  discrepancy: Nullable(
    object({
      consignorBoxes: Count,
      consignorGrams: Count,
      warehouseBoxes: Count,
      warehouseGrams: Count,
      openedAt: Instant,
      settledAt: Nullable(Instant),
      settledBoxes: Nullable(Count),
      settledGrams: Nullable(Count),
    }),
  ),
  /** What is wrong with its documents. */
  problems: Type.Array(ColdProblem, { maxItems: 40 }),
})
export type ColdDeclarationDetail = Static<typeof ColdDeclarationDetail>

export const ColdLot = object({
  id: Uuid,
  uri: text(200),
  gtin: Gtin,
  lotNo: text(20),
  goodsName: text(120),
  kind: Choice(coldLotKinds),
  gate: Choice(coldGateStates),
  origin: Nullable(text(60)),
  supplierLot: Nullable(text(60)),
  containerNo: Nullable(text(20)),
  producedOn: Nullable(DayText),
  expiresOn: Nullable(DayText),
  holderName: text(200),
})
export type ColdLot = Static<typeof ColdLot>

export const ColdSample = object({
  id: Uuid,
  code: text(40),
  subject: Choice(coldSubjects),
  grams: Count,
  result: Choice(coldResults),
  lab: text(100),
  reportNo: text(60),
  /** Id of the positive sample that it tests again, and why. */
  retestOf: Nullable(Uuid),
  retestReason: text(300),
  takenAt: Instant,
  resultAt: Nullable(Instant),
})
export type ColdSample = Static<typeof ColdSample>

export const ColdCertificate = object({
  id: Uuid,
  number: text(60),
  /** Null: our own. */
  province: Nullable(text(60)),
  issuer: text(100),
  issuedOn: DayText,
  grams: Count,
  boxes: Count,
  token: text(600),
  /** For whom it was issued; null: for the lot, whoever takes of it. */
  toName: Nullable(text(200)),
  scans: Count,
  state: Choice(coldPaperStates),
})
export type ColdCertificate = Static<typeof ColdCertificate>

export const ColdLotDetail = object({
  ...ColdLot.properties,
  plantNo: Nullable(text(40)),
  ownerName: Nullable(text(200)),
  declaration: Nullable(ColdDeclarationDetail),
  samples: Type.Array(ColdSample, { maxItems: 200 }),
  disinfections: Type.Array(object({ agent: text(60), doneAt: Instant, note: text(300), by: text(80) }), {
    maxItems: 100,
  }),
  releases: Type.Array(
    object({
      number: Count,
      kind: Choice(['release', 'withdraw']),
      reason: text(300),
      digest: text(64),
      at: Instant,
      by: text(80),
    }),
    { maxItems: 100 },
  ),
  certificates: Type.Array(ColdCertificate, { maxItems: 100 }),
  /** What still stands in the way of its release; empty when nothing does. */
  problems: Type.Array(ColdProblem, { maxItems: 40 }),
  boxes: Count,
  balances: Type.Array(object({ holderId: Uuid, holderName: text(200), grams: Count, since: Instant }), {
    maxItems: 500,
  }),
  /** Newest first, at most 200 of them. */
  movements: Type.Array(
    object({
      at: Instant,
      kind: Choice(coldMovementKinds),
      grams: Type.Integer(),
      holderName: text(200),
      otherName: Nullable(text(200)),
      hash: text(200),
    }),
    { maxItems: 200 },
  ),
})
export type ColdLotDetail = Static<typeof ColdLotDetail>
