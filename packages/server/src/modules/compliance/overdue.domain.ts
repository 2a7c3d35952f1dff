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
 * Levels that are told of something overdue, one after the other: the area of the store, then those above it up to the city.
 * @param levelOf kind of the area at a path
 */
export function levelsAbove(path: string, levelOf: (path: string) => string | undefined): string[] {
  const levels: string[] = []
  for (let steps = path.split('/').filter(Boolean); steps.length > 0; steps = steps.slice(0, -1)) {
    const place = `/${steps.join('/')}/`
    const level = levelOf(place)
    if (level === undefined) continue
    if (level === 'province' && levels.length > 0) break
    levels.push(place)
    if (level === 'city') break
  }
  return levels
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
