import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, cumulate, hash32, pickCumulative, type Random } from './random.ts'

const sample = (n: number, draw: (random: Random) => number): { mean: number; variance: number } => {
  const random = createRandom(7, 1)
  const values = Array.from({ length: n }, () => draw(random))
  const mean = values.reduce((a, b) => a + b, 0) / n
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) }
}

describe('random', () => {
  it('is a function of its seed alone and differs between streams', () => {
    const first = (seed: number, purpose: number, x = 0, y = 0): number[] => {
      const random = createRandom(seed, purpose, x, y)
      return Array.from({ length: 4 }, () => random.u32())
    }
    expect(first(1, 2, 3, 4)).toEqual(first(1, 2, 3, 4))
    expect(first(1, 2, 3, 4)).not.toEqual(first(1, 2, 4, 3))
    expect(first(0, 0)).not.toEqual([0, 0, 0, 0])
  })

  it('spreads hashes of neighbouring numbers over all 16 high nibbles evenly', () => {
    const counts = new Array<number>(16).fill(0)
    for (let i = 0; i < 16_000; i++) counts[hash32(1, i) >>> 28]!++
    // Chi-square with 15 degrees of freedom: 37.7 is the 0.1% point.
    expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(37.7)
  })

  it.each([0.3, 4, 29, 31, 200])('draws Poisson counts of mean %d with equal variance', (mean) => {
    const result = sample(40_000, (random) => random.poisson(mean))
    expect(Math.abs(result.mean - mean)).toBeLessThan(5 * Math.sqrt(mean / 40_000))
    expect(result.variance / mean).toBeGreaterThan(0.95)
    expect(result.variance / mean).toBeLessThan(1.05)
  })

  it('draws gamma numbers of mean 1 and variance 1/shape, and standard normals', () => {
    const gamma = sample(40_000, (random) => random.gammaMean1(12))
    expect(gamma.mean).toBeCloseTo(1, 2)
    expect(gamma.variance * 12).toBeCloseTo(1, 1)
    const normal = sample(40_000, (random) => random.normal())
    expect(normal.mean).toBeCloseTo(0, 1)
    expect(normal.variance).toBeCloseTo(1, 1)
  })

  it('picks the weight under the target, never one of weight zero', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { minLength: 1 }).filter((weights) => weights.some((weight) => weight > 0)),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (weights, unit) => {
          const cumulative = cumulate(weights)
          const index = pickCumulative(cumulative, unit)
          const target = unit * cumulative.at(-1)!
          expect(weights[index]).toBeGreaterThan(0)
          expect(cumulative[index]).toBeGreaterThan(target)
          expect(cumulative[index - 1] ?? 0).toBeLessThanOrEqual(target)
        },
      ),
    )
  })
})
