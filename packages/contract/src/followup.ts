import Type, { type Static } from 'typebox'
import {
  followupCauses,
  followupEvents,
  followupOutcomes,
  followupRecipients,
  followupStates,
} from './followup.terms.ts'
import { FollowupGrade, FollowupRules, FollowupRuleVersion } from './followup-rule.ts'
import { followupSheetRoutes, SheetDelivery } from './followup-sheet.ts'
import {
  AreaCode,
  Choice,
  Count,
  defineRoutes,
  Id,
  Instant,
  Nullable,
  object,
  PageQuery,
  page,
  requiredText,
  StoreCode,
  text,
  Uuid,
} from './kernel.ts'
import { DocumentTypeName, PurchaseClear } from './pharmacy-purchase.ts'
import { DrugClass } from './pharmacy-store.ts'
import { revealPurposes, symptoms } from './terms.ts'

export * from './followup-rule.ts'
export * from './followup-sheet.ts'

export const FollowupCause = Choice(followupCauses)
export type FollowupCause = Static<typeof FollowupCause>
export const FollowupState = Choice(followupStates)
export type FollowupState = Static<typeof FollowupState>
export const FollowupOutcome = Choice(followupOutcomes)
export type FollowupOutcome = Static<typeof FollowupOutcome>
const AnyOutcome = Choice([...followupOutcomes, 'withdrawn'] as const)

/** A person to follow up as a list shows it: masked always; null after the key of the month was destroyed. */
export const FollowupItem = object({
  id: Uuid,
  number: text(30),
  areaCode: AreaCode,
  areaName: text(100),
  name: Nullable(text(80)),
  documentType: DocumentTypeName,
  documentNumber: Nullable(text(40)),
  mobile: Nullable(text(40)),
  residence: Nullable(text(250)),
  causes: Type.Array(FollowupCause),
  grade: FollowupGrade,
  state: FollowupState,
  dueAt: Nullable(Instant),
  overdue: Type.Boolean(),
  openedAt: Instant,
  lastAt: Instant,
  closedAt: Nullable(Instant),
  outcome: Nullable(AnyOutcome),
  reopened: Count,
  assigneeId: Nullable(Uuid),
  assignee: Nullable(text(60)),
  sheetId: Nullable(Uuid),
  receipt: Type.Boolean(),
  /** Of its sheet, where that is sent by itself. */
  delivery: Nullable(SheetDelivery),
  revision: Count,
})
export type FollowupItem = Static<typeof FollowupItem>

/** Figures of a cause; those that the rule does not look at are left out. */
const CauseDetail = object({
  purchases: Type.Optional(Count),
  days: Type.Optional(Count),
  stores: Type.Optional(Count),
  classes: Type.Optional(Type.Array(DrugClass)),
  persons: Type.Optional(Count),
  symptoms: Type.Optional(Type.Array(Choice(symptoms))),
  temperatureTenths: Type.Optional(Count),
})
export type CauseDetail = Static<typeof CauseDetail>

const EvidencePurchase = object({
  id: Uuid,
  kinds: Type.Array(FollowupCause),
  soldAt: Instant,
  storeCode: StoreCode,
  storeName: text(120),
  areaName: text(100),
  items: Type.Array(object({ name: text(300), class: DrugClass, quantity: Count })),
  symptoms: Type.Array(Choice(symptoms)),
  temperatureTenths: Nullable(Type.Integer()),
  fever: Type.Boolean(),
  referred: Type.Boolean(),
  proxy: Type.Boolean(),
  undone: Type.Boolean(),
})
export type EvidencePurchase = Static<typeof EvidencePurchase>

/** Others with the same mobile or address: how many, and those of them who are followed up in the own area. */
const Link = object({
  kind: Choice(['mobile', 'address']),
  persons: Count,
  entries: Type.Array(object({ id: Uuid, number: text(30), name: Nullable(text(80)), state: FollowupState }), {
    maxItems: 20,
  }),
})

export const FollowupDetail = object({
  entry: FollowupItem,
  causes: Type.Array(
    object({ kind: FollowupCause, grade: FollowupGrade, ruleVersion: Count, detail: CauseDetail, foundAt: Instant }),
  ),
  purchases: Type.Array(EvidencePurchase),
  /** Purchases behind the causes outside the own area. */
  elsewhere: Count,
  links: Type.Array(Link),
  timeline: Type.Array(
    object({
      at: Instant,
      actor: text(60),
      kind: Choice(followupEvents),
      causes: Type.Array(FollowupCause),
      about: Nullable(text(200)),
      text: Nullable(text(300)),
      outcome: Nullable(AnyOutcome),
    }),
  ),
  sheet: Nullable(
    object({
      id: Uuid,
      number: text(30),
      recipient: Choice(followupRecipients),
      recipientName: text(60),
      createdAt: Instant,
      receiptNumber: Nullable(text(60)),
      receiptAt: Nullable(Instant),
      delivery: Nullable(SheetDelivery),
    }),
  ),
})
export type FollowupDetail = Static<typeof FollowupDetail>

const Purpose = { purpose: Choice(revealPurposes), reason: requiredText(300) }

/** What the module offers besides its hand-over sheets. */
const personRoutes = defineRoutes({
  'followup.list': {
    method: 'GET',
    path: '/api/followups',
    summary: 'Persons to follow up in the own area, masked; open ones by due time, closed ones newest first',
    permission: 'followup.read',
    query: object({
      area: Type.Optional(AreaCode),
      state: Type.Optional(FollowupState),
      cause: Type.Optional(FollowupCause),
      grade: Type.Optional(FollowupGrade),
      overdue: Type.Optional(Type.Literal('1')),
      mine: Type.Optional(Type.Literal('1')),
      ...PageQuery,
    }),
    response: object({
      ...page(FollowupItem).properties,
      total: Nullable(object({ count: Count, estimated: Type.Boolean() })),
    }),
  },
  'followup.board': {
    method: 'GET',
    path: '/api/followups/board',
    summary: 'The board: number, overdue and first persons of each state; closed ones of the last seven days',
    permission: 'followup.read',
    query: object({ area: Type.Optional(AreaCode) }),
    response: object({
      columns: Type.Array(
        object({ state: FollowupState, count: Count, overdue: Count, items: Type.Array(FollowupItem) }),
      ),
      outcomes: Type.Array(object({ outcome: AnyOutcome, count: Count })),
      asOf: Instant,
    }),
  },
  'followup.lookup': {
    method: 'POST',
    path: '/api/followups/lookup',
    summary: 'Persons to follow up by document number or mobile, for a stated purpose; rate-limited and recorded',
    permission: 'followup.read',
    body: object({ number: requiredText(30), ...Purpose }),
    response: object({ items: Type.Array(FollowupItem, { maxItems: 20 }) }),
  },
  'followup.read': {
    method: 'GET',
    path: '/api/followups/:id',
    summary: 'One person with causes, purchases, links and timeline, masked',
    permission: 'followup.read',
    params: Id,
    response: FollowupDetail,
  },
  'followup.people': {
    method: 'GET',
    path: '/api/followups/:id/people',
    summary: 'Who may take over the follow-up of a person',
    permission: 'followup.handle',
    params: Id,
    response: object({ items: Type.Array(object({ id: Uuid, name: text(60) })) }),
  },
  'followup.reveal': {
    method: 'POST',
    path: '/api/followups/:id/reveal',
    summary: 'Clear text of one person, for a stated purpose; recorded',
    permission: 'purchase.reveal',
    params: Id,
    body: object(Purpose),
    response: PurchaseClear,
  },
  'followup.take': {
    method: 'POST',
    path: '/api/followups/:id/take',
    summary: 'Take the follow-up of a person in hand, or give it to somebody',
    permission: 'followup.handle',
    params: Id,
    body: object({ revision: Count, assigneeId: Type.Optional(Uuid) }),
    response: FollowupItem,
  },
  'followup.note': {
    method: 'POST',
    path: '/api/followups/:id/notes',
    summary: 'Note down a call or a visit',
    permission: 'followup.handle',
    params: Id,
    body: object({ text: requiredText(300) }),
    response: FollowupItem,
  },
  'followup.close': {
    method: 'POST',
    path: '/api/followups/:id/close',
    summary: 'Close with what was found',
    permission: 'followup.handle',
    params: Id,
    body: object({ revision: Count, outcome: FollowupOutcome, note: text(300) }),
    response: FollowupItem,
  },
  'followup.reopen': {
    method: 'POST',
    path: '/api/followups/:id/reopen',
    summary: 'Take up a closed one again',
    permission: 'followup.handle',
    params: Id,
    body: object({ revision: Count, reason: requiredText(300) }),
    response: FollowupItem,
  },
  'followup.rules': {
    method: 'GET',
    path: '/api/followups/rules',
    summary: 'The rules that count in an area, and their earlier versions',
    permission: 'followup.read',
    query: object({ area: Type.Optional(AreaCode) }),
    response: object({ present: FollowupRuleVersion, versions: Type.Array(FollowupRuleVersion) }),
  },
  'followup.save-rules': {
    method: 'POST',
    path: '/api/followups/rules',
    summary: 'A new version of the rules of an area; impossible thresholds are refused with the reason',
    permission: 'rule.manage',
    status: 201,
    body: object({ areaCode: AreaCode, version: Count, rules: FollowupRules, reason: requiredText(300) }),
    response: FollowupRuleVersion,
  },
})

export const followupRoutes = { ...personRoutes, ...followupSheetRoutes }
