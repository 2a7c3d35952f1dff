import type { RuleSettings } from '@vigil/contract'
import type { LateStore } from './lateness.ts'

/** A place of the engine's county; stores name their office, if they belong to one. */
export interface EngineUnit {
  readonly kind: 'county' | 'office' | 'store'
  readonly code: string
  readonly path: string
  readonly office: string | null
}

export interface EngineRule {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly path: string
  /** First day that the rule learns from, counted from the first of the counts. */
  readonly since: number
  readonly settings: RuleSettings
}

/** One county: its units, the rules in force, and the day from which counts are kept. Plain data, for workers. */
export interface EngineSetup {
  readonly county: string
  /** ISO day; index 0 of all counts. */
  readonly first: string
  readonly units: readonly EngineUnit[]
  readonly rules: readonly EngineRule[]
}

/** Counts of a store and class on some days, counted from the first. */
export interface EngineCounts {
  readonly store: string
  /** Place in `watchedClasses`. */
  readonly class: number
  readonly days: ArrayLike<number>
  readonly counts: ArrayLike<number>
}

/** What is to be brought up to date. */
export interface EngineTask {
  readonly counts: readonly EngineCounts[]
  /** Stores whose earlier counts are to be taken as none first: all their counts follow. */
  readonly anew?: readonly string[]
  /** Stores that report late, in place of those told before; undefined: the same as before. */
  readonly late?: readonly LateStore[]
  /** Last day that is over. */
  readonly through: number
  /** Usual share of the running day that is over; the running day is `through` + 1. */
  readonly share: number
  /** Judge the running day of every unit, and not only of those whose counts have changed. */
  readonly everything?: boolean
}

/** Days in a row of one series, `columns` numbers each as pack.domain.ts has them. */
export interface EngineResult {
  readonly rule: number
  readonly unit: number
  readonly class: number
  readonly from: number
  readonly numbers: Float32Array
}
