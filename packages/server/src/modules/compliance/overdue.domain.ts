import type { MeasureKind } from './measure.domain.ts'

/** Days from one level to the next until an area sets its own. */
export const defaultUpDays = 3

/** What is graver than a measure that nobody has done in time; null when nothing is, and it can only be urged on. */
export const nextStep: Readonly<Record<MeasureKind, MeasureKind | null>> = {
  warning: 'letter',
  pledge: 'letter',
  letter: 'interview',
  interview: 'task',
  task: null,
}

/**
 * Where a measure stands after a level was told.
 * @param told place in `levels` of the level that was told; undefined when nobody wanted to know at any
 * @returns how many levels are through, and days until the next is told; null when there is none
 */
export function afterTold(
  levels: readonly string[],
  told: number | undefined,
  upDays: number,
): { through: number; inDays: number | null } {
  const through = told === undefined ? levels.length : told + 1
  return { through, inDays: through < levels.length ? upDays : null }
}

const dayMs = 86_400_000

/** Instant some days later. */
export const daysAfter = (at: Date, days: number): Date => new Date(at.getTime() + days * dayMs)
