/** A seeded stream of random numbers; the same seed gives the same stream on every machine. */
export type Random = {
  /** Uniform unsigned 32-bit integer. */
  u32(): number
  /** Uniform in [0, 1). */
  unit(): number
  /** Uniform integer in [0, n), 1 ≤ n ≤ 2^32. */
  below(n: number): number
  /** Standard normal (Box–Muller). */
  normal(): number
  /** Gamma with the given shape and scale 1 (Marsaglia and Tsang 2000, ACM TOMS 26:363). */
  gamma(shape: number): number
  /** Poisson count (inversion by products below mean 30, else PTRS: Hörmann 1993, Insurance Math Econ 12:39). */
  poisson(mean: number): number
  /** Negative binomial count with variance phi · mean; Poisson for phi ≤ 1. */
  negativeBinomial(mean: number, phi: number): number
}

/** xoshiro128** 1.1 (Blackman and Vigna 2018) whose state is drawn from the seed and a stream number by splitmix32. */
export function createRandom(seed: number, stream = 0): Random {
  let mix = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) | 0
  const next = (): number => {
    mix = (mix + 0x9e3779b9) | 0
    let z = Math.imul(mix ^ (mix >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
  let s0 = next()
  let s1 = next()
  let s2 = next()
  // A state of all zeros would stay zero for ever.
  let s3 = next() | 1

  const u32 = (): number => {
    const r = Math.imul(s1, 5)
    const result = Math.imul((r << 7) | (r >>> 25), 9) >>> 0
    const t = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = (s3 << 11) | (s3 >>> 21)
    return result
  }
  const unit = (): number => u32() / 4294967296
  const below = (n: number): number => Math.floor(unit() * n)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit())

  const gamma = (shape: number): number => {
    // Below 1 the sampler needs a larger shape; U^(1/shape) brings it back.
    if (shape < 1) return gamma(shape + 1) * (1 - unit()) ** (1 / shape)
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = normal()
      const v = (1 + c * x) ** 3
      if (v > 0 && Math.log(1 - unit()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
    }
  }

  const poisson = (mean: number): number => {
    if (!(mean > 0)) return 0
    if (mean >= 30) return poissonLarge(mean, unit)
    const limit = Math.exp(-mean)
    let count = 0
    for (let product = unit(); product > limit; product *= unit()) count++
    return count
  }

  return {
    u32,
    unit,
    below,
    normal,
    gamma,
    poisson,
    negativeBinomial: (mean, phi) =>
      phi <= 1 ? poisson(mean) : mean > 0 ? poisson(gamma(mean / (phi - 1)) * (phi - 1)) : 0,
  }
}

function poissonLarge(mean: number, unit: () => number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const invAlpha = 1.1239 + 1.1328 / (b - 3.4)
  const vr = 0.9277 - 3.6224 / (b - 2)
  for (;;) {
    const u = unit() - 0.5
    const v = unit()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
    if (us >= 0.07 && v <= vr) return k
    if (k < 0 || (us < 0.013 && v > us)) continue
    if (Math.log((v * invAlpha) / (a / (us * us) + b)) <= k * Math.log(mean) - mean - logFactorial(k)) return k
  }
}

function logFactorial(k: number): number {
  if (k < 10) {
    let product = 1
    for (let i = 2; i <= k; i++) product *= i
    return Math.log(product)
  }
  const x = k + 1
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3)
}
