import { DetectionError } from '../error.ts'
import { toDay } from './day.ts'

/** Counts, oldest first, at equal distances in time; NaN where there are no data, with `missing: 'skip'` only. */
export type Counts = ArrayLike<number>

/** One date per count, rising: ISO text (`2024-02-29`) or days since 1970-01-01. */
export type Dates = ArrayLike<number | string>

/** What a count of NaN is: an error that names its place, or a missing count that is passed over. */
export type Missing = 'refuse' | 'skip'

export interface MissingOption {
  /** Whether NaN is refused or a missing count; default 'refuse'. */
  readonly missing?: Missing
}

/** The option, or its default. @throws {DetectionError} for anything else. */
export function checkMissing(missing: Missing = 'refuse'): Missing {
  if (missing !== 'refuse' && missing !== 'skip') {
    throw new DetectionError('option', `missing must be 'refuse' or 'skip', not ${missing}`)
  }
  return missing
}

/** @throws {DetectionError} 'not-finite' or 'negative', with the index; NaN passes where missing counts are skipped. */
export function checkCount(count: number, index: number, missing: Missing): number {
  if (!Number.isFinite(count) && !(Number.isNaN(count) && missing === 'skip')) {
    const hint = Number.isNaN(count) ? "; missing: 'skip' passes over it" : ''
    throw new DetectionError('not-finite', `a count is not a finite number: ${count}${hint}`, index)
  }
  if (count < 0) throw new DetectionError('negative', `a count is negative: ${count}`, index)
  return count
}

/** A checked copy. @throws {DetectionError} at the first count that is bad, and for a bad option. */
export function checkCounts(counts: Counts, missing: Missing | undefined): Float64Array {
  const known = checkMissing(missing)
  const copy = new Float64Array(counts.length)
  for (let i = 0; i < counts.length; i++) copy[i] = checkCount(counts[i]!, i, known)
  return copy
}

/** Days since 1970-01-01. @throws {DetectionError} for bad, unordered or too few dates. */
export function checkDates(dates: Dates, length: number): Int32Array {
  if (dates.length !== length) {
    throw new DetectionError('length', `${dates.length} dates for ${length} counts`, Math.min(dates.length, length))
  }
  const days = new Int32Array(length)
  for (let i = 0; i < length; i++) {
    const day = toDay(dates[i]!, i)
    if (i > 0 && day <= days[i - 1]!) throw new DetectionError('unordered', 'dates do not rise', i)
    days[i] = day
  }
  return days
}

/** Counts per person and the like: all positive. @throws {DetectionError} */
export function checkPopulation(population: ArrayLike<number>, length: number): Float64Array {
  if (population.length !== length) {
    throw new DetectionError('length', `${population.length} populations for ${length} counts`)
  }
  const copy = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    if (!(population[i]! > 0) || !Number.isFinite(population[i])) {
      throw new DetectionError(population[i]! < 0 ? 'negative' : 'not-finite', 'a population is not positive', i)
    }
    copy[i] = population[i]!
  }
  return copy
}

/**
 * The places to test: those asked for, or all from `first` on.
 * @throws {DetectionError} when one lies outside the series, or the series ends before `first`.
 */
export function checkRange(range: ArrayLike<number> | undefined, first: number, length: number): Int32Array {
  if (!range) {
    if (first >= length) throw new DetectionError('too-short', `needs more than ${first} counts, has ${length}`, length)
    return Int32Array.from({ length: length - Math.max(0, first) }, (_, i) => Math.max(0, first) + i)
  }
  return Int32Array.from(range, (place) => {
    if (!Number.isInteger(place) || place < 0 || place >= length) {
      throw new DetectionError('option', `range holds ${place}, the series 0 … ${length - 1}`)
    }
    return place
  })
}

/** A whole number within bounds. @throws {DetectionError} */
export function checkWhole(name: string, value: number, least: number): number {
  if (!Number.isInteger(value) || value < least) {
    throw new DetectionError('option', `${name} must be a whole number from ${least} on, not ${value}`)
  }
  return value
}

/** A number for which a rule holds. @throws {DetectionError} */
export function checkNumber(name: string, value: number, holds: boolean, rule: string): number {
  if (typeof value !== 'number' || Number.isNaN(value) || !holds) {
    throw new DetectionError('option', `${name} must be ${rule}, not ${value}`)
  }
  return value
}

/** An error probability, between 0 and 1. @throws {DetectionError} */
export const checkAlpha = (value: number): number =>
  checkNumber('alpha', value, value > 0 && value < 1, 'between 0 and 1')
