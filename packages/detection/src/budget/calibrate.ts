import { DetectionError } from '../error.ts'

export type BudgetOptions = {
  /** Expected false alerts per area and week that may not be passed; all series of an area together. */
  perAreaWeek: number
  /** Area (county) of each series; each its own unless told. */
  area?: readonly string[]
  /** Tests per week of each series; 7 unless told. */
  testsPerWeek?: number
}

export type AlertBudget = {
  /** Score that a series must reach to alert. */
  threshold: Float64Array
  /** False alerts per week expected of each series, and of each area. */
  perSeries: Float64Array
  perArea: Map<string, number>
}

/**
 * Thresholds under which the expected number of false alerts per area and week stays within a budget. Each series' share of
 * its area's budget is equal; its threshold is the score that so many of its own past days passed, with the exponential
 * tail of the largest tenth where the past is too short to have passed it (a peak-over-threshold fit, Pickands 1975, Ann
 * Stat 3:119, shape 0). Past outbreaks in `scores` make thresholds higher, not lower. Throws DetectionError for fewer than
 * 50 scores in a series (its index); NaN scores are days not tested.
 */
export function calibrateBudget(scores: readonly ArrayLike<number>[], options: BudgetOptions): AlertBudget {
  const { perAreaWeek, testsPerWeek = 7 } = options
  if (!(perAreaWeek > 0)) throw new DetectionError('option', 'perAreaWeek must be above 0')
  if (!(testsPerWeek > 0)) throw new DetectionError('option', 'testsPerWeek must be above 0')
  if (options.area && options.area.length !== scores.length)
    throw new DetectionError('length', 'area and scores differ in length')
  const area = options.area ?? scores.map((_, i) => String(i))
  const members = new Map<string, number>()
  for (const name of area) members.set(name, (members.get(name) ?? 0) + 1)
  const threshold = new Float64Array(scores.length)
  const perSeries = new Float64Array(scores.length)
  const perArea = new Map<string, number>()
  scores.forEach((past, i) => {
    const rate = Math.min(1, perAreaWeek / members.get(area[i]!)! / testsPerWeek)
    const tail = fitTail(past, i)
    threshold[i] = tail.quantile(rate)
    perSeries[i] = Math.min(rate, tail.exceedance(threshold[i]!)) * testsPerWeek
    perArea.set(area[i]!, (perArea.get(area[i]!) ?? 0) + perSeries[i]!)
  })
  return { threshold, perSeries, perArea }
}

const LEAST = 50

function fitTail(past: ArrayLike<number>, index: number) {
  const sorted = Array.from(past)
    .filter((score) => !Number.isNaN(score))
    .sort((a, b) => b - a)
  const n = sorted.length
  if (n < LEAST) throw new DetectionError('too-short', `needs ${LEAST} scores or more in series`, index)
  const top = Math.floor(n / 10)
  const start = sorted[top]!
  let scale = 0
  for (let i = 0; i < top; i++) scale += (sorted[i]! - start) / top
  // The next float up: a score must pass what the past reached, not equal it.
  const above = (value: number): number => value + Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE)
  const share = top / n
  return {
    quantile(rate: number): number {
      const rank = Math.floor(rate * n)
      const seen = rank < n ? above(sorted[rank]!) : sorted[n - 1]!
      return rate < share ? Math.max(seen, start + scale * Math.log(share / rate)) : seen
    },
    exceedance(threshold: number): number {
      const count = sorted.findIndex((score) => score < threshold)
      const seen = (count < 0 ? n : count) / n
      return threshold > start && scale > 0 ? Math.max(seen, share * Math.exp(-(threshold - start) / scale)) : seen
    },
  }
}
