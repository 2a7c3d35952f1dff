import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cusum } from './cusum.ts'
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
