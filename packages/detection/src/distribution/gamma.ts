import { poissonPmf } from './loader.ts'

/** Coefficients B_2k / (2k (2k − 1)) of Stirling's series, k = 1 … 8 (Abramowitz & Stegun 6.1.40). */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400] as const
const halfLogTwoPi = 0.9189385332046727

/** ln Γ(x) for x > 0; NaN otherwise. Stirling's series after shifting x above 12; absolute error about 1e-15. */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN
  let product = 1
  let z = x
  while (z < 12) product *= z++
  const inverse = 1 / (z * z)
  let series = 0
  for (let k = stirling.length - 1; k >= 0; k--) series = series * inverse + stirling[k]!
  return (z - 0.5) * Math.log(z) - z + halfLogTwoPi + series / z - Math.log(product)
}

const tiny = 1e-300

/** Lower part by its power series (DLMF 8.11.4), good for x < a + 1. */
function lowerSeries(a: number, x: number): number {
  let term = 1
  let sum = 1
  for (let n = 1; n < 100_000 && term > sum * 1e-17; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum * poissonPmf(a, x)
}

/** Upper part by its continued fraction (DLMF 8.9.2, modified Lentz), good for x > a + 1. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let n = 1; n < 100_000; n++) {
    const an = -n * (n - a)
    b += 2
    d = an * d + b
    if (Math.abs(d) < tiny) d = tiny
    c = b + an / c
    if (Math.abs(c) < tiny) c = tiny
    d = 1 / d
    const delta = d * c
    h *= delta
    if (Math.abs(delta - 1) < 1e-16) break
  }
  return h * a * poissonPmf(a, x)
}

/**
 * Regularized incomplete gamma functions P(a, x) and Q(a, x) = 1 − P (DLMF 8.2.4), a > 0, x ≥ 0; each is computed
 * directly where it is small, so that tails keep their relative precision.
 */
export function gammaP(a: number, x: number): number {
  if (!(a > 0) || !(x >= 0)) return Number.NaN
  if (x === 0) return 0
  if (x === Number.POSITIVE_INFINITY) return 1
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x)
}

/** Q(a, x), see {@link gammaP}. */
export function gammaQ(a: number, x: number): number {
  if (!(a > 0) || !(x >= 0)) return Number.NaN
  if (x === 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x)
}
