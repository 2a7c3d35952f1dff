import type { AlertState } from '@vigil/contract'
import type { Grade } from './alert.domain.ts'

/** Minutes to the first response by grade. */
export type Minutes = Readonly<Record<Grade, number>>

const minuteMs = 60_000

/** When the first response to something of this grade is due that was told at `at`. */
export const dueAt = (minutes: Minutes, grade: Grade, at: Date): Date =>
  new Date(at.getTime() + minutes[grade] * minuteMs)

/** An upgrade may bring a deadline forward, never put it off. */
export const earlier = (a: Date | null, b: Date): Date => (a && a < b ? a : b)

/**
 * The level above: the path without its last step.
 * @param levelOf kind of the area at a path
 * @returns undefined at the city, which has nobody above it here
 */
export function levelAbove(path: string, levelOf: (path: string) => string | undefined): string | undefined {
  const level = levelOf(path)
  if (level === 'city' || level === 'province') return undefined
  const steps = path.split('/').filter(Boolean).slice(0, -1)
  return steps.length === 0 ? undefined : `/${steps.join('/')}/`
}

/** Deepest path that contains all of them. */
export function commonPath(paths: readonly string[]): string {
  const [first = '/', ...rest] = paths
  let steps = first.split('/').filter(Boolean)
  for (const path of rest) {
    const other = path.split('/').filter(Boolean)
    const parts = steps.findIndex((step, index) => other[index] !== step)
    if (parts >= 0) steps = steps.slice(0, parts)
  }
  return steps.length === 0 ? '/' : `/${steps.join('/')}/`
}

export type Action = 'take' | 'assign' | 'ask' | 'refer' | 'receipt' | 'note' | 'find' | 'close'

const open: readonly AlertState[] = ['new', 'taken', 'checking', 'found']

/**
 * The state after a person's action.
 * @returns the new state, or why it cannot be done, in Chinese
 */
export function after(state: AlertState, action: Action): { state: AlertState } | { refused: string } {
  if (state === 'merged') return { refused: '该预警已并入另一预警，请在那里处置' }
  if (!open.includes(state)) return { refused: state === 'faded' ? '该预警已自行消退' : '该预警已办结' }
  if (action === 'take') return state === 'new' ? { state: 'taken' } : { refused: '该预警已有人受理' }
  if (action === 'close') return state === 'found' ? { state: 'closed' } : { refused: '请先给出结论，再办结' }
  if (action === 'find') return { state: 'found' }
  if (action === 'ask' || action === 'refer') return { state: state === 'found' ? 'found' : 'checking' }
  return { state: state === 'new' ? 'taken' : state }
}
