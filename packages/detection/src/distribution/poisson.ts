import { gammaP, gammaQ } from './gamma.ts'
import { poissonPmf } from './loader.ts'
import { normalQuantile } from './normal.ts'
import { wholeQuantile } from './root.ts'

export { poissonPmf }

/** P(X ≤ k), X Poisson with mean m ≥ 0. */
export function poissonCdf(k: number, m: number): number {
  if (!(m >= 0) || Number.isNaN(k)) return Number.NaN
  if (k < 0) return 0
  return m === 0 ? 1 : gammaQ(Math.floor(k) + 1, m)
}

/** P(X > k), precise where it is small. */
export function poissonSf(k: number, m: number): number {
  if (!(m >= 0) || Number.isNaN(k)) return Number.NaN
  if (k < 0) return 1
  return m === 0 ? 0 : gammaP(Math.floor(k) + 1, m)
}

/** The smallest k with P(X ≤ k) ≥ p. */
export function poissonQuantile(p: number, m: number): number {
  if (!(p >= 0 && p <= 1) || !(m >= 0) || m === Number.POSITIVE_INFINITY) return Number.NaN
  if (p === 0 || m === 0) return 0
  if (p === 1) return Number.POSITIVE_INFINITY
  if (m < 50) return smallMean(p, m)
  const z = normalQuantile(p)
  return wholeQuantile(p, (k) => poissonCdf(k, m), m + Math.sqrt(m) * z + (z * z - 1) / 6)
}

/** Sums probabilities from 0; while the mean is small this is quicker and as precise as the incomplete gamma. */
function smallMean(p: number, m: number): number {
  const target = p * (1 - 64 * Number.EPSILON)
  let term = Math.exp(-m)
  let sum = term
  let k = 0
  while (sum < target && (term > 0 || k < m)) {
    term *= m / ++k
    if (sum + term === sum && k > m) break
    sum += term
  }
  return k
}
