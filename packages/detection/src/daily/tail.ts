import {
  negativeBinomialCdf,
  negativeBinomialPmf,
  negativeBinomialSf,
  normalQuantile,
  poissonCdf,
  poissonPmf,
  poissonSf,
} from '../distribution/index.ts'

const LIMIT = 38

// Below this share of extra variance the negative binomial is the Poisson to all digits that matter.
const isPoisson = (mean: number, variance: number): boolean => variance <= mean * 1.0001

/** P(Y ≥ count) for a negative binomial of the given mean and variance, Poisson without overdispersion. */
export function upperTail(count: number, mean: number, variance: number): number {
  const below = Math.ceil(count) - 1
  if (below < 0) return 1
  if (isPoisson(mean, variance)) return poissonSf(below, mean)
  return negativeBinomialSf(below, (mean * mean) / (variance - mean), mean / variance)
}

/**
 * Smallest count y with P(Y ≤ y) ≥ p, given z = the normal quantile of p: Cornish and Fisher's guess, then steps along the
 * probabilities' recurrence, so that the distribution function is computed once.
 */
export function countQuantile(p: number, z: number, mean: number, variance: number): number {
  const poisson = isPoisson(mean, variance)
  const size = poisson ? Number.POSITIVE_INFINITY : (mean * mean) / (variance - mean)
  const prob = poisson ? 1 : mean / variance
  const sd = Math.sqrt(variance)
  const skewness = poisson ? 1 / sd : (2 - prob) / Math.sqrt(size * (1 - prob))
  let k = Math.max(0, Math.round(mean + sd * (z + (skewness * (z * z - 1)) / 6) - 0.5))
  let below = poisson ? poissonCdf(k, mean) : negativeBinomialCdf(k, size, prob)
  let mass = poisson ? poissonPmf(k, mean) : negativeBinomialPmf(k, size, prob)
  // P(Y = k) / P(Y = k − 1)
  const ratio = (count: number): number => (poisson ? mean : (count - 1 + size) * (1 - prob)) / count
  while (k > 0 && below - mass >= p) {
    below -= mass
    mass /= ratio(k)
    k--
  }
  while (below < p) {
    k++
    mass *= ratio(k)
    // The tail that is left is smaller than the last digit of p.
    if (below + mass === below) break
    below += mass
  }
  return k
}

/** The standard normal score with the same upper tail, within ±38. */
export const normalScore = (tail: number): number => Math.max(-LIMIT, Math.min(LIMIT, -normalQuantile(tail)))
