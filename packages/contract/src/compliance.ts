import Type, { type Static } from 'typebox'
import { complianceGrades, measureKinds, measureOutcomes, measureStates } from './compliance.terms.ts'
import { ComplianceEvidence, EvidenceEntry, Grade, Points, RuleName, StoreScore } from './compliance-model.ts'
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
  StoreCode,
  text,
  Uuid,
} from './kernel.ts'

export const Measure = object({
  id: Uuid,
  number: Nullable(text(40)),
  storeCode: StoreCode,
  storeName: text(120),
  areaName: text(100),
  kind: Choice(measureKinds),
  state: Choice(measureStates),
  overdue: Type.Boolean(),
  rules: Type.Array(RuleName),
  reasons: Type.Array(text(300)),
  score: Nullable(Points),
  note: text(1000),
  /** Who does it; measures of long ago have a name only. */
  assignee: Nullable(text(80)),
  assigneeId: Nullable(Uuid),
  /** The next step when nobody did it in time; null otherwise, and where nothing is graver. */
  proposal: Nullable(Choice(measureKinds)),
  /** When it was last told of as overdue, and to which level. */
  escalated: Nullable(object({ at: Instant, areaName: text(100) })),
  dueAt: Instant,
  createdAt: Instant,
  createdBy: text(60),
  answeredAt: Nullable(Instant),
  closedAt: Nullable(Instant),
  closedBy: Nullable(text(60)),
  outcome: Nullable(Choice(measureOutcomes)),
  result: Nullable(text(1000)),
  /** What the counter signed or answered. */
  reply: Nullable(object({ signedBy: Nullable(text(60)), lines: Type.Array(text(1300), { maxItems: 20 }) })),
})
export type Measure = Static<typeof Measure>

export const ComplianceRule = object({
  rule: RuleName,
  name: text(40),
  meaning: text(200),
  version: Count,
  enabled: Type.Boolean(),
  weight: Points,
  parameters: Type.Array(
    object({ name: text(30), label: text(60), value: Type.Number(), min: Type.Number(), max: Type.Number() }),
  ),
  note: text(300),
  changedBy: text(60),
  changedAt: Instant,
  /** Stores it points at now, and what became of its findings so far. */
  record: object({ stores: Count, confirmed: Count, unfounded: Count, dismissed: Count }),
})
export type ComplianceRule = Static<typeof ComplianceRule>

export const ComplianceRun = object({
  id: Uuid,
  kind: Choice(['nightly', 'demand', 'today']),
  judged: Count,
  derived: Count,
  createdAt: Instant,
  finishedAt: Nullable(Instant),
})
export type ComplianceRun = Static<typeof ComplianceRun>

/** How many days lie between the levels that are told of something overdue. */
export const ComplianceOverdueRule = object({
  id: Uuid,
  areaCode: AreaCode,
  areaName: text(100),
  from: DayText,
  upDays: Type.Integer({ minimum: 1, maximum: 30 }),
  note: text(200),
  createdAt: Instant,
  createdBy: text(80),
})
export type ComplianceOverdueRule = Static<typeof ComplianceOverdueRule>

export const CompliancePerson = object({ id: Uuid, name: text(80), areaName: text(100) })
export type CompliancePerson = Static<typeof CompliancePerson>

const Store = object({ code: StoreCode })

export const complianceRoutes = defineRoutes({
  'compliance.list': {
    method: 'GET',
    path: '/api/compliance/stores',
    summary: 'Stores with score, parts and open measures, worst first',
    permission: 'compliance.read',
    query: object({
      area: Type.Optional(AreaCode),
      grade: Type.Optional(Choice([...complianceGrades, 'any', 'none'])),
      rule: Type.Optional(RuleName),
      measure: Type.Optional(Choice([...measureKinds, 'any', 'none', 'overdue'])),
      q: Type.Optional(text(60)),
      ...PageQuery,
    }),
    response: object({
      ...page(StoreScore).properties,
      /** By grade; and stores with a measure that is overdue. */
      counts: object({ blue: Count, yellow: Count, orange: Count, red: Count, none: Count, overdue: Count }),
      run: Nullable(ComplianceRun),
    }),
  },
  'compliance.store': {
    method: 'GET',
    path: '/api/compliance/stores/:code',
    summary: 'One store: score with its parts, evidence, measures and the score by day',
    permission: 'compliance.read',
    params: Store,
    response: object({
      store: StoreScore,
      evidence: Type.Array(ComplianceEvidence),
      measures: Type.Array(Measure),
      dismissals: Type.Array(
        object({ rule: RuleName, name: text(40), reason: text(300), by: text(60), at: Instant, until: DayText }),
      ),
      days: Type.Array(object({ day: DayText, score: Points, grade: Nullable(Grade) })),
    }),
  },
  'compliance.entries': {
    method: 'GET',
    path: '/api/compliance/stores/:code/entries',
    summary: 'Entries that one evidence row is about, masked; at most 50',
    permission: 'purchase.read',
    params: Store,
    query: object({ rule: RuleName, key: requiredText(60) }),
    response: object({ items: Type.Array(EvidenceEntry, { maxItems: 50 }) }),
  },
  'compliance.act': {
    method: 'POST',
    path: '/api/compliance/measures',
    summary: 'Decide a measure for one or many stores: warning, letter, interview, task, pledge',
    permission: 'compliance.handle',
    status: 201,
    body: object({
      kind: Choice(measureKinds),
      storeCodes: Type.Array(StoreCode, { minItems: 1, maxItems: 500, uniqueItems: true }),
      note: text(1000),
      dueDays: Type.Integer({ minimum: 1, maximum: 90 }),
      /** Account of who does it; needed for a task. */
      assigneeId: Type.Optional(Uuid),
    }),
    response: object({ created: Count, items: Type.Array(Measure) }),
  },
  'compliance.measures': {
    method: 'GET',
    path: '/api/compliance/measures',
    summary: 'Measures of an area, newest first',
    permission: 'compliance.read',
    query: object({
      area: Type.Optional(AreaCode),
      kind: Type.Optional(Choice(measureKinds)),
      state: Type.Optional(Choice(['open', 'overdue', 'done'])),
      ...PageQuery,
    }),
    response: object({ ...page(Measure).properties, overdue: Count }),
  },
  'compliance.settle': {
    method: 'POST',
    path: '/api/compliance/measures/:id/result',
    summary: 'Close a measure with its result',
    permission: 'compliance.handle',
    params: Id,
    body: object({ outcome: Choice(measureOutcomes), result: requiredText(1000) }),
    response: Measure,
  },
  'compliance.cancel': {
    method: 'POST',
    path: '/api/compliance/measures/:id/cancel',
    summary: 'Take a measure back, with the reason',
    permission: 'compliance.handle',
    params: Id,
    body: object({ reason: requiredText(300) }),
    response: Measure,
  },
  'compliance.letter': {
    method: 'GET',
    path: '/api/compliance/measures/:id/letter',
    summary: 'The numbered letter or pledge of a measure as PDF',
    permission: 'compliance.read',
    params: Id,
    response: file('application/pdf'),
  },
  'compliance.dismiss': {
    method: 'POST',
    path: '/api/compliance/stores/:code/dismissals',
    summary: 'Hold off a rule for a store, with the reason',
    permission: 'compliance.handle',
    params: Store,
    body: object({ rule: RuleName, reason: requiredText(300), days: Type.Integer({ minimum: 1, maximum: 180 }) }),
    response: StoreScore,
  },
  'compliance.rules': {
    method: 'GET',
    path: '/api/compliance/rules',
    summary: 'Rules in force with parameters and record',
    permission: 'compliance.read',
    response: object({ items: Type.Array(ComplianceRule) }),
  },
  'compliance.change-rule': {
    method: 'PUT',
    path: '/api/compliance/rules/:rule',
    summary: 'Put a new version of a rule in force; all stores are judged again',
    permission: 'rule.manage',
    params: object({ rule: RuleName }),
    body: object({
      version: Count,
      enabled: Type.Boolean(),
      weight: Points,
      values: Type.Array(object({ name: requiredText(30), value: Type.Number() }), { maxItems: 10 }),
      note: requiredText(300),
    }),
    response: object({ items: Type.Array(ComplianceRule) }),
  },
  'compliance.people': {
    method: 'GET',
    path: '/api/compliance/people',
    summary: 'Who may be given an inspection of a store, by name; the nearest first',
    permission: 'compliance.handle',
    query: object({ store: StoreCode, q: Type.Optional(text(60)) }),
    response: object({ items: Type.Array(CompliancePerson, { maxItems: 50 }) }),
  },
  'compliance.overdue-rules': {
    method: 'GET',
    path: '/api/compliance/overdue-rules',
    summary: 'How overdue measures go up, for the own areas and those around them, newest first',
    permission: 'compliance.read',
    response: object({ items: Type.Array(ComplianceOverdueRule) }),
  },
  'compliance.save-overdue-rule': {
    method: 'POST',
    path: '/api/compliance/overdue-rules',
    summary: 'Set how overdue measures of an area go up, from a day on, today at the earliest',
    permission: 'rule.manage',
    status: 201,
    body: object({
      areaCode: AreaCode,
      from: DayText,
      upDays: Type.Integer({ minimum: 1, maximum: 30 }),
      note: text(200),
    }),
    response: ComplianceOverdueRule,
  },
  'compliance.run': {
    method: 'POST',
    path: '/api/compliance/runs',
    summary: 'Judge the stores of an area again now',
    permission: 'compliance.handle',
    status: 202,
    body: object({ area: Type.Optional(AreaCode) }),
    response: ComplianceRun,
  },
})
