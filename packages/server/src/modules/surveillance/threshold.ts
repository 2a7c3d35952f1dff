import { calibrateBudget, normalQuantile } from '@vigil/detection'

/** Strengths from which the tail of a series can be told. */
const enough = 60
const daysPerWeek = 7

/**
 * Strength that a series may pass so often a week and no oftener, by its own past; by the normal distribution while the past
 * is short. @param perWeek false alerts of this series that the budget allows in a week
 */
export function allowedStrength(strengths: readonly number[], perWeek: number): number {
  const known = strengths.filter((value) => !Number.isNaN(value))
  const rate = Math.min(0.5, perWeek / daysPerWeek)
  const normal = -normalQuantile(rate)
  if (known.length < enough) return normal
  // An outbreak in a short past would otherwise raise the bar beyond all reach.
  return Math.min(normal + 2, calibrateBudget([known], { perAreaWeek: perWeek }).threshold[0]!)
}
