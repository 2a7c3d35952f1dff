import type { AlertFinding, AlertGrade, AlertState } from '@vigil/contract'
import type { Generated } from 'kysely'

export interface AlertTable {
  id: string
  number: string
  class: string
  path: string
  grade: AlertGrade
  state: AlertState
  firstDay: string
  lastDay: string
  openedAt: Date
  dueAt: Date
  answeredAt: Date | null
  answeredBy: string | null
  escalateAt: Date | null
  levelPath: string
  escalations: Generated<number>
  assigneeId: string | null
  assignee: string | null
  finding: AlertFinding | null
  explanation: 'promotion' | 'holiday' | 'stock-up' | 'other' | null
  foundAt: Date | null
  closedAt: Date | null
  fadedAt: Date | null
  mergedInto: string | null
}

export interface UnitTable {
  alertId: string
  kind: 'county' | 'office' | 'store'
  code: string
  name: string
  county: string
  path: string
}

export interface SignalTable {
  alertId: string
  class: string
  kind: 'county' | 'office' | 'store'
  code: string
  path: string
  day: string
  ruleId: string
  ruleVersion: number
  ruleName: string
  observed: number
  expected: number | null
  lower: number | null
  upper: number | null
  score: number | null
  p: number | null
  grade: AlertGrade | null
  reason: string
  completeness: number
}

export interface StepTable {
  id: string
  alertId: string
  at: Date
  actor: string
  kind: string
  text: string
}

export interface QuestionTable {
  id: string
  alertId: string
  storeCode: string
  storeName: string
  path: string
  text: string
  askedAt: Date
  askedBy: string
  dueAt: Date
  sealedAnswer: Buffer | null
  answeredAt: Date | null
}

export interface ReferralTable {
  id: string
  alertId: string
  recipient: string
  text: string
  sentAt: Date
  sentBy: string
  receipt: string | null
  receivedAt: Date | null
  receivedBy: string | null
}

export interface PolicyTable {
  validFrom: string
  blue: number
  yellow: number
  orange: number
  red: number
  quietDays: number
  setBy: string
  setAt: Generated<Date>
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'alert.counter': { day: string; last: number }
    'alert.policy': PolicyTable
    'alert.alert': AlertTable
    'alert.unit': UnitTable
    'alert.signal': SignalTable
    'alert.step': StepTable
    'alert.question': QuestionTable
    'alert.referral': ReferralTable
  }
}
