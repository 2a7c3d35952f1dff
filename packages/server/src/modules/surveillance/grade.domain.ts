import type { RuleSettings } from '@vigil/contract'

/** What a verdict is graded by. */
export interface Judged {
  /** Strength in standard deviations; NaN when the day was not tested. */
  readonly strength: number
  readonly observed: number
  readonly expected: number
}

/**
 * Grade of a day: 0 for none, 1 blue to 4 red. `threshold` is the strength that the budget of false alerts allows for this
 * series; where it is above blue all grades move up by as much, so that their distances stay.
 */
export function gradeOf(
  { strength, observed, expected }: Judged,
  { grades, minExcess }: Pick<RuleSettings, 'grades' | 'minExcess'>,
  threshold: number,
): number {
  if (Number.isNaN(strength) || observed - expected < minExcess) return 0
  const value = strength - Math.max(0, threshold - grades.blue)
  if (value >= grades.red) return 4
  if (value >= grades.orange) return 3
  if (value >= grades.yellow) return 2
  return value >= grades.blue ? 1 : 0
}
