import Type, { type Static } from 'typebox'
import { AreaCode, Choice, Count, Instant, Nullable, object, requiredText, text, Uuid } from './kernel.ts'
import {
  attemptOutcomes,
  deliveryKinds,
  deliveryStatuses,
  destinationKinds,
  sharingFormats,
  sharingLists,
  signatureAlgorithms,
} from './terms.ts'

/** Time of day in Asia/Shanghai, HH:MM. */
const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', minLength: 5, maxLength: 5 })

/** When a destination is sent to; days and times in Asia/Shanghai, weekday 1 = Monday. */
export const SharingSchedule = Type.Union([
  object({ every: Type.Literal('day'), at: TimeOfDay }),
  object({ every: Type.Literal('hours'), hours: Type.Integer({ minimum: 1, maximum: 24 }) }),
  object({ every: Type.Literal('week'), weekday: Type.Integer({ minimum: 1, maximum: 7 }), at: TimeOfDay }),
])
export type SharingSchedule = Static<typeof SharingSchedule>

/** Dotted path into a JSON answer, such as `data.receiptNo`. */
const FieldPath = Type.String({ pattern: '^[^.\\s]+(\\.[^.\\s]+)*$', minLength: 1, maxLength: 100 })

/**
 * What counts as success besides a 2xx status: nothing, or a JSON body whose `field` is `value`; the other fields, when
 * given, must be there too and, for digest and rows, repeat what was sent.
 */
export const SharingReceipt = Type.Union([
  object({ kind: Type.Literal('status') }),
  object({
    kind: Type.Literal('json'),
    field: FieldPath,
    value: requiredText(60),
    number: Type.Optional(FieldPath),
    digest: Type.Optional(FieldPath),
    rows: Type.Optional(FieldPath),
  }),
])
export type SharingReceipt = Static<typeof SharingReceipt>

/** What is set of a destination, as it is given and shown. */
export const destinationSettings = {
  name: requiredText(60),
  kind: Choice(destinationKinds),
  url: requiredText(500, 'https, or http where the installation allows it'),
  format: Choice(sharingFormats),
  /** Export template by which an XLSX is filled; null for the list's own columns. */
  templateId: Nullable(Uuid),
  clear: Type.Boolean(),
  schedule: SharingSchedule,
  cover: Choice(['yesterday', 'since-acknowledged']),
  receipt: SharingReceipt,
  /** Seconds without progress, and for the whole answer once everything was sent. */
  timeoutSeconds: Type.Integer({ minimum: 1, maximum: 600 }),
  /** Pause after the first failure; it doubles with each. */
  retrySeconds: Type.Integer({ minimum: 1, maximum: 3600 }),
  maxAttempts: Type.Integer({ minimum: 1, maximum: 50 }),
  maxAgeHours: Type.Integer({ minimum: 1, maximum: 720 }),
  secretHeader: Nullable(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9-]*$', minLength: 1, maxLength: 60 })),
  ca: Nullable(text(20_000, { description: 'PEM certificates trusted besides the public ones' })),
}

export const SharingKey = object({
  id: text(40),
  algorithm: Choice(signatureAlgorithms),
  state: Choice(['next', 'active', 'retired']),
  /** SubjectPublicKeyInfo, PEM. */
  publicKey: text(1000),
  createdAt: Instant,
})
export type SharingKey = Static<typeof SharingKey>

export const Delivery = object({
  id: Uuid,
  number: text(30),
  kind: Choice(deliveryKinds),
  from: text(10),
  to: text(10),
  version: Count,
  format: Choice(sharingFormats),
  clear: Type.Boolean(),
  status: Choice(deliveryStatuses),
  rows: Count,
  bytes: Count,
  sha256: Nullable(text(64)),
  attempts: Count,
  nextAt: Nullable(Instant),
  /** Export that its file is; null for tests and JSON lines. */
  exportId: Nullable(Uuid),
  /** Whether the file of it is still kept, so that it can be sent again. */
  kept: Type.Boolean(),
  error: Nullable(text(300)),
  receiptNumber: Nullable(text(200)),
  createdAt: Instant,
  createdBy: text(60),
  acknowledgedAt: Nullable(Instant),
})
export type Delivery = Static<typeof Delivery>

export const Attempt = object({
  number: Count,
  outcome: Choice(attemptOutcomes),
  startedAt: Instant,
  durationMs: Nullable(Count),
  httpStatus: Nullable(Count),
  error: Nullable(text(300)),
  /** Beginning of the answer, personal data removed. */
  answer: Nullable(text(600)),
})
export type Attempt = Static<typeof Attempt>

export const Destination = object({
  ...destinationSettings,
  id: Uuid,
  areaCode: AreaCode,
  areaName: text(100),
  /** What it gets; chosen when it is set up. */
  list: Choice(sharingLists),
  state: Choice(['active', 'paused']),
  clearReason: Nullable(text(300)),
  hasSecret: Type.Boolean(),
  nextAt: Nullable(Instant),
  createdAt: Instant,
  createdBy: text(60),
  revision: Count,
  keys: Type.Array(SharingKey),
  /** Newest delivery, tests left out. */
  last: Nullable(Delivery),
  lastAcknowledgedAt: Nullable(Instant),
  /** Deliveries given up, and those that have failed and will be tried again. */
  dead: Count,
  failing: Count,
})
export type Destination = Static<typeof Destination>

export const StuckDestination = object({
  destinationId: Uuid,
  name: text(60),
  areaName: text(100),
  dead: Count,
  failing: Count,
  /** When the oldest of them was made. */
  oldest: Instant,
  error: Nullable(text(300)),
})
export type StuckDestination = Static<typeof StuckDestination>
