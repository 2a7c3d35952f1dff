import { expect, test } from 'vitest'
import { ewma } from './chart.ts'
import { essenceEwma } from './essence.ts'

test('the chart by hand', () => {
  // λ = 1/2, mean 10, sd 2: averages 11 and 13; Lucas & Saccucci: variance (1/3)(1 − 1/4ᵗ) sd².
  const result = ewma([12, 15], { lambda: 0.5, mean: 10, sd: 2, limit: 2 })
  const spread = [1, 2].map((t) => 2 * Math.sqrt((1 / 3) * (1 - 0.25 ** t)))
  expect(result.score[0]).toBeCloseTo(1 / spread[0]!, 12)
  expect(result.score[1]).toBeCloseTo(3 / spread[1]!, 12)
  expect([...result.alarm]).toEqual([0, 1])
  // The count that would take the second average to its limit.
  expect(result.upper[1]).toBeCloseTo((10 + 2 * spread[1]! - 5.5) / 0.5, 12)
})

test('the baseline is learnt first', () => {
  const result = ewma([2, 4, 6, 8, 5], { baseline: 4 })
  expect(result.untested).toEqual(['too-short', 'too-short', 'too-short', 'too-short', null])
  expect(result.expected[4]).toBe(5)
})

test('ESSENCE: the first day tested has a baseline of seven days', () => {
  const counts = [3, 5, 4, 6, 2, 4, 4, 9, 9, 9, ...Array.from({ length: 25 }, () => 4)]
  const result = essenceEwma(counts)
  expect(result.untested.indexOf(null)).toBe(9)
  expect(result.expected[9]).toBe(4)
  expect(result.expected[10]).toBeCloseTo(37 / 8, 12)
})

test('ESSENCE: proportions are tested as counts of the same shape', () => {
  const counts = Array.from({ length: 60 }, (_, i) => 1 + ((i * 7) % 5))
  const shares = essenceEwma(counts.map((count) => count / 100))
  // The median of the positive values is 3.
  const whole = essenceEwma(counts.map((count) => count / 3))
  expect([...shares.p.slice(9)]).toEqual([...whole.p.slice(9)].map((p) => expect.closeTo(p, 10)))
})
