import Type, { type Static } from 'typebox'
import {
  alertClasses,
  alertExplanations,
  alertFindings,
  alertGrades,
  alertStates,
  alertStepKinds,
  alertUnitKinds,
} from './alert.terms.ts'
import {
  AreaCode,
  Choice,
  Count,
  DayText,
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

const Grade = Choice(alertGrades)
const Value = Type.Number()

export const Alert = object({
  id: Uuid,
  number: text(30),
  class: Choice(alertClasses),
  grade: Grade,
  state: Choice(alertStates),
  finding: Nullable(Choice(alertFindings)),
  explanation: Nullable(Choice(alertExplanations)),
  /** Widest units of it that the caller may see, by name. */
  places: Type.Array(object({ kind: Choice(alertUnitKinds), code: text(24), name: text(100) })),
  /** Counties of the same event outside the caller's area. */
  beyond: Count,
  /** One sentence for a person. */
  reason: text(500),
  firstDay: DayText,
  lastDay: DayText,
  /** Of the strongest unit on its strongest day. */
  observed: Value,
  expected: Nullable(Value),
  openedAt: Instant,
  /** When the first response is due, and when it came. */
  dueAt: Instant,
  answeredAt: Nullable(Instant),
  escalations: Count,
  assignee: Nullable(object({ id: Uuid, name: text(80) })),
  closedAt: Nullable(Instant),
  /** Quiet since this instant although somebody is at it. */
  fadedAt: Nullable(Instant),
})
export type Alert = Static<typeof Alert>

export const AlertUnit = object({
  kind: Choice(alertUnitKinds),
  code: text(24),
  name: text(100),
  grade: Nullable(Grade),
  days: Count,
  firstDay: DayText,
  lastDay: DayText,
  day: DayText,
  observed: Value,
  expected: Nullable(Value),
  lower: Nullable(Value),
  upper: Nullable(Value),
  score: Nullable(Value),
  p: Nullable(Value),
  completeness: Value,
  reason: text(500),
})
export type AlertUnit = Static<typeof AlertUnit>

export const AlertStep = object({
  id: Uuid,
  at: Instant,
  actor: text(80),
  kind: Choice(alertStepKinds),
  text: text(1000),
})
export type AlertStep = Static<typeof AlertStep>

export const AlertQuestion = object({
  id: Uuid,
  storeCode: StoreCode,
  storeName: text(100),
  text: text(500),
  askedAt: Instant,
  askedBy: text(80),
  dueAt: Instant,
  answer: Nullable(text(1000)),
  answeredAt: Nullable(Instant),
})
export type AlertQuestion = Static<typeof AlertQuestion>

export const AlertReferral = object({
  id: Uuid,
  recipient: text(100),
  text: text(1000),
  sentAt: Instant,
  sentBy: text(80),
  receipt: Nullable(text(500)),
  receivedAt: Nullable(Instant),
})
export type AlertReferral = Static<typeof AlertReferral>

/** What became of the alerts of one version of a rule, and what its back-test promised. */
export const RuleRecord = object({
  ruleId: text(60),
  ruleVersion: Count,
  ruleName: text(100),
  alerts: Count,
  true: Count,
  false: Count,
  explained: Count,
  /** Share of true among those with a finding. */
  trueRate: Nullable(Value),
  /** Measured by back-test: share of quiet days that had a grade, false alarms per county and week, outbreaks found, days until then. */
  falseAlarmRate: Nullable(Value),
  falsePerCountyWeek: Nullable(Value),
  detection: Nullable(Value),
  delayDays: Nullable(Value),
})
export type RuleRecord = Static<typeof RuleRecord>

export const AlertStore = object({
  code: StoreCode,
  name: text(100),
  areaName: text(100),
  /** Sales in the days of the alert, what the four weeks before would let expect for as many days, and the difference. */
  observed: Value,
  usual: Value,
  excess: Value,
  /** Share in the sum of what stores sold beyond the usual. */
  share: Value,
  signalled: Type.Boolean(),
})
export type AlertStore = Static<typeof AlertStore>

export const AlertDetail = object({
  alert: Alert,
  units: Type.Array(AlertUnit),
  rules: Type.Array(RuleRecord),
  stores: Type.Array(AlertStore),
  steps: Type.Array(AlertStep),
  questions: Type.Array(AlertQuestion),
  referrals: Type.Array(AlertReferral),
  /** Other alerts of the same places and class in the year before. */
  earlier: Type.Array(Alert),
  /** Whether the caller may judge and close it: his area holds one of its leading units. */
  mayJudge: Type.Boolean(),
})
export type AlertDetail = Static<typeof AlertDetail>

export const AlertPoint = object({
  day: DayText,
  observed: Nullable(Value),
  expected: Nullable(Value),
  lower: Nullable(Value),
  upper: Nullable(Value),
  grade: Nullable(Grade),
  completeness: Nullable(Value),
})
export type AlertPoint = Static<typeof AlertPoint>

const QuestionParams = object({ id: Uuid, referralId: Uuid })
const Note = object({ text: requiredText(1000) })

export const alertRoutes = defineRoutes({
  'alert.list': {
    method: 'GET',
    path: '/api/alerts',
    summary: 'Alerts of the own area, the newest first',
    permission: 'alert.read',
    query: object({
      area: Type.Optional(AreaCode),
      state: Type.Optional(Choice(['open', 'new', 'ended', 'all'])),
      grade: Type.Optional(Grade),
      class: Type.Optional(Choice(alertClasses)),
      finding: Type.Optional(Choice(alertFindings)),
      from: Type.Optional(DayText),
      to: Type.Optional(DayText),
      ...PageQuery,
    }),
    response: page(Alert),
  },
  'alert.count': {
    method: 'GET',
    path: '/api/alerts/count',
    summary: 'How many alerts of the own area wait for a response',
    permission: 'alert.read',
    response: object({ waiting: Count, late: Count, open: Count, worst: Nullable(Grade) }),
  },
  'alert.read': {
    method: 'GET',
    path: '/api/alerts/:id',
    summary: 'One alert with its evidence and what was done',
    permission: 'alert.read',
    params: Id,
    response: AlertDetail,
  },
  'alert.series': {
    method: 'GET',
    path: '/api/alerts/:id/series',
    summary: 'The series of one unit of an alert with expected value and band',
    permission: 'alert.read',
    params: Id,
    query: object({ kind: Choice(alertUnitKinds), code: text(24) }),
    response: object({ points: Type.Array(AlertPoint) }),
  },
  'alert.take': {
    method: 'POST',
    path: '/api/alerts/:id/take',
    summary: 'Take an alert: the first response',
    permission: 'alert.handle',
    params: Id,
    response: Alert,
  },
  'alert.handlers': {
    method: 'GET',
    path: '/api/alerts/:id/handlers',
    summary: 'Accounts to which an alert may be assigned',
    permission: 'alert.handle',
    params: Id,
    response: object({ items: Type.Array(object({ id: Uuid, name: text(80) })) }),
  },
  'alert.assign': {
    method: 'POST',
    path: '/api/alerts/:id/assign',
    summary: 'Give an alert to an account',
    permission: 'alert.handle',
    params: Id,
    body: object({ accountId: Uuid }),
    response: Alert,
  },
  'alert.ask': {
    method: 'POST',
    path: '/api/alerts/:id/questions',
    summary: 'Ask stores that contribute to an alert',
    permission: 'alert.handle',
    params: Id,
    body: object({
      stores: Type.Array(StoreCode, { minItems: 1, maxItems: 50 }),
      text: requiredText(500),
      hours: Type.Integer({ minimum: 1, maximum: 168 }),
    }),
    response: Alert,
  },
  'alert.refer': {
    method: 'POST',
    path: '/api/alerts/:id/referrals',
    summary: 'Refer an alert to the centre for disease control',
    permission: 'alert.handle',
    params: Id,
    body: object({ recipient: requiredText(100), text: requiredText(1000) }),
    response: Alert,
  },
  'alert.receipt': {
    method: 'POST',
    path: '/api/alerts/:id/referrals/:referralId/receipt',
    summary: 'Note the receipt of a referral',
    permission: 'alert.handle',
    params: QuestionParams,
    body: object({ text: requiredText(500) }),
    response: Alert,
  },
  'alert.note': {
    method: 'POST',
    path: '/api/alerts/:id/notes',
    summary: 'Add a note to an alert',
    permission: 'alert.handle',
    params: Id,
    body: Note,
    response: Alert,
  },
  'alert.find': {
    method: 'POST',
    path: '/api/alerts/:id/finding',
    summary: 'Say what an alert was: true, false or explained',
    permission: 'alert.handle',
    params: Id,
    body: object({
      finding: Choice(alertFindings),
      explanation: Type.Optional(Nullable(Choice(alertExplanations))),
      text: requiredText(1000),
    }),
    response: Alert,
  },
  'alert.close': {
    method: 'POST',
    path: '/api/alerts/:id/close',
    summary: 'Close an alert that has a finding',
    permission: 'alert.handle',
    params: Id,
    body: object({ text: Type.Optional(text(1000)) }),
    response: Alert,
  },
})
