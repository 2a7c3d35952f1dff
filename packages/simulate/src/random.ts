/** A stream of 32-bit numbers with everything the model draws from it. A pure function of its seed. */
export type Random = {
  /** Uniform unsigned 32-bit integer. */
  u32(): number
  /** Uniform in [0, 1). */
  unit(): number
  /** Uniform integer in [0, n). */
  below(n: number): number
  /** True with probability p. */
  chance(p: number): boolean
  /** A uniformly chosen element; the list must not be empty. */
  pick<T>(list: readonly T[]): T
  /** Standard normal (Box–Muller, one of the pair). */
  normal(): number
  /** Poisson count with the given mean (Knuth below 30, else PTRS: Hörmann 1993). */
  poisson(mean: number): number
  /** Gamma with the given shape and mean 1 (Marsaglia and Tsang 2000). */
  gammaMean1(shape: number): number
}

/** Mixes any number of integers into one unsigned 32-bit hash (MurmurHash3's mixing steps and finaliser). */
export function hash32(a: number, b = 0, c = 0, d = 0): number {
  let h = 0x9747b28c
  h = mix(h, a)
  h = mix(h, b)
  h = mix(h, c)
  h = mix(h, d)
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

function mix(h: number, value: number): number {
  let k = Math.imul(value | 0, 0xcc9e2d51)
  k = (k << 15) | (k >>> 17)
  h ^= Math.imul(k, 0x1b873593)
  h = (h << 13) | (h >>> 19)
  return (Math.imul(h, 5) + 0xe6546b64) | 0
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna 2018), seeded by hashing the given numbers, so that a stream can be opened
 * for (seed, purpose, day, store) without running through the ones before it.
 */
export function createRandom(seed: number, purpose: number, x = 0, y = 0): Random {
  let s0 = hash32(seed, purpose, x, y)
  let s1 = hash32(s0, y, purpose, x)
  let s2 = hash32(s1, x, y, seed)
  // A state of all zeros would stay zero for ever.
  let s3 = hash32(s2, seed, x, purpose) | 1

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

  const poisson = (mean: number): number => {
    if (mean <= 0) return 0
    if (mean >= 30) return poissonLarge(mean, unit)
    const limit = Math.exp(-mean)
    let count = 0
    for (let product = unit(); product > limit; product *= unit()) count++
    return count
  }

  const gammaMean1 = (shape: number): number => {
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x1 = normal()
      const v = (1 + c * x1) ** 3
      if (v > 0 && Math.log(1 - unit()) < 0.5 * x1 * x1 + d - d * v + d * Math.log(v)) return (d * v) / shape
    }
  }

  return {
    u32,
    unit,
    below,
    chance: (p) => unit() < p,
    pick: (list) => list[below(list.length)]!,
    normal,
    poisson,
    gammaMean1,
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

/** Index drawn from cumulative weights (last entry = total) by a uniform number in [0, 1). */
export function pickCumulative(cumulative: ArrayLike<number>, unit: number): number {
  const target = unit * cumulative[cumulative.length - 1]!
  let low = 0
  let high = cumulative.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (cumulative[middle]! > target) high = middle
    else low = middle + 1
  }
  return low
}

/** Running sums of weights, for `pickCumulative`. */
export function cumulate(weights: readonly number[]): number[] {
  let sum = 0
  return weights.map((weight) => {
    sum += weight
    return sum
  })
}
