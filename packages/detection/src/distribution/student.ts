import { betaI } from './beta.ts'
import { logGamma } from './gamma.ts'
import { normalQuantile } from './normal.ts'
import { risingRoot } from './root.ts'

/** P(T > t) of Student's t with df > 0 degrees of freedom (Abramowitz & Stegun 26.5.27). */
export function studentSf(t: number, df: number): number {
  if (!(df > 0) || Number.isNaN(t)) return Number.NaN
  const square = t * t
  const half =
    0.5 * (square === Number.POSITIVE_INFINITY ? 0 : betaI(df / (df + square), df / 2, 0.5, square / (df + square)))
  return t > 0 ? half : 1 - half
}

/** P(T ≤ t), see {@link studentSf}. */
export const studentCdf = (t: number, df: number): number => studentSf(-t, df)

/** Density of Student's t. */
export function studentPdf(t: number, df: number): number {
  const constant = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI)
  return Math.exp(constant - ((df + 1) / 2) * Math.log1p((t * t) / df))
}

/** The t with P(T ≤ t) = p. */
export function studentQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1) || !(df > 0)) return Number.NaN
  if (p === 0.5) return 0
  if (p > 0.5) return -studentQuantile(1 - p, df)
  if (p === 0) return Number.NEGATIVE_INFINITY
  let low = -1
  while (studentCdf(low, df) > p) low *= 4
  return risingRoot(
    (t) => studentCdf(t, df) - p,
    (t) => studentPdf(t, df),
    low,
    0,
    normalQuantile(p),
  )
}
