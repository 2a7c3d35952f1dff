import Type, { type Static } from 'typebox'
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
  requiredText,
  text,
  Uuid,
} from './kernel.ts'
import {
  detectors,
  placeLevels,
  signalGrades,
  unitLevels,
  untestedReasons,
  watchedClasses,
} from './surveillance.terms.ts'
import { Backtest, Scan } from './surveillance-study.ts'

export * from './surveillance.terms.ts'
export * from './surveillance-study.ts'

export type SignalGrade = (typeof signalGrades)[number]
export type UnitLevel = (typeof unitLevels)[number]
export type Detector = (typeof detectors)[number]
export type WatchedClass = (typeof watchedClasses)[number]
export type UntestedReason = (typeof untestedReasons)[number]

/** Parameters of all detectors; each detector reads its own. Bounds are told by field by the server. */
export const RuleParameters = object({
  /** daily: share of ordinary days whose band is passed; days before the first verdict; runs of days tested together. */
  falseAlarmRate: Type.Optional(Type.Number()),
  warmUp: Type.Optional(Type.Number()),
  windows: Type.Optional(Type.Array(Type.Number(), { maxItems: 10 })),
  /** ears-c2: days of the baseline. */
  baseline: Type.Optional(Type.Number()),
  /** farrington-flexible: years back, half width of the window in weeks. */
  years: Type.Optional(Type.Number()),
  halfWindow: Type.Optional(Type.Number()),
  /** ears-c2, farrington-flexible: error probability of the band. */
  alpha: Type.Optional(Type.Number()),
  /** cusum: reference value and decision interval, in standard deviations. */
  k: Type.Optional(Type.Number()),
  h: Type.Optional(Type.Number()),
})
export type RuleParameters = Static<typeof RuleParameters>

export const RuleSettings = object({
  detector: Choice(detectors),
  parameters: RuleParameters,
  levels: Type.Array(Choice(unitLevels), { maxItems: 3 }),
  classes: Type.Array(Choice(watchedClasses), { maxItems: 5 }),
  /** Strength in standard deviations from which a day has the grade. */
  grades: object({ blue: Type.Number(), yellow: Type.Number(), orange: Type.Number(), red: Type.Number() }),
  /** False alerts per county and week that may not be passed, over all units and classes of the rule. */
  budget: Type.Number(),
  /** Sales above the expected number from which a day can have a grade at all. */
  minExcess: Type.Number(),
  /** Share of the usual demand whose stores must have reported for a day to be judged, in (0, 1]. */
  minCompleteness: Type.Number(),
  /** Days of the past that are learned from. */
  historyDays: Type.Number(),
  /** Days since a unit's first sale from which the rule grades it no more; left out: it always does. */
  maxAgeDays: Type.Optional(Type.Number()),
})
export type RuleSettings = Static<typeof RuleSettings>

export const RuleVersion = object({
  version: Count,
  settings: RuleSettings,
  note: text(200),
  createdAt: Instant,
  createdBy: text(60),
  /** Newest back-test of the version. */
  backtest: Nullable(Backtest),
})
export type RuleVersion = Static<typeof RuleVersion>

export const Rule = object({
  id: Uuid,
  name: text(60),
  areaCode: AreaCode,
  areaName: text(100),
  activeVersion: Nullable(Count),
  latestVersion: Count,
  revision: Count,
  createdAt: Instant,
  createdBy: text(60),
  /** The version in force, else the latest. */
  current: RuleVersion,
  /** Units that the rule watches now. */
  units: Count,
})
export type Rule = Static<typeof Rule>

export const DayState = object({
  day: DayText,
  /** Registered sales; null before the unit's first one. */
  observed: Nullable(Count),
  expected: Nullable(Type.Number()),
  lower: Nullable(Type.Number()),
  upper: Nullable(Type.Number()),
  /** Strength in standard deviations. */
  score: Nullable(Type.Number()),
  p: Nullable(Type.Number()),
  grade: Nullable(Choice(signalGrades)),
  untested: Nullable(Choice(untestedReasons)),
  /** Share of the usual demand whose stores have reported; of the running day also what is usually sold by now. */
  completeness: Type.Number(),
  /** The day is not over: expected and band are for the part of it that is. */
  running: Type.Boolean(),
  /** One plain Chinese sentence. */
  reason: text(300),
})
export type DayState = Static<typeof DayState>

const Unit = {
  kind: Choice(unitLevels),
  code: text(24),
  name: text(120),
  lon: Nullable(Type.Number()),
  lat: Nullable(Type.Number()),
}
const RuleName = object({ id: Uuid, name: text(60), version: Count })

export const UnitState = object({
  ...Unit,
  class: Choice(watchedClasses),
  /** Rule that judged; null where no rule watches the unit. */
  rule: Nullable(RuleName),
  state: Nullable(DayState),
})
export type UnitState = Static<typeof UnitState>

export const UnitSeries = object({
  ...Unit,
  kind: Choice(placeLevels),
  class: Choice(watchedClasses),
  rule: Nullable(RuleName),
  days: Type.Array(DayState, { maxItems: 800 }),
})
export type UnitSeries = Static<typeof UnitSeries>

export const UnitHours = object({
  ...Unit,
  kind: Choice(placeLevels),
  class: Choice(watchedClasses),
  day: DayText,
  /** Registered sales by hour of the day, and what is expected of it; both null for hours to come. */
  hours: Type.Array(
    object({ hour: Count, observed: Nullable(Count), expected: Nullable(Type.Number()), share: Type.Number() }),
    { maxItems: 24 },
  ),
  state: Nullable(DayState),
})
export type UnitHours = Static<typeof UnitHours>

const RuleVersionId = object({ id: Uuid, version: Type.Integer({ minimum: 1 }) })

export const surveillanceRoutes = defineRoutes({
  'surveillance.rules': {
    method: 'GET',
    path: '/api/surveillance/rules',
    summary: 'Rules of the own area with the version in force and its measured false-alarm rate',
    permission: 'alert.read',
    response: object({ items: Type.Array(Rule) }),
  },
  'surveillance.rule': {
    method: 'GET',
    path: '/api/surveillance/rules/:id',
    summary: 'One rule with all its versions, the newest first',
    permission: 'alert.read',
    params: Id,
    response: object({ rule: Rule, versions: Type.Array(RuleVersion) }),
  },
  'surveillance.create': {
    method: 'POST',
    path: '/api/surveillance/rules',
    summary: 'Set up a rule, paused',
    permission: 'rule.manage',
    status: 201,
    body: object({ name: requiredText(60), areaCode: AreaCode, settings: RuleSettings, note: text(200) }),
    response: Rule,
  },
  'surveillance.revise': {
    method: 'POST',
    path: '/api/surveillance/rules/:id/versions',
    summary: 'Change a rule: makes a new version, in force at once when the rule is active',
    permission: 'rule.manage',
    status: 201,
    params: Id,
    body: object({ name: requiredText(60), settings: RuleSettings, note: text(200), revision: Count }),
    response: Rule,
  },
  'surveillance.activate': {
    method: 'POST',
    path: '/api/surveillance/rules/:id/activate',
    summary: 'Put a version in force, or pause the rule',
    permission: 'rule.manage',
    params: Id,
    body: object({ version: Nullable(Type.Integer({ minimum: 1 })), revision: Count }),
    response: Rule,
  },
  'surveillance.states': {
    method: 'GET',
    path: '/api/surveillance/states',
    summary: 'State of an area and of the units one level down on a day, the most conspicuous first',
    permission: 'overview.read',
    query: object({
      area: Type.Optional(AreaCode),
      day: Type.Optional(DayText),
      class: Type.Optional(Choice(watchedClasses)),
    }),
    response: object({
      day: DayText,
      /** False until the first evaluation after a start is through: figures may lag behind the sales. */
      ready: Type.Boolean(),
      own: Nullable(UnitState),
      children: Type.Array(UnitState),
    }),
  },
  'surveillance.series': {
    method: 'GET',
    path: '/api/surveillance/series',
    summary: 'Days of a county, office or store with expected band and grade, or of a city as the sum of its counties',
    permission: 'overview.read',
    query: object({ unit: text(24, { minLength: 3 }), class: Choice(watchedClasses), from: DayText, to: DayText }),
    response: UnitSeries,
  },
  'surveillance.hours': {
    method: 'GET',
    path: '/api/surveillance/hours',
    summary: 'The running day of a city, county, office or store by hour',
    permission: 'overview.read',
    query: object({ unit: text(24, { minLength: 3 }), class: Choice(watchedClasses) }),
    response: UnitHours,
  },
  'surveillance.start-backtest': {
    method: 'POST',
    path: '/api/surveillance/rules/:id/versions/:version/backtest',
    summary: 'Back-test a version on the own history with injected outbreaks',
    permission: 'rule.manage',
    status: 202,
    params: RuleVersionId,
    body: object({ seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })) }),
    response: Backtest,
  },
  'surveillance.backtest': {
    method: 'GET',
    path: '/api/surveillance/rules/:id/versions/:version/backtest',
    summary: 'Newest back-test of a version; null when there is none',
    permission: 'alert.read',
    params: RuleVersionId,
    response: object({ backtest: Nullable(Backtest) }),
  },
  'surveillance.start-scan': {
    method: 'POST',
    path: '/api/surveillance/scans',
    summary: 'Look for clusters of sales in space and time over the stores of an area',
    permission: 'rule.manage',
    status: 202,
    body: object({ areaCode: AreaCode, day: Type.Optional(DayText), class: Choice(watchedClasses) }),
    response: Scan,
  },
  'surveillance.scans': {
    method: 'GET',
    path: '/api/surveillance/scans',
    summary: 'Latest scans of the own area',
    permission: 'alert.read',
    response: object({ items: Type.Array(Scan) }),
  },
  'surveillance.scan': {
    method: 'GET',
    path: '/api/surveillance/scans/:id',
    summary: 'One scan with its clusters',
    permission: 'alert.read',
    params: Id,
    response: Scan,
  },
})
