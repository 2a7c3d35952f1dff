import type { BacktestResult, RuleSettings, ScanCluster } from '@vigil/contract'
import type { Generated, JSONColumnType } from 'kysely'
import type { LateStore } from './lateness.ts'

export interface RuleTable {
  id: string
  name: string
  areaCode: string
  path: string
  /** Version in force; null while the rule is paused. */
  activeVersion: number | null
  latestVersion: number
  revision: Generated<number>
  createdAt: Date
  createdBy: string
}

export interface VersionTable {
  ruleId: string
  version: number
  path: string
  settings: JSONColumnType<RuleSettings>
  note: string
  createdAt: Date
  createdBy: string
}

export interface MonthTable {
  unit: string
  class: string
  ruleId: string
  month: string
  kind: 'county' | 'office' | 'store'
  county: string
  path: string
  version: number
  days: Buffer
}

/** The running day of a unit and class: what changes with every sale. */
export interface RunningTable {
  unit: string
  class: string
  ruleId: string
  day: string
  path: string
  version: number
  uneasy: boolean
  cell: Buffer
}

export interface StudyTable {
  id: string
  kind: 'backtest' | 'scan'
  path: string
  areaCode: string
  ruleId: string | null
  version: number | null
  options: JSONColumnType<Record<string, unknown>>
  state: 'waiting' | 'running' | 'done' | 'failed'
  done: number
  total: number
  partial: JSONColumnType<object> | null
  result: JSONColumnType<BacktestResult | { clusters: ScanCluster[] }> | null
  error: string | null
  leaseBy: string | null
  leaseUntil: Date | null
  createdAt: Date
  createdBy: string
  finishedAt: Date | null
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'surveillance.rule': RuleTable
    'surveillance.version': VersionTable
    'surveillance.month': MonthTable
    'surveillance.running': RunningTable
    'surveillance.lease': { name: string; by: string; until: Date; ready: boolean }
    'surveillance.profile': { county: string; day: string; path: string; shares: number[] }
    'surveillance.lateness': { county: string; day: string; path: string; stores: JSONColumnType<LateStore[]> }
    'surveillance.study': StudyTable
  }
}
