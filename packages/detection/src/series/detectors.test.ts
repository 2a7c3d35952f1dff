import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bayes, bayesOnline } from '../bayes/index.ts'
import { cusum, cusumOnline } from '../cusum/index.ts'
import { ears, earsOnline } from '../ears/index.ts'
import { DetectionError } from '../error.ts'
import { essenceEwma, essenceEwmaOnline, ewma, ewmaOnline } from '../ewma/index.ts'
import { farrington, farringtonFlexible, farringtonFlexibleOnline, farringtonOnline } from '../farrington/index.ts'
import { essenceRegression, essenceRegressionOnline, essenceSwitch, essenceSwitchOnline } from '../regression/index.ts'
import { rki, rkiOnline } from '../rki/index.ts'
import type { Missing } from './check.ts'
import type { Online } from './online.ts'
import type { Detection } from './point.ts'

const days = (length: number) => Int32Array.from({ length }, (_, i) => 19_000 + i)
const all = (counts: readonly number[]) => counts.map((_, i) => i)

interface Case {
  readonly series: (counts: readonly number[], missing?: Missing) => Detection
  readonly online: (state?: never, missing?: Missing) => Online
}

/** Every detector of this folder's sort, over a series and online, with settings that 60 points are enough for. */
const cases: Record<string, Case> = {
  ears: {
    series: (counts, missing) => ears(counts, { method: 'C3', range: all(counts), missing }),
    online: (state, missing) => earsOnline({ method: 'C3', missing }, state),
  },
  bayes: {
    series: (counts, missing) => bayes(counts, { b: 1, freq: 12, w: 2, range: all(counts), missing }),
    online: (state, missing) => bayesOnline({ b: 1, freq: 12, w: 2, missing }, state),
  },
  rki: {
    series: (counts, missing) => rki(counts, { b: 2, freq: 12, w: 2, range: all(counts), missing }),
    online: (state, missing) => rkiOnline({ b: 2, freq: 12, w: 2, missing }, state),
  },
  farrington: {
    series: (counts, missing) => farrington(counts, { b: 3, freq: 12, w: 2, range: all(counts), missing }),
    online: (state, missing) => farringtonOnline({ b: 3, freq: 12, w: 2, missing }, state),
  },
  'farrington flexible': {
    series: (counts, missing) =>
      farringtonFlexible(counts, { b: 3, freq: 12, w: 2, noPeriods: 4, range: all(counts), missing }),
    online: (state, missing) => farringtonFlexibleOnline({ b: 3, freq: 12, w: 2, noPeriods: 4, missing }, state),
  },
  cusum: {
    series: (counts, missing) => cusum(counts, { m: 5, trans: 'rossi', missing }),
    online: (state, missing) => cusumOnline({ m: 5, trans: 'rossi', missing }, state),
  },
  ewma: {
    series: (counts, missing) => ewma(counts, { missing }),
    online: (state, missing) => ewmaOnline({ missing }, state),
  },
  'essence ewma': {
    series: (counts, missing) => essenceEwma(counts, { missing }),
    online: (state, missing) => essenceEwmaOnline({ missing }, state),
  },
  'essence regression': {
    series: (counts, missing) => essenceRegression(counts, days(counts.length), { missing }),
    online: (state, missing) => essenceRegressionOnline({ missing }, state),
  },
  'essence switch': {
    series: (counts, missing) => essenceSwitch(counts, days(counts.length), { missing }),
    online: (state, missing) => essenceSwitchOnline({ missing }, state),
  },
}

const counts = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 50, maxLength: 130 })
const withHoles = fc.array(
  fc.oneof(
    { weight: 7, arbitrary: fc.integer({ min: 0, max: 40 }) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  ),
  { minLength: 50, maxLength: 130 },
)
const columns = ['expected', 'lower', 'upper', 'score', 'p'] as const

describe.each(Object.entries(cases))('%s', (_, { series, online }) => {
  test('online is the same as over the series, also through a state kept as JSON', () => {
    fc.assert(
      fc.property(fc.oneof(counts, withHoles), fc.nat(129), (values, pause) => {
        fc.pre(values.some((value) => value >= 1))
        const together = series(values, 'skip')
        let one = online(undefined, 'skip')
        values.forEach((value, i) => {
          if (i === pause) one = online(JSON.parse(JSON.stringify(one.state())) as never, 'skip')
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
      fc.property(
        counts,
        fc.nat(49),
        fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY, -1, Number.POSITIVE_INFINITY),
        fc.constantFrom(undefined, 'refuse' as const, 'skip' as const),
        (values, at, bad, missing) => {
          fc.pre(!(Number.isNaN(bad) && missing === 'skip'))
          const broken = values.with(at, bad)
          const code = bad === -1 ? 'negative' : 'not-finite'
          const fault = expect.objectContaining({ name: 'DetectionError', code, index: at })
          expect(() => series(broken, missing)).toThrow(fault)
          const one = online(undefined, missing)
          expect(() => broken.forEach((value, i) => void one.push(value, 19_000 + i))).toThrow(fault)
          // What was refused has not been taken: the count that belongs there can still come.
          expect(one.push(values[at]!, 19_000 + at).index).toBe(at)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('a state with missing counts goes on where they are refused; the option itself is checked', () => {
    const before = online(undefined, 'skip')
    for (let i = 0; i < 55; i++) before.push(i % 9 === 4 ? Number.NaN : 5 + (i % 3), 19_000 + i)
    const state = JSON.parse(JSON.stringify(before.state())) as never
    const after = online(state, 'refuse')
    expect(() => after.push(Number.NaN, 19_055)).toThrow(
      expect.objectContaining({ code: 'not-finite', index: 55 }) as DetectionError,
    )
    expect(after.push(6, 19_055)).toEqual(before.push(6, 19_055))
    const fault = expect.objectContaining({ code: 'option' }) as DetectionError
    expect(() => online(undefined, 'no' as Missing)).toThrow(fault)
    expect(() => series(Array<number>(60).fill(5), 'no' as Missing)).toThrow(fault)
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

describe.each(Object.entries(cases))('missing counts in %s', (name, { series }) => {
  test('have no verdict, and no alarm', () => {
    fc.assert(
      fc.property(withHoles, (values) => {
        fc.pre(values.some((value) => value >= 1))
        const result = series(values, 'skip')
        result.at.forEach((place, row) => {
          if (!Number.isNaN(values[place]!)) {
            expect(result.untested[row]).not.toBe('missing')
            return
          }
          expect(result.untested[row]).toBe('missing')
          expect(result.alarm[row]).toBe(0)
          for (const column of columns) expect(result[column][row]).toBeNaN()
        })
      }),
      { numRuns: 25 },
    )
  })

  test('are not low counts: a level with holes is that level', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 60 }), fc.array(fc.nat(99), { maxLength: 20 }), (level, holes) => {
        const values = Array.from({ length: 100 }, (_, i) => (holes.includes(i) ? Number.NaN : level))
        const expected = series(values, 'skip').expected.filter((value) => !Number.isNaN(value))
        // The CUSUM is told what to expect; Bayes adds half a case to its reference values.
        const least = name === 'cusum' ? 5 : level
        for (const value of expected) {
          expect(value).toBeGreaterThan(least - 1e-6)
          expect(value).toBeLessThan(least + (name === 'bayes' ? 0.5 : 1e-6))
        }
        expect(expected.length).toBeGreaterThan(20)
      }),
      { numRuns: 25 },
    )
  })

  test('are not the same as none: zeros in their place change the verdicts after them', () => {
    const values = Array.from({ length: 100 }, (_, i) => 20 + ((i * 7) % 5))
    const with0 = series(
      values.map((value, i) => (i % 9 === 4 ? 0 : value)),
      'skip',
    )
    const withNaN = series(
      values.map((value, i) => (i % 9 === 4 ? Number.NaN : value)),
      'skip',
    )
    const mean = (values: Float64Array) => {
      const known = values.filter((value) => Number.isFinite(value))
      return known.reduce((sum, value) => sum + value, 0) / known.length
    }
    if (name === 'cusum') expect(mean(withNaN.score)).toBeGreaterThan(mean(with0.score))
    else expect(mean(withNaN.expected)).toBeGreaterThan(mean(with0.expected) + 0.5)
  })
})

test('missing counts by hand', () => {
  const none = Number.NaN
  const missing = 'skip'
  // Baseline 2, 4, 6 of five days: mean 4, sd 2.
  const one = ears([2, none, 4, none, 6, 9], { method: 'C1', baseline: 5, range: [5], missing })
  expect([one.expected[0], one.score[0]]).toEqual([4, 2.5])
  expect(ears([2, none, none, none, 6, 9], { baseline: 5, range: [5], missing }).untested).toEqual(['too-short'])
  expect(bayes([3, none, 5, 1, none, 4, 9], { range: [6], missing }).expected[0]).toBe((3 + 5 + 1 + 4 + 0.5) / 4)
  expect(rki([none, 3, none, 9], { b: 0, w: 3, actY: true, range: [3], missing }).expected[0]).toBe(3)
  expect(rki([none, none, none, 9], { b: 0, w: 3, actY: true, range: [3], missing }).untested).toEqual(['no-reference'])
  expect(cusum([1, none, 5, 9], { range: [3], missing }).expected[0]).toBe(3)
  expect(() => cusum([none, none, 9], { range: [2], missing })).toThrow(
    expect.objectContaining({ code: 'too-short', index: 2 }) as DetectionError,
  )
  // The sum waits: m = 4, z = 2, then 1; k = 1.
  expect([...cusum([8, none, 6], { m: 4, k: 0.5, missing }).score]).toEqual([1.5, none, 2])
  expect(ewma([2, none, 4, 6, 8, 5], { baseline: 4, missing }).expected[5]).toBe(5)
})

test('few cases in the last weeks are counted as if missing weeks were like the others', () => {
  const weeks = Array.from({ length: 60 }, () => 2)
  const limit = (counts: number[]) =>
    farrington(counts, { b: 2, freq: 12, w: 2, range: [59], limit54: [7, 4], missing: 'skip' }).untested[0]
  expect(limit(weeks)).toBeNull()
  expect(limit(weeks.with(57, Number.NaN))).toBeNull()
  expect(limit(weeks.with(57, 0))).toBe('few-cases')
})

test('a state of something else is refused', () => {
  expect(() => earsOnline({}, { seen: 3, counts: [1, 2, 3, 4] })).toThrow(DetectionError)
  expect(() => cusumOnline({ m: 1 }, { seen: 1, sum: Number.NaN })).toThrow(DetectionError)
})
