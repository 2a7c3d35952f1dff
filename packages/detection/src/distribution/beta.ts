import { binomialPmf } from './loader.ts'

const tiny = 1e-300

/** Continued fraction of the incomplete beta function (DLMF 8.17.22), modified Lentz; for x < (a + 1) / (a + b + 2). */
function fraction(a: number, b: number, x: number): number {
  let c = 1
  let d = 1 - ((a + b) * x) / (a + 1)
  if (Math.abs(d) < tiny) d = tiny
  d = 1 / d
  let h = d
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 + even * d
    if (Math.abs(d) < tiny) d = tiny
    c = 1 + even / c
    if (Math.abs(c) < tiny) c = tiny
    d = 1 / d
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 + odd * d
    if (Math.abs(d) < tiny) d = tiny
    c = 1 + odd / c
    if (Math.abs(c) < tiny) c = tiny
    d = 1 / d
    const delta = d * c
    h *= delta
    if (Math.abs(delta - 1) < 1e-16) break
  }
  return h
}

/**
 * Regularized incomplete beta function I_x(a, b) (DLMF 8.17.2), a, b > 0; y = 1 − x may be given where it is known
 * more precisely than by subtraction.
 */
export function betaI(x: number, a: number, b: number, y = 1 - x): number {
  if (!(a > 0) || !(b > 0) || !(x >= 0) || !(y >= 0)) return Number.NaN
  if (x === 0) return 0
  if (y === 0) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - direct(y, b, a, x)
  return direct(x, a, b, y)
}

/** 1 − I_x(a, b), keeping its relative precision where it is small. */
export function betaQ(x: number, a: number, b: number, y = 1 - x): number {
  return betaI(y, b, a, x)
}

const direct = (x: number, a: number, b: number, y: number) =>
  (binomialPmf(a, a + b, x, y) * b * fraction(a, b, x)) / (a + b)
