import { logGamma } from '../distribution/index.ts'

const thirdGamma = Math.exp(logGamma(1 / 3))
const twoThirdsGamma = Math.exp(logGamma(2 / 3))
const far = (2 * twoThirdsGamma ** 2) / thirdGamma

/** Σ of a hypergeometric series whose term n + 1 is `ratio(n)` times term n. */
function series(ratio: (n: number) => number): number {
  let term = 1
  let sum = 1
  for (let n = 0; n < 200 && Math.abs(term) > 1e-17 * sum; n++) {
    term *= ratio(n)
    sum += term
  }
  return sum
}

/** ₂F₁(1/3, 2/3; 5/3; −x) for x ≥ 0, relative error below 1e-13: DLMF 15.8.1 up to 2, 15.8.2 beyond. */
export function hypergeometric(x: number): number {
  if (x <= 2) return series((n) => (((n + 1 / 3) / (n + 5 / 3)) * x) / (1 + x)) / Math.cbrt(1 + x)
  const near = series((n) => -((n + 1 / 3) * (n - 1 / 3)) / ((n + 2 / 3) * (n + 1)) / x)
  return (2 * near) / Math.cbrt(x) - far / Math.cbrt(x) ** 2
}

/**
 * The same as surveillance reads it from its table: at the nearest of 0, 0.01 … 10 (the lower one half way), linear between
 * 10, 11 … 100. Beyond 100, where R has NA, the function itself.
 */
export function tabulated(x: number): number {
  if (x > 100) return hypergeometric(x)
  if (x <= 10) return hypergeometric(Math.max(0, Math.ceil(100 * x - 0.5)) / 100)
  const low = Math.min(99, Math.floor(x))
  return hypergeometric(low) + (hypergeometric(low + 1) - hypergeometric(low)) * (x - low)
}

/**
 * Anscombe residual of a negative binomial count with mean m and variance m + α m²: difference of
 * (3/2) y^(2/3) ₂F₁(1/3, 2/3; 5/3; −α y) at the count and at the mean, over (m + α m²)^(1/6) (`anscombeNB` in
 * R/algo_cusum.R of surveillance).
 */
export function anscombeNegBin(x: number, m: number, alpha: number): number {
  const raised = (y: number) => 1.5 * Math.cbrt(y) ** 2 * tabulated(alpha * y)
  return (raised(x) - raised(m)) / Math.sqrt(Math.cbrt(m + alpha * m * m))
}
