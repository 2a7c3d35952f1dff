import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalSf } from '../distribution/index.ts'
import type { DetectionError } from '../error.ts'
import { createRandom } from '../random/index.ts'
import { benjaminiHochberg, calibrateBudget } from './index.ts'

describe('false-discovery rate', () => {
  it('rejects the four of the example of Benjamini and Hochberg 1995', () => {
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
    ]
    const { rejected, adjusted, threshold } = benjaminiHochberg(p, 0.05)
    expect(rejected.reduce((a, b) => a + b, 0)).toBe(4)
    expect(threshold).toBe(0.0095)
    expect(adjusted[3]).toBeCloseTo((0.0095 * 15) / 4, 12)
  })

  it('leaves out what was not tested', () => {
    const { rejected, adjusted } = benjaminiHochberg([0.04, Number.NaN, 0.9], 0.1)
    expect(Array.from(rejected)).toEqual([1, 0, 0])
    expect(adjusted[0]).toBeCloseTo(0.08, 12)
    expect(adjusted[1]).toBeNaN()
  })

  it('keeps to the order of the p-values, and the adjusted one says when a test is rejected', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1 }), fc.double({ min: 0.01, max: 0.5, noNaN: true }), (p, rate) => {
        const result = benjaminiHochberg(p, rate)
        const strict = benjaminiHochberg(p, rate, { dependent: true })
        p.forEach((value, i) => {
          expect(result.rejected[i]).toBe(Number(result.adjusted[i]! <= rate))
          expect(result.adjusted[i]!).toBeGreaterThanOrEqual(value)
          expect(strict.rejected[i]!).toBeLessThanOrEqual(result.rejected[i]!)
          p.forEach((other, j) => {
            if (other <= value) expect(result.rejected[j]!).toBeGreaterThanOrEqual(result.rejected[i]!)
          })
        })
      }),
    )
  })

  it('holds the rate where nine tests in ten are true nulls', () => {
    const random = createRandom(2)
    let share = 0
    for (let run = 0; run < 300; run++) {
      const p = Array.from({ length: 65 }, (_, i) => normalSf(random.normal() + (i < 6 ? 3.5 : 0)))
      const { rejected } = benjaminiHochberg(p, 0.1)
      const all = rejected.reduce((a, b) => a + b, 0)
      share += all ? rejected.slice(6).reduce((a, b) => a + b, 0) / all / 300 : 0
    }
    expect(share).toBeLessThan(0.12)
    expect(share).toBeGreaterThan(0.05)
  })
})

describe('alert budget', () => {
  const scores = (seed: number, n: number): Float64Array => {
    const random = createRandom(seed)
    return Float64Array.from({ length: n }, () => random.normal())
  }

  it('keeps new false alerts per county and week under the figure', () => {
    const area = Array.from({ length: 65 }, (_, i) => `county ${Math.floor(i / 5)}`)
    const budget = calibrateBudget(
      area.map((_, i) => scores(i, 365)),
      { perAreaWeek: 0.5, area },
    )
    let alerts = 0
    area.forEach((_, i) => {
      for (const score of scores(1000 + i, 700)) if (score >= budget.threshold[i]!) alerts++
    })
    const perAreaWeek = alerts / 13 / 100
    expect(perAreaWeek).toBeLessThan(0.55)
    expect(perAreaWeek).toBeGreaterThan(0.25)
    for (const expected of budget.perArea.values()) expect(expected).toBeLessThanOrEqual(0.5 + 1e-12)
  })

  it('asks for more where the budget is smaller, the past wilder, or the county has more series', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.double({ min: 0.01, max: 1, noNaN: true }), (seed, perAreaWeek) => {
        const past = [scores(seed, 200), scores(seed, 200).map((score) => score * 2 + 1)]
        const alone = calibrateBudget(past, { perAreaWeek })
        const tight = calibrateBudget(past, { perAreaWeek: perAreaWeek / 3 })
        const shared = calibrateBudget(past, { perAreaWeek, area: ['a', 'a'] })
        for (const i of [0, 1]) {
          expect(tight.threshold[i]!).toBeGreaterThanOrEqual(alone.threshold[i]!)
          expect(shared.threshold[i]!).toBeGreaterThanOrEqual(alone.threshold[i]!)
        }
        expect(alone.threshold[1]!).toBeGreaterThan(alone.threshold[0]! * 2)
      }),
    )
  })

  it('never lets the past itself pass the budget', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 50, noNaN: true }), { minLength: 50, maxLength: 300 }),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        (past, perAreaWeek) => {
          const { threshold } = calibrateBudget([past], { perAreaWeek })
          const passed = past.filter((score) => score >= threshold[0]!).length
          expect((passed / past.length) * 7).toBeLessThanOrEqual(perAreaWeek + 1e-9)
        },
      ),
    )
  })

  it('names the series whose past is too short', () => {
    expect(() => calibrateBudget([scores(1, 60), scores(1, 20)], { perAreaWeek: 1 })).toThrow(
      expect.objectContaining({ code: 'too-short', index: 1 }) as DetectionError,
    )
  })
})
