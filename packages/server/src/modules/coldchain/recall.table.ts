import type { Generated, JSONColumnType, Selectable } from 'kysely'
import type { KeptFile } from './coldchain.table.ts'
import type { Fate, RecallProblem } from './recall.domain.ts'
import type { MockResult } from './recall.settle.domain.ts'

export interface RecallTable {
  id: string
  number: string
  kind: 'real' | 'mock'
  state: 'draft' | 'open' | 'closed'
  reason: string
  orderedBy: string
  totalGrams: Generated<number>
  problems: JSONColumnType<readonly RecallProblem[], string | undefined, string>
  outcome: Generated<string>
  collectorId: Generated<string | null>
  /** Grams by fate when it was closed. */
  final: JSONColumnType<Record<Fate, number>, string | undefined, string> | null
  /** Score of an exercise, from its end on. */
  score: JSONColumnType<MockResult, string | undefined, string> | null
  path: string
  createdAt: Date
  createdBy: string
  openedAt: Date | null
  openedBy: string | null
  closedAt: Date | null
  closedBy: string | null
}
export interface MockRuleTable {
  id: string
  areaCode: string
  path: string
  validFrom: string
  months: number
  lots: number
  hours: number
  note: string
  createdAt: Date
  createdBy: string
}

export type RecallRow = Selectable<RecallTable>

declare module '../../kernel/db/database.ts' {
  interface Database {
    'coldchain.recall': RecallTable
    'coldchain.refusal': { id: string; lotId: string; reason: string; path: string; at: Date; by: string }
    'coldchain.mockRule': MockRuleTable
    'coldchain.mockRun': {
      id: string
      ruleId: string
      county: string
      dueOn: string
      seed: string
      candidates: number
      digest: string
      hours: number
      recallId: Generated<string | null>
      path: string
      at: Date
    }
    'coldchain.recallLot': { recallId: string; lotId: string }
    'coldchain.recallLine': {
      id: string
      recallId: string
      fate: Fate
      lotId: string
      holderId: string
      toId: string | null
      dispatch: string | null
      grams: number
      mass: number
      path: string
    }
    'coldchain.recallNotice': {
      recallId: string
      holderId: string
      toldAt: Date
      remindedAt: Generated<Date | null>
      reminders: Generated<number>
      path: string
    }
    'coldchain.disposal': {
      id: string
      recallId: string
      orderId: string
      witness: string
      note: string
      path: string
      at: Date
      by: string
    }
    'coldchain.disposalFile': KeptFile & { disposalId: string }
    'coldchain.recallCount': {
      id: string
      recallId: string
      lotId: string
      holderId: string
      grams: number
      note: string
      path: string
      at: Date
      by: string
    }
  }
}
