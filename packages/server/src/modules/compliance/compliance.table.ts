import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { EntryFact, Values } from './fact.domain.ts'
import type { Grade, ScorePart } from './score.domain.ts'

type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>

export interface MeasureTable {
  id: string
  number: string | null
  storeCode: string
  path: string
  kind: 'warning' | 'letter' | 'interview' | 'task' | 'pledge'
  state: Generated<'open' | 'answered' | 'done' | 'cancelled'>
  rules: string[]
  score: number | null
  grade: Grade | null
  reasons: string[]
  note: string
  assignee: string | null
  dueAt: Date
  createdAt: Date
  createdBy: string
  answeredAt: Date | null
  closedAt: Date | null
  closedBy: string | null
  outcome: 'confirmed' | 'unfounded' | 'rectified' | null
  result: string | null
  assigneeId: Optional<string>
  escalateAt: Optional<Date>
  escalations: Generated<number>
  escalatedAt: Optional<Date>
  escalatedTo: Optional<string>
}

export interface OverdueRuleTable {
  id: string
  areaCode: string
  path: string
  validFrom: string
  upDays: number
  note: string
  createdAt: Date
  createdBy: string
}

/** An entry as it is kept: without what its row says already, and without what is looked up anew at each run. */
export type KeptFact = Omit<EntryFact, 'day' | 'refusedAt'> & { readonly drugs: readonly string[] }

export interface RunTable {
  id: string
  kind: 'nightly' | 'demand' | 'today'
  path: string
  day: string
  stores: string[] | null
  cursor: Generated<string>
  judged: Generated<number>
  derived: Generated<number>
  askedBy: string
  createdAt: Date
  finishedAt: Date | null
}

export interface StoreScoreTable {
  storeCode: string
  path: string
  county: string
  score: number
  grade: Grade | null
  parts: JSONColumnType<ScorePart[]>
  entries: number
  fromDay: string
  toDay: string
  gradedAt: Date | null
  judgedAt: Date
}

declare module '../../kernel/db/database.ts' {
  interface Database {
    'compliance.ruleVersion': {
      rule: string
      version: number
      enabled: boolean
      weight: number
      values: JSONColumnType<Values>
      note: Generated<string>
      createdBy: string
      createdAt: Date
    }
    'compliance.factDay': {
      storeCode: string
      day: string
      path: string
      mark: string
      entries: JSONColumnType<KeptFact[]>
    }
    'compliance.store': StoreScoreTable
    'compliance.evidence': {
      storeCode: string
      rule: string
      key: string
      path: string
      position: number
      text: string
      fromDay: string
      toDay: string
      count: number
      purchaseIds: string[]
    }
    'compliance.scoreDay': { storeCode: string; day: string; path: string; score: number; grade: Grade | null }
    'compliance.dismissal': {
      id: string
      storeCode: string
      path: string
      rule: string
      ruleVersion: number
      reason: string
      byName: string
      at: Date
      untilDay: string
    }
    'compliance.counter': { year: number; last: number }
    'compliance.measure': MeasureTable
    'compliance.overdueRule': OverdueRuleTable
    'compliance.run': RunTable
  }
}
