import { betaI } from './beta.ts'
import { gammaP, logGamma } from './gamma.ts'
import { normalQuantile } from './normal.ts'
import { risingRoot } from './root.ts'

/** The x with P(X ≤ x) = p for a gamma distribution of the given shape and scale. */
export function gammaQuantile(p: number, shape: number, scale = 1): number {
  if (!(p >= 0 && p <= 1) || !(shape > 0) || !(scale > 0)) return Number.NaN
  if (p === 0) return 0
  if (p === 1) return Number.POSITIVE_INFINITY
  // Wilson & Hilferty (1931) for a start; for a small shape the first term of the series.
  const cube = 1 - 1 / (9 * shape) + normalQuantile(p) / (3 * Math.sqrt(shape))
  const start = shape > 0.5 && cube > 0 ? shape * cube ** 3 : Math.exp((Math.log(p) + logGamma(shape + 1)) / shape)
  let high = Math.max(start, shape) * 2 + 1
  while (gammaP(shape, high) < p) high *= 2
  const slope = (x: number) => Math.exp((shape - 1) * Math.log(x) - x - logGamma(shape))
  return scale * risingRoot((x) => gammaP(shape, x) - p, slope, 0, high, start)
}

/** The x with I_x(a, b) = p, the quantile of the beta distribution. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1) || !(a > 0) || !(b > 0)) return Number.NaN
  if (p === 0 || p === 1) return p
  const constant = logGamma(a + b) - logGamma(a) - logGamma(b)
  const slope = (x: number) => Math.exp(constant + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x))
  // Far down, I_x(a, b) is its first term, constant · xᵃ / a; a start from the mean would need too many halvings.
  const first = Math.exp((Math.log(p) + Math.log(a) - constant) / a)
  return risingRoot((x) => betaI(x, a, b) - p, slope, 0, 1, Math.min(first, a / (a + b)))
}
