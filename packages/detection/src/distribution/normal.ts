// Coefficients of the two papers cited below, highest power first, at the precision of a double.
const tailTop = [
  1.0765576773720192e-8, 0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002,
  2494.5375852903726, 6848.190450536283, 11602.65143764735, 9842.714838383978,
] as const
const tailBottom = [
  1, 22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097, 34900.95272114598,
  38912.00328609327, 19685.429676859992,
] as const
const centreTop = [
  0.06568233791820745, 2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356,
] as const
const centreBottom = [1, 47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673] as const
const innerTop = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
  133.14166789178438, 3.3871328727963665,
] as const
const innerBottom = [
  5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
  42.31333070160091, 1,
] as const
const middleTop = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
] as const
const middleBottom = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
] as const
const outerTop = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
  1.7848265399172913, 5.463784911164114, 6.657904643501103,
] as const
const outerBottom = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
  0.1369298809227358, 0.599832206555888, 1,
] as const

/** Horner's rule, coefficients from the highest power. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = coefficients[0]!
  for (let i = 1; i < coefficients.length; i++) sum = sum * x + coefficients[i]!
  return sum
}

/** Density of the normal distribution. */
export function normalPdf(x: number, mean = 0, sd = 1): number {
  const z = (x - mean) / sd
  return Math.exp(-0.5 * z * z) / (sd * 2.5066282746310007)
}

/** exp(−x² / 2) with the square split, so that large x keep their digits (Cody 1969). */
function gauss(x: number): number {
  const high = Math.trunc(x * 16) / 16
  return Math.exp(-0.5 * high * high) * Math.exp(-0.5 * (x - high) * (x + high))
}

/** P(Z > x) for x ≥ 0.67448975. */
function tail(x: number): number {
  if (x > 38.6) return 0
  if (x <= 5.656854249492381) {
    const top = polynomial(x, tailTop)
    const bottom = polynomial(x, tailBottom)
    return (gauss(x) * top) / bottom
  }
  // Mills' ratio as a continued fraction; from 5.66 on forty terms are more than enough.
  let ratio = x
  for (let k = 40; k > 0; k--) ratio = x + k / ratio
  return (gauss(x) * 0.3989422804014327) / ratio
}

/** P(Z ≤ x). W. J. Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969). */
export function normalCdf(x: number, mean = 0, sd = 1): number {
  const z = (x - mean) / sd
  if (Number.isNaN(z)) return Number.NaN
  if (Math.abs(z) < 0.67448975) {
    const q = z * z
    const top = polynomial(q, centreTop)
    const bottom = polynomial(q, centreBottom)
    return 0.5 + (z * top) / bottom
  }
  return z < 0 ? tail(-z) : 1 - tail(z)
}

/** P(Z > x), precise far out in the tail. */
export const normalSf = (x: number, mean = 0, sd = 1): number => normalCdf(2 * mean - x, mean, sd)

/**
 * The x with P(Z ≤ x) = p; −∞ and ∞ at 0 and 1. M. J. Wichura, Algorithm AS 241, Applied Statistics 37 (1988);
 * relative error about 1e-16.
 */
export function normalQuantile(p: number, mean = 0, sd = 1): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  return mean + sd * standardQuantile(p)
}

function standardQuantile(p: number): number {
  if (p === 0) return Number.NEGATIVE_INFINITY
  if (p === 1) return Number.POSITIVE_INFINITY
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    const top = polynomial(r, innerTop)
    const bottom = polynomial(r, innerBottom)
    return (q * top) / bottom
  }
  let r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  let value: number
  if (r <= 5) {
    r -= 1.6
    const top = polynomial(r, middleTop)
    const bottom = polynomial(r, middleBottom)
    value = top / bottom
  } else {
    r -= 5
    const top = polynomial(r, outerTop)
    const bottom = polynomial(r, outerBottom)
    value = top / bottom
  }
  return q < 0 ? -value : value
}
