import { describe, expect, it } from 'vitest'
import { createRandom } from './index.ts'

const sample = (n: number, draw: () => number): { mean: number; variance: number } => {
  const values = Array.from({ length: n }, draw)
  const mean = values.reduce((a, b) => a + b, 0) / n
  return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1) }
}

describe('seeded random numbers', () => {
  it('repeats a stream from its seed and separates streams', () => {
    const draw = (seed: number, stream: number) => {
      const random = createRandom(seed, stream)
      return Array.from({ length: 5 }, () => random.u32())
    }
    expect(draw(1, 2)).toEqual(draw(1, 2))
    expect(draw(1, 2)).not.toEqual(draw(1, 3))
    expect(draw(1, 2)).not.toEqual(draw(2, 2))
  })

  it.each([
    ['normal', (r: ReturnType<typeof createRandom>) => r.normal(), 0, 1],
    ['gamma, small shape', (r: ReturnType<typeof createRandom>) => r.gamma(0.3), 0.3, 0.3],
    ['gamma', (r: ReturnType<typeof createRandom>) => r.gamma(4), 4, 4],
    ['Poisson by products', (r: ReturnType<typeof createRandom>) => r.poisson(3), 3, 3],
    ['Poisson by PTRS', (r: ReturnType<typeof createRandom>) => r.poisson(200), 200, 200],
    ['negative binomial', (r: ReturnType<typeof createRandom>) => r.negativeBinomial(10, 4), 10, 40],
    ['negative binomial, phi 1', (r: ReturnType<typeof createRandom>) => r.negativeBinomial(10, 1), 10, 10],
  ] as const)('%s has its mean and variance', (_name, draw, mean, variance) => {
    const random = createRandom(7)
    const n = 40_000
    const found = sample(n, () => draw(random))
    expect(Math.abs(found.mean - mean)).toBeLessThan(4.5 * Math.sqrt(variance / n))
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.08)
  })
})
