import { type UntestedReason, untestedReasons } from '@vigil/contract'
import type { Grade } from './signal.ts'

/** Numbers of a day: observed, expected, lower, upper, score, p, completeness, code; 32-bit floats, NaN for none. */
export const columns = 8
const monthDays = 31
/** Bytes of a day. */
export const cellBytes = columns * 4
/** Bytes of a month. */
export const monthBytes = monthDays * cellBytes

export const grades: readonly Grade[] = ['blue', 'yellow', 'orange', 'red']

/** One day as it is kept. */
export interface Cell {
  readonly observed: number | null
  readonly expected: number | null
  readonly lower: number | null
  readonly upper: number | null
  readonly score: number | null
  readonly p: number | null
  readonly completeness: number
  readonly grade: Grade | null
  readonly untested: UntestedReason | null
  /** The day was not over when this was written. */
  readonly running: boolean
}

/** The last number of a day: grade 0–4, 8 × why it was not tested (0: it was), 128 for a running day. */
export const codeOf = (grade: number, untested: number, running: boolean): number =>
  grade + 8 * untested + (running ? 128 : 0)

/** Whether a code is that of a day that was not over. */
export const isRunning = (code: number): boolean => !Number.isNaN(code) && (code & 128) !== 0

/** 1 + place in `untestedReasons`; 0 for none. */
export const untestedCode = (reason: UntestedReason | null): number =>
  reason === null ? 0 : untestedReasons.indexOf(reason) + 1

/** Grade of a code, 0 for none. */
export const gradeCode = (code: number): number => (Number.isNaN(code) ? 0 : code & 7)

/** A month without a day. */
export const emptyMonth = (): Buffer => Buffer.from(new Float32Array(monthDays * columns).fill(Number.NaN).buffer)

/** The numbers of a month or a day; the bytes are copied when they do not lie on a bound of four. */
export function numbersOf(days: Buffer): Float32Array {
  const bytes = days.byteOffset % 4 === 0 ? days : Buffer.from(Uint8Array.from(days).buffer)
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
}

/** Day `at` (0 = the first of the month) of a month's numbers; undefined when nothing was written there. */
export function cellAt(numbers: Float32Array, at: number): Cell | undefined {
  const from = at * columns
  const code = numbers[from + 7]!
  if (Number.isNaN(code)) return undefined
  const value = (column: number) => {
    const number = numbers[from + column]!
    return Number.isNaN(number) ? null : number
  }
  return {
    observed: value(0),
    expected: value(1),
    lower: value(2),
    upper: value(3),
    score: value(4),
    p: value(5),
    completeness: value(6) ?? 0,
    grade: grades[(code & 7) - 1] ?? null,
    untested: untestedReasons[((code >> 3) & 15) - 1] ?? null,
    running: isRunning(code),
  }
}

/**
 * Whether a day says something new: another count, another grade, an end of the day, or an expectation that moved by more
 * than a hundredth. Places are those of day starts in the two lists.
 */
export function differs(before: Float32Array, at: number, after: Float32Array, to: number): boolean {
  const [was, is] = [before[at + 7]!, after[to + 7]!]
  if (Number.isNaN(was) || was !== is) return true
  if (before[at] !== after[to] && !(Number.isNaN(before[at]!) && Number.isNaN(after[to]!))) return true
  const [left, right] = [before[at + 1]!, after[to + 1]!]
  if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(left) !== Number.isNaN(right)
  return Math.abs(left - right) > 0.01 * Math.max(0.1, Math.abs(left))
}
