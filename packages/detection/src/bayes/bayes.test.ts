import { expect, test } from 'vitest'
import { bayes, bayesSystems } from './bayes.ts'

test('after six weeks without a case one case is no alarm and two are', () => {
  // Negative binomial with size 1/2 and probability 6/7: P(0) = √(6/7) = 0.926, P(≤ 1) = 0.926 · (1 + 1/14) = 0.992.
  const judge = (last: number) => bayes([0, 0, 0, 0, 0, 0, last])
  expect(judge(1)).toMatchObject({ upper: Float64Array.of(1), alarm: Uint8Array.of(0) })
  expect(judge(2).alarm[0]).toBe(1)
  expect(judge(1).p[0]).toBeCloseTo(1 - Math.sqrt(6 / 7), 12)
  expect(judge(0).expected[0]).toBeCloseTo(1 / 12, 12)
})

test('the systems take their reference values where they say', () => {
  const counts = Array.from({ length: 130 }, () => 0)
  // Only year-old counts are high: system 1 does not see them, 2 and 3 do.
  for (let i = 120 - 52 - 2; i <= 120 - 52 + 2; i++) counts[i] = 50
  const upper = ([1, 2, 3] as const).map((system) => bayes(counts, { ...bayesSystems[system], range: [120] }).upper[0]!)
  expect(upper[0]).toBe(1)
  expect(upper[1]).toBeGreaterThan(10)
  expect(upper[2]).toBeGreaterThan(10)
})
