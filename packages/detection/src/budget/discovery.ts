import { DetectionError } from '../error.ts'

export type Discoveries = {
  /** 1 where the hypothesis is rejected: an alert. */
  rejected: Uint8Array
  /** Adjusted p-values: the smallest rate at which each would be rejected; NaN where p is NaN. */
  adjusted: Float64Array
  /** Largest p-value rejected, 0 when none is. */
  threshold: number
}

/**
 * False-discovery rate over the tests of one day, e.g. counties × drug classes: at most `rate` of the alerts are false in
 * expectation (Benjamini and Hochberg 1995, J R Stat Soc B 57:289), under any dependence with `dependent` (Benjamini and
 * Yekutieli 2001, Ann Stat 29:1165). NaN = not tested: neither counts nor alarms. Throws DetectionError for p outside
 * [0, 1] with its index.
 */
export function benjaminiHochberg(
  p: ArrayLike<number>,
  rate: number,
  options: { dependent?: boolean } = {},
): Discoveries {
  if (!(rate > 0 && rate < 1)) throw new DetectionError('option', 'rate must lie between 0 and 1')
  const order: number[] = []
  for (let i = 0; i < p.length; i++) {
    if (Number.isNaN(p[i])) continue
    if (!(p[i]! >= 0 && p[i]! <= 1)) throw new DetectionError('option', 'p must lie in [0, 1]', i)
    order.push(i)
  }
  order.sort((a, b) => p[a]! - p[b]!)
  const n = order.length
  let factor = 1
  if (options.dependent) for (let i = 2; i <= n; i++) factor += 1 / i
  const rejected = new Uint8Array(p.length)
  const adjusted = new Float64Array(p.length).fill(Number.NaN)
  let threshold = 0
  let least = 1
  for (let rank = n; rank >= 1; rank--) {
    const i = order[rank - 1]!
    // Dividing first keeps rounding from adjusting below p itself.
    least = Math.min(least, p[i]! * ((n * factor) / rank))
    adjusted[i] = least
    if (least > rate) continue
    rejected[i] = 1
    threshold = Math.max(threshold, p[i]!)
  }
  return { rejected, adjusted, threshold }
}
