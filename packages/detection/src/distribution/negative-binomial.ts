import { betaI, betaQ } from './beta.ts'
import { binomialPmf } from './loader.ts'
import { normalQuantile } from './normal.ts'
import { wholeQuantile } from './root.ts'

/** P(X = k) failures before the `size`-th success, success probability `prob`; size > 0 need not be whole. */
export function negativeBinomialPmf(k: number, size: number, prob: number): number {
  if (!valid(size, prob) || Number.isNaN(k)) return Number.NaN
  if (k < 0 || !Number.isInteger(k)) return 0
  if (k === 0) return prob ** size
  return (size / (size + k)) * binomialPmf(size, size + k, prob, 1 - prob)
}

const valid = (size: number, prob: number) => size > 0 && prob > 0 && prob <= 1

/** P(X ≤ k); the mean is size (1 − prob) / prob. */
export function negativeBinomialCdf(k: number, size: number, prob: number): number {
  if (!valid(size, prob) || Number.isNaN(k)) return Number.NaN
  return k < 0 ? 0 : betaI(prob, size, Math.floor(k) + 1)
}

/** P(X > k), precise where it is small. */
export function negativeBinomialSf(k: number, size: number, prob: number): number {
  if (!valid(size, prob) || Number.isNaN(k)) return Number.NaN
  return k < 0 ? 1 : betaQ(prob, size, Math.floor(k) + 1)
}

/** The smallest k with P(X ≤ k) ≥ p. */
export function negativeBinomialQuantile(p: number, size: number, prob: number): number {
  if (!(p >= 0 && p <= 1) || !valid(size, prob)) return Number.NaN
  if (p === 0 || prob === 1) return 0
  if (p === 1) return Number.POSITIVE_INFINITY
  const mean = (size * (1 - prob)) / prob
  if (mean < 100 && size * Math.log(prob) > -600) return smallMean(p, size, prob)
  const sd = Math.sqrt(mean / prob)
  const z = normalQuantile(p)
  const skew = (2 - prob) / prob / sd
  return wholeQuantile(p, (k) => negativeBinomialCdf(k, size, prob), mean + sd * (z + (skew * (z * z - 1)) / 6))
}

/** Sums probabilities from 0, see poisson.ts. */
function smallMean(p: number, size: number, prob: number): number {
  const target = p * (1 - 64 * Number.EPSILON)
  let term = prob ** size
  let sum = term
  let k = 0
  const mean = (size * (1 - prob)) / prob
  while (sum < target) {
    term *= ((size + k) * (1 - prob)) / (k + 1)
    k++
    if (sum + term === sum && k > mean) break
    sum += term
  }
  return k
}
