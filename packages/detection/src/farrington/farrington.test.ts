import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DetectionError } from '../error.ts'
import { quasiPoisson } from '../glm/index.ts'
import { createRandom } from '../random/index.ts'
import { toDay } from '../series/day.ts'
import { farrington, farringtonFlexible, farringtonFlexibleOnline, farringtonOnline } from './detect.ts'
import { historyOf } from './history.ts'
import { TrendFit } from './trend-fit.ts'

/** Six years of weeks: two values in turn, so that the windows of half width 1 hold known counts. */
const weeks = Array.from({ length: 320 }, (_, i) => (i % 2 === 0 ? 4 : 10))
const plain = { b: 3, w: 1, reweight: false, trend: false, range: [300] } as const

/** By hand: 300 − 52 j is even, so each window is 10, 4, 10; mean 8, Pearson's χ² = 3 (4 + 16 + 4) / 8, df 8. */
const mean = 8
const phi = (3 * (4 + 16 + 4)) / 8 / 8

// To four digits: R's iteration, which is followed, ends when the deviance moves by less than 1e-8.
describe('by hand', () => {
  const tau = Math.max(1, phi) * (1 + 1 / 9)
  test('the original method, 2/3 power, two-sided', () => {
    const result = farrington(weeks, { ...plain, alpha: 0.05 })
    const spread = Math.sqrt((4 / 9) * Math.cbrt(mean) * tau)
    expect(result.expected[0]).toBeCloseTo(mean, 10)
    expect(result.dispersion[0]).toBeCloseTo(phi, 4)
    expect(result.upper[0]).toBeCloseTo((mean ** (2 / 3) + 1.959963984540054 * spread) ** 1.5, 4)
    expect(result.trend[0]).toBe(0)
  })
  test('the flexible method with one period is one-sided', () => {
    const result = farringtonFlexible(weeks, { ...plain, alpha: 0.025, powertrans: 'none' })
    expect(result.upper[0]).toBeCloseTo(mean + 1.959963984540054 * Math.sqrt(mean * tau), 4)
    expect(result.p[0]).toBeGreaterThan(0.5)
  })
  test('a threshold that is a quantile', () => {
    const counts = [...weeks.slice(0, 300), 18]
    const poisson = farringtonFlexible(
      weeks.map(() => 4),
      { ...plain, thresholdMethod: 'nbPlugin', alpha: 0.05 },
    )
    // Poisson with mean 4 reaches 0.95 at 8: tables of the Poisson distribution have P(X ≤ 7) = 0.9489.
    expect(poisson.upper[0]).toBe(8)
    expect(farringtonFlexible(counts, { ...plain, thresholdMethod: 'nbPlugin', alpha: 0.005 }).alarm[0]).toBe(1)
  })
  test('too few cases, a missing year and a series that is all too short are told apart', () => {
    expect(farringtonFlexible(weeks, { ...plain, limit54: [99, 4] })).toMatchObject({ untested: ['few-cases'] })
    expect(farringtonFlexible(weeks, { ...plain, range: [100] })).toMatchObject({ untested: ['no-reference'] })
    expect(() => farringtonFlexible(weeks, { b: 7 })).toThrow(DetectionError)
    expect(() => farringtonFlexible(weeks, { b: 3, w: 25, noPeriods: 10 })).not.toThrow()
    expect(() => farringtonFlexible(weeks, { b: 3, w: 24, noPeriods: 60 })).toThrow('noPeriods is too large')
  })
})

const counts = (seed: number, length: number, level: number) => {
  const random = createRandom(seed)
  return Array.from({ length }, (_, i) => random.negativeBinomial(level * Math.exp(0.5 * Math.cos(i / 8.3)), 2))
}

test('the fit without matrices is the fit with them', () => {
  fc.assert(
    fc.property(fc.nat(9999), fc.boolean(), fc.double({ min: 0.5, max: 20, noNaN: true }), (seed, withTrend, level) => {
      const y = counts(seed, 60, level)
      const model = new TrendFit(60, 3)
      model.rows = 60
      const columns = [0, 1, 2].map((g) => y.map((_, i) => (Math.floor(i / 7) % 3 === g ? 1 : 0)))
      y.forEach((_, i) => {
        model.place[i] = i
        model.group[i] = Math.floor(i / 7) % 3
        model.time[i] = i - 30
        model.weight[i] = 0.5 + (i % 4)
      })
      fc.pre(columns.every((column) => column.some((one, i) => one === 1 && y[i]! > 0)))
      model.arrange()
      expect(model.fit(historyOf(y, 'refuse', undefined, undefined), withTrend)).toBe(true)
      const design = withTrend ? [...columns, y.map((_, i) => i - 30)] : columns
      const full = quasiPoisson({ response: y, design, weights: [...model.weight.subarray(0, 60)] })
      for (let g = 0; g < 3; g++) expect(model.effect[g]).toBeCloseTo(full.coefficients[g]!, 8)
      if (withTrend) expect(model.slope).toBeCloseTo(full.coefficients[3]!, 8)
      expect(model.dispersion).toBeCloseTo(full.dispersion, 6)
      const { variance } = model.predict(1, 0)
      expect(variance).toBeCloseTo(full.unscaledCovariance[withTrend ? 5 : 4]!, 8)
    }),
    { numRuns: 60 },
  )
})

const settings = fc.record({
  b: fc.integer({ min: 1, max: 3 }),
  w: fc.integer({ min: 1, max: 3 }),
  noPeriods: fc.constantFrom(1, 4, 10),
  thresholdMethod: fc.constantFrom('delta' as const, 'nbPlugin' as const, 'muan' as const),
  pThresholdTrend: fc.constantFrom(0.05, 1),
})

test('one at a time is the same as all at once, also after a pause, by index and by date', () => {
  fc.assert(
    fc.property(fc.nat(9999), settings, fc.boolean(), fc.nat(219), (seed, options, dated, pause) => {
      const y = counts(seed, 220, 6)
      const dates = dated ? y.map((_, i) => toDay('2015-03-02') + 7 * i) : undefined
      const range = y.map((_, i) => i)
      const together = farringtonFlexible(y, { ...options, range, ...(dates && { dates }) })
      let online = farringtonFlexibleOnline({ ...options, dated })
      y.forEach((count, i) => {
        if (i === pause) {
          online = farringtonFlexibleOnline({ ...options, dated }, JSON.parse(JSON.stringify(online.state())))
        }
        const point = online.push(count, dates?.[i])
        expect(point.index).toBe(i)
        expect(point.untested).toBe(together.untested[i])
        expect(point.alarm).toBe(together.alarm[i] === 1)
        if (Number.isNaN(together.upper[i])) expect(point.upper).toBeNaN()
        else expect(point.upper).toBeCloseTo(together.upper[i]!, 8)
      })
    }),
    { numRuns: 8 },
  )
})

test('the newest count changes no threshold, and a higher one never takes an alarm back', () => {
  fc.assert(
    fc.property(fc.nat(9999), settings, fc.nat(60), fc.nat(60), (seed, options, a, b) => {
      const y = counts(seed, 170, 6)
      const judge = (last: number) => farringtonFlexible([...y, last], { ...options, range: [170], limit54: [0, 4] })
      const low = judge(Math.min(a, b))
      const high = judge(Math.max(a, b))
      expect(high.upper[0]).toEqual(low.upper[0])
      expect(high.alarm[0]).toBeGreaterThanOrEqual(low.alarm[0]!)
      expect(high.p[0]).toBeLessThanOrEqual(low.p[0]!)
    }),
    { numRuns: 40 },
  )
})

test('a population that is everywhere the same changes nothing', () => {
  const y = counts(5, 300, 6)
  const options = { b: 4, noPeriods: 10, thresholdMethod: 'nbPlugin' as const }
  const without = farringtonFlexible(y, options)
  const within = farringtonFlexible(y, { ...options, populationOffset: true, population: y.map(() => 5000) })
  within.expected.forEach((value, i) => {
    expect(value).toBeCloseTo(without.expected[i]!, 6)
  })
  const online = farringtonOnline({ b: 2, populationOffset: true })
  expect(() => online.push(3)).toThrow('a population is not positive')
})
