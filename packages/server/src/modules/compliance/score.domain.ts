import type { Finding } from './fact.domain.ts'
import { type RuleInForce, type RuleName, ruleDefinitions } from './rule.domain.ts'

export const grades = ['blue', 'yellow', 'orange', 'red'] as const
export type Grade = (typeof grades)[number]

/** Highest score at which each grade begins. */
const begins: Readonly<Record<Grade, number>> = { blue: 90, yellow: 75, orange: 55, red: 35 }

/** Points that one rule takes from a store. */
export interface ScorePart {
  readonly rule: RuleName
  readonly name: string
  readonly version: number
  /** Points at full strength. */
  readonly weight: number
  /** 0.5 to 1. */
  readonly strength: number
  /** Points taken, one decimal. */
  readonly points: number
  readonly count: number
  readonly share: number
  /** Held off by a supervisor, with a reason: takes no points. */
  readonly dismissed: boolean
}

export interface Score {
  /** 0 to 100; 100 is without finding. */
  readonly score: number
  readonly grade: Grade | null
  readonly parts: readonly ScorePart[]
}

const tenth = (value: number) => Math.round(value * 10) / 10

/** Grade of a score: 蓝 at 90 and below, 黄 75, 橙 55, 红 35; null above. */
export const gradeOf = (score: number): Grade | null =>
  (['red', 'orange', 'yellow', 'blue'] as const).find((grade) => score <= begins[grade]) ?? null

/**
 * Score of a store: 100 less the points of every finding, weight × strength, never below 0.
 * @param dismissed rules whose finding a supervisor has held off for this store
 */
export function scoreOf(
  found: ReadonlyMap<RuleName, Finding>,
  rules: readonly RuleInForce[],
  dismissed: ReadonlySet<string>,
): Score {
  const parts = rules.flatMap(({ rule, version, weight }) => {
    const finding = found.get(rule)
    if (!finding) return []
    const { strength, count, share } = finding
    const held = dismissed.has(rule)
    const points = held ? 0 : tenth(weight * strength)
    return [
      { rule, name: ruleDefinitions[rule].name, version, weight, strength, points, count, share, dismissed: held },
    ]
  })
  const score = Math.max(0, tenth(100 - parts.reduce((sum, { points }) => sum + points, 0)))
  return { score, grade: gradeOf(score), parts: parts.sort((a, b) => b.points - a.points) }
}
