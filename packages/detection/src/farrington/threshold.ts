import {
  negativeBinomialQuantile,
  negativeBinomialSf,
  normalCdf,
  normalQuantile,
  poissonQuantile,
  poissonSf,
} from '../distribution/index.ts'
import type { Settings } from './options.ts'

/** Bounds of a prediction; NaN where they do not exist. */
export interface Bounds {
  lower: number
  upper: number
  /** P(count ≥ observed), under the model. */
  p: number
}

const exponents = { none: 1, '1/2': 1 / 2, '2/3': 2 / 3 } as const

/**
 * Bounds by the normal approximation on a power scale: Farrington et al. 1996, 3.7 and appendix. `level` is the
 * upper error probability, `se` the standard error of the mean.
 */
export function powerBounds(
  observed: number,
  mean: number,
  se: number,
  phi: number,
  level: number,
  powertrans: Settings['powertrans'],
): Bounds {
  const exponent = exponents[powertrans]
  const tau = phi + se ** 2 / mean
  const variance = powertrans === 'none' ? mean * tau : powertrans === '1/2' ? tau / 4 : (4 / 9) * Math.cbrt(mean) * tau
  const spread = Math.sqrt(variance)
  const centre = mean ** exponent
  const z = normalQuantile(1 - level)
  const a = (centre - z * spread) ** (1 / exponent)
  const b = (centre + z * spread) ** (1 / exponent)
  // A negative base has no real power; with the square root both ends can change places.
  const lower = Number.isNaN(a) || Number.isNaN(b) ? 0 : Math.max(0, Math.min(a, b))
  const upper = Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b)
  return { lower, upper, p: normalCdf(-(observed ** exponent), -centre, spread) }
}

/**
 * Bounds by quantiles of the negative binomial distribution with variance φ times the mean, or of the Poisson
 * distribution when φ = 1: Noufaily et al. 2013, 3.4 (`nbPlugin`); Salmon, Schumacher & Höhle 2016, 3.1 (`muan`, with
 * the upper quantile of the mean in place of the mean).
 */
export function countBounds(observed: number, eta: number, se: number, phi: number, settings: Settings): Bounds {
  const { alpha, thresholdMethod } = settings
  const mean = Math.exp(thresholdMethod === 'nbPlugin' ? eta : eta + normalQuantile(1 - alpha) * se)
  if (!Number.isFinite(mean)) return { lower: Number.NaN, upper: Number.NaN, p: Number.NaN }
  if (!(phi > 1)) {
    return {
      lower: poissonQuantile(alpha, mean),
      upper: poissonQuantile(1 - alpha, mean),
      p: poissonSf(Math.ceil(observed) - 1, mean),
    }
  }
  const size = mean / (phi - 1)
  return {
    lower: negativeBinomialQuantile(alpha, size, 1 / phi),
    upper: negativeBinomialQuantile(1 - alpha, size, 1 / phi),
    p: negativeBinomialSf(observed - 1, size, 1 / phi),
  }
}
