import { logGamma } from './gamma.ts'

const halfLogTwoPi = 0.9189385332046727

/** ln n! minus Stirling's approximation: C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000). */
export function stirlingError(n: number): number {
  if (n <= 15) return logGamma(n + 1) - (n + 0.5) * Math.log(n) + n - halfLogTwoPi
  const q = n * n
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / q) / q) / q) / q) / n
}

/** x ln(x / m) + m − x without cancellation near x = m (Loader 2000). */
export function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x
  const v = (x - m) / (x + m)
  let sum = (x - m) * v
  let term = 2 * x * v
  for (let j = 1; j < 1000; j++) {
    term *= v * v
    const next = sum + term / (2 * j + 1)
    if (next === sum) break
    sum = next
  }
  return sum
}

/** mᵏ e⁻ᵐ / Γ(k + 1), the Poisson probability of k, also for a k that is not whole; m ≥ 0, k ≥ 0. */
export function poissonPmf(k: number, m: number): number {
  if (!(m >= 0) || Number.isNaN(k)) return Number.NaN
  if (k < 0) return 0
  if (m === 0) return k === 0 ? 1 : 0
  if (k === 0) return Math.exp(-m)
  if (k <= m * Number.MIN_VALUE || !Number.isFinite(m)) return 0
  return Math.exp(-stirlingError(k) - deviance(k, m)) / Math.sqrt(2 * Math.PI * k)
}

/** Γ(n + 1) / (Γ(k + 1) Γ(n − k + 1)) pᵏ qⁿ⁻ᵏ with q = 1 − p given apart, also for k and n that are not whole. */
export function binomialPmf(k: number, n: number, p: number, q: number): number {
  if (p === 0) return k === 0 ? 1 : 0
  if (q === 0) return k === n ? 1 : 0
  if (k < 0 || k > n) return 0
  if (k === 0) return Math.exp(p < 0.1 ? -deviance(n, n * q) - n * p : n * Math.log(q))
  if (k === n) return Math.exp(q < 0.1 ? -deviance(n, n * p) - n * q : n * Math.log(p))
  const exponent =
    stirlingError(n) - stirlingError(k) - stirlingError(n - k) - deviance(k, n * p) - deviance(n - k, n * q)
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * (n - k)))
}
