import type { Day } from '@vigil/codes'
import type { DrugClass } from '@vigil/contract'
import type { Tx } from '../../kernel/db/index.ts'

export type Grade = 'blue' | 'yellow' | 'orange' | 'red'

/** A place whose demand is watched. */
export interface SignalUnit {
  readonly kind: 'county' | 'office' | 'store'
  readonly code: string
  readonly name: string
  readonly path: string
  readonly county: string
}

/**
 * What a rule says of a unit, class and day. `grade` is null when the unit was evaluated and is quiet now, so that an
 * event can fade. Counts are registered sales; `score` is in standard deviations; `completeness` is the share of the
 * demand of the expected stores whose reports are in, 0 to 1.
 */
export interface Signal {
  readonly unit: SignalUnit
  readonly class: DrugClass | 'all'
  readonly day: Day
  readonly ruleId: string
  readonly ruleVersion: number
  readonly ruleName: string
  readonly observed: number
  readonly expected: number | null
  readonly lower: number | null
  readonly upper: number | null
  readonly score: number | null
  readonly p: number | null
  readonly grade: Grade | null
  /** One plain Chinese sentence. */
  readonly reason: string
  readonly completeness: number
}

/**
 * What happens to signals: called in the transaction that keeps the state they were taken from. Only signals that are new
 * or have changed are handed over, and none twice.
 */
export interface SurveillanceHooks {
  onEvaluated(tx: Tx, signals: readonly Signal[]): Promise<void>
}
