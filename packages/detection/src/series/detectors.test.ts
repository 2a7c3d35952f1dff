import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bayes, bayesOnline } from '../bayes/index.ts'
import { cusum, cusumOnline } from '../cusum/index.ts'
import { ears, earsOnline } from '../ears/index.ts'
import { DetectionError } from '../error.ts'
import { essenceEwma, essenceEwmaOnline, ewma, ewmaOnline } from '../ewma/index.ts'
import { farrington, farringtonOnline } from '../farrington/index.ts'
import { essenceRegression, essenceRegressionOnline, essenceSwitch, essenceSwitchOnline } from '../regression/index.ts'
import { rki, rkiOnline } from '../rki/index.ts'
import type { Online } from './online.ts'
import type { Detection } from './point.ts'

const days = (length: number) => Int32Array.from({ length }, (_, i) => 19_000 + i)
const all = (counts: readonly number[]) => counts.map((_, i) => i)

interface Case {
  readonly series: (counts: readonly number[]) => Detection
  readonly online: (state?: never) => Online
}

/** Every detector of this folder's sort, over a series and online, with settings that 60 points are enough for. */
const cases: Record<string, Case> = {
  ears: {
    series: (counts) => ears(counts, { method: 'C3', range: all(counts) }),
    online: (state) => earsOnline({ method: 'C3' }, state),
  },
  bayes: {
    series: (counts) => bayes(counts, { b: 1, freq: 12, w: 2, range: all(counts) }),
    online: (state) => bayesOnline({ b: 1, freq: 12, w: 2 }, state),
  },
  rki: {
    series: (counts) => rki(counts, { b: 2, freq: 12, w: 2, range: all(counts) }),
    online: (state) => rkiOnline({ b: 2, freq: 12, w: 2 }, state),
  },
  farrington: {
    series: (counts) => farrington(counts, { b: 3, freq: 12, w: 2, range: all(counts) }),
    online: (state) => farringtonOnline({ b: 3, freq: 12, w: 2 }, state),
  },
  cusum: {
    series: (counts) => cusum(counts, { m: 5, trans: 'rossi' }),
    online: (state) => cusumOnline({ m: 5, trans: 'rossi' }, state),
  },
  ewma: { series: (counts) => ewma(counts), online: (state) => ewmaOnline({}, state) },
  'essence ewma': { series: (counts) => essenceEwma(counts), online: (state) => essenceEwmaOnline({}, state) },
  'essence regression': {
    series: (counts) => essenceRegression(counts, days(counts.length)),
    online: (state) => essenceRegressionOnline({}, state),
  },
  'essence switch': {
    series: (counts) => essenceSwitch(counts, days(counts.length)),
    online: (state) => essenceSwitchOnline({}, state),
  },
}

const counts = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 50, maxLength: 130 })
const columns = ['expected', 'lower', 'upper', 'score', 'p'] as const

describe.each(Object.entries(cases))('%s', (_, { series, online }) => {
  test('online is the same as over the series, also through a state kept as JSON', () => {
    fc.assert(
      fc.property(counts, fc.nat(129), (values, pause) => {
        fc.pre(values.some((value) => value >= 1))
        const together = series(values)
        let one = online()
        values.forEach((value, i) => {
          if (i === pause) one = online(JSON.parse(JSON.stringify(one.state())) as never)
          const point = one.push(value, 19_000 + i)
          expect(point.index).toBe(together.at[i])
          expect(point.untested).toBe(together.untested[i])
          expect(point.alarm).toBe(together.alarm[i] === 1)
          for (const column of columns) {
            const other = together[column][i]!
            if (Number.isFinite(other)) expect(point[column]).toBeCloseTo(other, 9)
            else expect(point[column]).toEqual(other)
          }
        })
      }),
      { numRuns: 25 },
    )
  })

  test('a bad count is named by its place', () => {
    fc.assert(
      fc.property(counts, fc.nat(49), fc.constantFrom(Number.NaN, -1, Number.POSITIVE_INFINITY), (values, at, bad) => {
        const broken = values.with(at, bad)
        const code = bad === -1 ? 'negative' : 'not-finite'
        const fault = expect.objectContaining({ name: 'DetectionError', code, index: at })
        expect(() => series(broken)).toThrow(fault)
        const one = online()
        expect(() => broken.forEach((value, i) => void one.push(value, 19_000 + i))).toThrow(fault)
      }),
      { numRuns: 20 },
    )
  })

  test('a higher newest count never takes an alarm back', () => {
    fc.assert(
      fc.property(counts, fc.nat(60), fc.nat(60), (values, a, b) => {
        const state = (() => {
          const one = online()
          values.forEach((value, i) => void one.push(value, 19_000 + i))
          return JSON.parse(JSON.stringify(one.state())) as never
        })()
        const judge = (last: number) => online(state).push(last, 19_000 + values.length)
        const low = judge(Math.min(a, b))
        const high = judge(Math.max(a, b))
        expect(Number(high.alarm)).toBeGreaterThanOrEqual(Number(low.alarm))
        if (!Number.isNaN(low.p)) expect(high.p).toBeLessThanOrEqual(low.p + 1e-12)
      }),
      { numRuns: 25 },
    )
  })
})

test('a state of something else is refused', () => {
  expect(() => earsOnline({}, { seen: 3, counts: [1, 2, 3, 4] })).toThrow(DetectionError)
  expect(() => cusumOnline({ m: 1 }, { seen: 1, sum: Number.NaN })).toThrow(DetectionError)
})
