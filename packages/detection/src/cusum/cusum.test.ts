import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cusum } from './cusum.ts'
import { anscombeNegBin, hypergeometric, tabulated } from './negative-binomial.ts'
import type { Transformation } from './transform.ts'

test('standardized counts by hand', () => {
  // m = 4: z = 0, 2, 1, −2; with k = 1 the sum is 0, 1, 1, 0; h = 1 is reached twice.
  const result = cusum([4, 8, 6, 0], { m: 4, k: 1, h: 1 })
  expect([...result.score]).toEqual([0, 1, 1, 0])
  expect([...result.alarm]).toEqual([0, 1, 1, 0])
  // √4 (h + k − sum before) + 4, rounded up.
  expect([...result.upper]).toEqual([8, 8, 6, 6])
})

test('Rossi and Anscombe by hand', () => {
  const [x, m] = [9, 4]
  const score = (trans: Transformation) => cusum([x], { m, k: 0, h: 9, trans }).score[0]
  expect(score('rossi')).toBeCloseTo((9 - 12 + 2 * 6) / 4, 12)
  expect(score('anscombe')).toBeCloseTo((1.5 * (9 ** (2 / 3) - 4 ** (2 / 3))) / 4 ** (1 / 6), 12)
  expect(score('pearsonNegBin')).toBeCloseTo(5 / Math.sqrt(4 + 0.1 * 16), 12)
})

describe('Anscombe residuals of the negative binomial', () => {
  // data/hypGeomSmall.txt of R surveillance: 2F1(1/3, 2/3; 5/3; -x) to ten digits.
  const table = [
    [0, 1],
    [0.01, 0.998672191],
    [0.02, 0.9973553074],
    [10, 0.6484697206],
    [11, 0.6358280998],
    [12, 0.6242826336],
    [99, 0.369091645],
    [100, 0.3680632231],
  ] as const
  test('the function has the values of the table of R', () => {
    for (const [x, value] of table) expect(Math.abs(hypergeometric(x) - value)).toBeLessThan(1e-10)
  })
  test('the function is two thirds of an integral', () => {
    // (2/3) x^(-2/3) times the integral of t^(-1/3) (1 + t)^(-1/3) from 0 to x, by Simpson's rule in t = s³.
    for (const x of [0.3, 1.9, 2.1, 40, 500]) {
      const steps = 20_000
      const width = Math.cbrt(x) / steps
      let sum = 0
      for (let i = 0; i <= steps; i++) {
        const s = i * width
        sum += ((3 * s) / Math.cbrt(1 + s ** 3)) * (i === 0 || i === steps ? 1 : i % 2 ? 4 : 2)
      }
      expect((2 / 3) * Math.cbrt(x) ** -2 * (width / 3) * sum).toBeCloseTo(hypergeometric(x), 11)
    }
  })
  test('it is read as R reads it: nearest hundredth up to 10, straight lines up to 100', () => {
    expect(tabulated(0.0149)).toBe(hypergeometric(0.01))
    expect(tabulated(0.1 * 3)).toBe(hypergeometric(0.3))
    expect(tabulated(10.5)).toBeCloseTo((0.6484697206 + 0.6358280998) / 2, 9)
    expect(tabulated(100)).toBeCloseTo(0.3680632231, 9)
    expect(tabulated(101)).toBeLessThan(0.3680632231)
  })
  test('by hand', () => {
    const by = (1.5 * (100 ** (2 / 3) * 0.3680632231 - 10 ** (2 / 3) * 0.6484697206)) / 110 ** (1 / 6)
    const result = cusum([100], { m: 10, k: 0.5, h: 3, trans: 'anscombeNegBin', alpha: 1 })
    expect(result.score[0]).toBeCloseTo(by - 0.5, 8)
    // As in R, the bound is what is left of the interval.
    expect(result.upper[0]).toBe(Math.max(0, 3 - result.score[0]!))
    expect(anscombeNegBin(9, 4, 0)).toBeCloseTo((1.5 * (9 ** (2 / 3) - 4 ** (2 / 3))) / 4 ** (1 / 6), 12)
  })
})

describe('the expected count', () => {
  test('is the mean before the range', () => {
    expect(cusum([1, 2, 6, 9], { range: [3] }).expected[0]).toBe(3)
  })
  test('follows the season with glm', () => {
    const season = Array.from({ length: 48 }, (_, i) => Math.exp(2 + 0.7 * Math.sin((2 * Math.PI * (i + 4)) / 12)))
    const { expected } = cusum(season, { m: 'glm', freq: 12, start: 4, range: [45, 46, 47] })
    expected.forEach((value, i) => {
      expect(value).toBeCloseTo(season[45 + i]!, 6)
    })
  })
})

const transformations: Transformation[] = ['standard', 'rossi', 'anscombe', 'pearsonNegBin']
test('a count at the threshold is the least that alarms', () => {
  const past = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 8 })
  fc.assert(
    fc.property(past, fc.integer({ min: 2, max: 9 }), fc.constantFrom(...transformations), (counts, m, trans) => {
      const judge = (last: number) => {
        const { alarm, upper } = cusum([...counts, last], { m, trans })
        return { alarm: alarm.at(-1), upper: upper.at(-1)! }
      }
      const { upper } = judge(0)
      fc.pre(upper > 1)
      expect(judge(upper + 0.001).alarm).toBe(1)
      expect(judge(Math.max(0, upper - (trans === 'standard' ? 1.001 : 0.001))).alarm).toBe(0)
    }),
  )
})
