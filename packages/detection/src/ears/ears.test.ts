import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ears } from './ears.ts'

// z(0.999) and z(0.975): Abramowitz & Stegun, table 26.5.
const z999 = 3.090232306167813
const z975 = 1.959963984540054

test('C1 and C2 by hand', () => {
  // Baseline 1 … 7: mean 4, variance 28 / 6.
  const counts = [1, 2, 3, 4, 5, 6, 7, 12, 0, 12]
  const sigma = Math.sqrt(28 / 6)
  const first = ears(counts, { method: 'C1', range: [7] })
  expect(first.expected[0]).toBe(4)
  expect(first.upper[0]).toBeCloseTo(4 + z999 * sigma, 12)
  expect(first.score[0]).toBeCloseTo(8 / sigma, 12)
  expect(first.alarm[0]).toBe(1)
  const second = ears(counts, { method: 'C2', range: [9], alpha: 0.025 })
  expect(second.upper[0]).toBeCloseTo(4 + z975 * sigma, 12)
  expect(second.lower[0]).toBe(0)
})

test('C3 adds what C2 of the two points before has above 1', () => {
  const counts = [1, 2, 3, 4, 5, 6, 7, 5, 5, 14, 5, 5]
  const sd = (values: readonly number[]) => {
    const mean = values.reduce((sum, value) => sum + value) / values.length
    return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))] as const
  }
  const [mean, sigma] = sd(counts.slice(0, 7))
  const [, sigmaNow] = sd(counts.slice(2, 9))
  const past = (14 - mean) / sigma - 1
  const c3 = ears(counts, { method: 'C3', range: [11] })
  expect(c3.score[0]).toBeCloseTo(past, 12)
  expect(c3.upper[0]).toBeCloseTo(5 + sigmaNow * (z975 - past), 12)
})

test('a baseline that does not vary has a threshold for C1, but no statistic for C3', () => {
  const counts = [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4]
  expect(ears(counts, { method: 'C1', range: [12] })).toMatchObject({
    upper: Float64Array.of(3),
    alarm: Uint8Array.of(1),
  })
  const third = ears(counts, { method: 'C3', range: [12] })
  expect(third.upper[0]).toBeNaN()
  expect(third.untested[0]).toBe('no-variance')
  expect(ears(counts, { method: 'C3', range: [12], minSigma: 1 }).upper[0]).toBeCloseTo(4 + z975, 12)
})

const counts = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 14, maxLength: 60 })

test('thresholds scale and shift with the counts', () => {
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 9 }), fc.nat(99), (values, factor, shift) => {
      for (const method of ['C1', 'C2'] as const) {
        const { upper } = ears(values, { method })
        const moved = ears(
          values.map((value) => value * factor + shift),
          { method },
        )
        moved.upper.forEach((value, i) => {
          expect(value).toBeCloseTo(upper[i]! * factor + shift, 6)
        })
      }
    }),
  )
})

test('lag moves the baseline', () => {
  fc.assert(
    fc.property(counts, fc.integer({ min: 0, max: 5 }), (values, lag) => {
      const last = values.length - 1
      const { expected } = ears(values, { method: 'C1', lag, range: [last] })
      const baseline = values.slice(last - lag - 7, last - lag)
      expect(expected[0]).toBeCloseTo(baseline.reduce((sum, value) => sum + value) / 7, 9)
    }),
  )
})
