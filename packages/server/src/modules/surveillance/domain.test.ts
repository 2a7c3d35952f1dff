import { addDays } from '@vigil/codes'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addTallies, resultOf } from './backtest.domain.ts'
import { newTally } from './backtest.ts'
import { changesOf } from './change.domain.ts'
import { CountyEngine } from './engine.ts'
import { gradeOf } from './grade.domain.ts'
import { cellAt, codeOf, columns, emptyMonth, gradeCode, numbersOf, untestedCode } from './pack.domain.ts'
import { absent, glance, newPresence, observe, reporting, silent } from './presence.domain.ts'
import { shareBy, sharesOf } from './profile.domain.ts'
import { reasonOf } from './reason.domain.ts'
import { restAfter } from './rest.domain.ts'
import { defaultRules } from './rule.defaults.ts'
import { quarterOf } from './setup.ts'
import { nightlyDay } from './study.job.ts'

const rule = defaultRules[0]!.settings

describe('whether a store reports', () => {
  const after = (totals: readonly number[]) => {
    const state = newPresence()
    return totals.map((total) => observe(state, total))
  }

  test('before its first sale it is not expected; a large store is silent on its first empty day, a small one later', () => {
    expect(after([0, 0, 12])).toEqual([absent, absent, reporting])
    expect(after([...Array(20).fill(12), 0]).at(-1)).toBe(silent)
    expect(after([...Array(20).fill(1), 0]).at(-1)).toBe(reporting)
    expect(after([...Array(20).fill(1), ...Array(9).fill(0)]).at(-1)).toBe(silent)
    expect(after([...Array(20).fill(12), ...Array(40).fill(0)]).at(-1)).toBe(absent)
    expect(after([...Array(20).fill(12), ...Array(40).fill(0), 3]).at(-1)).toBe(reporting)
  })

  test('what is known of a day never changes by what comes later, and a sale is always a report', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 120 }), (totals) => {
        const whole = after(totals)
        expect(after(totals.slice(0, -1))).toEqual(whole.slice(0, -1))
        totals.forEach((total, day) => {
          if (total > 0) expect(whole[day]).toBe(reporting)
        })
      }),
    )
  })

  test('an empty part of the running day makes no store silent', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 }), (totals) => {
        const state = newPresence()
        for (const total of totals) observe(state, total)
        const before = { ...state }
        expect(glance(state, 0)).toBe(reporting)
        expect(state).toEqual(before)
      }),
    )
  })
})

test('a sale is judged within five seconds where two looks take less, and a long look is followed by a rest', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 60_000, noNaN: true }), (took) => {
      const rest = restAfter(took)
      expect(rest).toBeGreaterThanOrEqual(0)
      if (took < 2_250) expect(took + rest + took).toBeLessThanOrEqual(4_500)
      if (took < 900) expect(rest).toBe(3 * took)
    }),
  )
})

describe('grades', () => {
  const number = fc.double({ min: -10, max: 40, noNaN: true })
  test('a stronger day is never graded lower, a stricter threshold never higher', () => {
    fc.assert(
      fc.property(number, number, number, number, (a, b, x, y) => {
        const [weak, strong] = a < b ? [a, b] : [b, a]
        const [loose, strict] = x < y ? [x, y] : [y, x]
        const at = (strength: number, threshold: number) =>
          gradeOf({ strength, observed: 100, expected: 10 }, rule, threshold)
        expect(at(strong, x)).toBeGreaterThanOrEqual(at(weak, x))
        expect(at(a, strict)).toBeLessThanOrEqual(at(a, loose))
      }),
    )
  })

  test('a day that was not tested, or is hardly above its expectation, has none', () => {
    expect(gradeOf({ strength: Number.NaN, observed: 100, expected: 1 }, rule, 0)).toBe(0)
    expect(gradeOf({ strength: 9, observed: 14, expected: 10 }, rule, 0)).toBe(0)
    expect(gradeOf({ strength: 9, observed: 15, expected: 10 }, rule, 0)).toBe(4)
  })
})

describe('a rule for units with a short past', () => {
  const path = '/350000/350500/350582/'
  const gradesOf = (maxAgeDays?: number) => {
    const settings = { ...defaultRules[3]!.settings, maxAgeDays: maxAgeDays ?? 400, classes: ['all' as const] }
    const engine = new CountyEngine({
      county: '350582',
      first: '2026-01-01',
      units: [
        { kind: 'county', code: '350582', path, office: null },
        { kind: 'store', code: 'A', path: `${path}A/`, office: null },
      ],
      rules: [{ id: 'r', name: 'r', version: 1, path, since: 0, settings }],
    })
    // It begins to sell on day 20, and has a sudden rise on days 70 and 110.
    const days = Array.from({ length: 120 }, (_, day) => day)
    const counts = days.map((day) => (day < 20 ? 0 : day === 70 || day === 110 ? 150 : 30 + (day % 5)))
    const [result] = engine.run({ counts: [{ store: 'A', class: 4, days, counts }], through: 119, share: 1 })
    return [70, 110].map((day) => gradeCode(result!.numbers[(day - result!.from) * columns + 7]!) > 0)
  }

  test('grades while the unit is younger than that, by its own first sale, and no more after it', () => {
    expect(gradesOf()).toEqual([true, true])
    expect(gradesOf(90)).toEqual([true, false])
    expect(gradesOf(51)).toEqual([true, false])
    expect(gradesOf(50)).toEqual([false, false])
  })
})

describe('a month in bytes', () => {
  test('what was put in comes out', () => {
    const value = fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: Number.NaN })
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.array(value, { minLength: 7, maxLength: 7 }),
        fc.integer({ min: 0, max: 4 }),
        fc.boolean(),
        (day, values, grade, running) => {
          const days = emptyMonth()
          numbersOf(days).set([...values, codeOf(grade, 0, running)], day * columns)
          const numbers = numbersOf(Buffer.from(days))
          const cell = cellAt(numbers, day)!
          expect([cell.observed, cell.expected, cell.lower, cell.upper, cell.score, cell.p]).toEqual(
            values.slice(0, 6).map((one) => (Number.isNaN(one) ? null : one)),
          )
          expect([cell.grade, cell.running]).toEqual([[null, 'blue', 'yellow', 'orange', 'red'][grade], running])
          expect(Array.from({ length: 31 }, (_, at) => at).filter((at) => cellAt(numbers, at))).toEqual([day])
        },
      ),
    )
  })

  test('why a day was not tested stays readable', () => {
    for (const reason of ['too-short', 'missing', 'too-early', 'closed', 'no-fit'] as const) {
      const days = emptyMonth()
      numbersOf(days).set([1, 2, 3, 4, 5, 6, 1, codeOf(0, untestedCode(reason), true)], 0)
      expect(cellAt(numbersOf(days), 0)).toMatchObject({ untested: reason, grade: null, running: true })
    }
  })
})

describe('what others are told', () => {
  const first = '2026-11-01'
  const day = (observed: number, grade: number) => [observed, 10, 5, 15, 4, 0.01, 1, codeOf(grade, 0, false)]
  const result = (...days: number[][]) => ({
    rule: 0,
    unit: 0,
    class: 0,
    from: 0,
    numbers: Float32Array.from(days.flat()),
  })
  const none = () => undefined

  test('quiet days of a quiet series are no news', () => {
    expect(changesOf(result(day(10, 0), day(11, 0)), first, first, '2026-11-02', none)).toEqual([])
  })

  test('a graded day is, and the quiet ones after it, so that an event can fade', () => {
    const changes = changesOf(result(day(10, 0), day(30, 2), day(11, 0)), first, first, '2026-11-03', none)
    expect(changes.map((one) => one.day)).toEqual(['2026-11-02', '2026-11-03'])
  })

  test('what was told before is not told again', () => {
    const one = result(day(10, 0), day(30, 2), day(11, 0))
    const kept = (at: string) => one.numbers.subarray(8 * (Number(at.slice(8)) - 1), 8 * Number(at.slice(8)))
    expect(changesOf(one, first, first, '2026-11-03', kept)).toEqual([])
    const more = result(day(10, 0), day(31, 2), day(11, 0))
    expect(changesOf(more, first, first, '2026-11-03', kept).map((each) => each.day)).toEqual(['2026-11-02'])
  })

  test('days before the period are no news', () => {
    expect(changesOf(result(day(30, 4), day(30, 4)), first, '2026-11-02', '2026-11-02', none)).toHaveLength(1)
  })
})

describe('the running day', () => {
  test('shares grow from nothing to all', () => {
    const sales = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 24, maxLength: 24 })
    fc.assert(
      fc.property(sales, (counts) => {
        const shares = sharesOf(counts)
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
        let before = 0
        for (let minutes = 0; minutes <= 1440; minutes += 30) {
          const share = shareBy(shares, minutes)
          expect(share).toBeGreaterThanOrEqual(before - 1e-12)
          before = share
        }
        expect(shareBy(shares, 0)).toBe(0)
        expect(shareBy(shares, 1440)).toBeCloseTo(1, 9)
      }),
    )
  })

  test('the nightly scan waits for the end of its day', () => {
    expect(nightlyDay(new Date('2026-11-17T17:59:00Z'))).toBeUndefined()
    expect(nightlyDay(new Date('2026-11-17T18:00:00Z'))).toBe('2026-11-17')
  })

  test('learning starts with a quarter, so that its start does not move with the day', () => {
    expect(['2026-01-31', '2026-03-31', '2026-11-18'].map(quarterOf)).toEqual([
      '2026-01-01',
      '2026-01-01',
      '2026-10-01',
    ])
  })
})

describe('reasons', () => {
  const about = { name: '晋江市', class: 'antipyretic', kind: 'county' } as const
  const cell = {
    ...{ observed: 182, expected: 121, lower: 98.2, upper: 145.4, score: 5.2, p: 0.001 },
    ...({ completeness: 1, grade: 'orange', untested: null, running: false } as const),
  }
  test('are one sentence with figures', () => {
    expect(reasonOf(about, cell)).toBe(
      '晋江市退热当日登记 182 笔，预计 121 笔（通常 99–145），高出 50%，强度 5.2，达到橙色',
    )
    expect(reasonOf(about, { ...cell, completeness: 0.9, grade: null, observed: 120 })).toContain(
      '未见异常；已报告的约占平日销量的 90%，未报和迟报部分已折算',
    )
    expect(reasonOf({ ...about, kind: 'store' }, { ...cell, untested: 'missing' })).toBe(
      '晋江市的登记没有报来（停报或迟报），作缺报处理，不判断',
    )
    expect(reasonOf(about, { ...cell, running: true, untested: 'too-early' })).toBe(
      '晋江市退热今日至此登记 182 笔；今日时间尚早，暂不判断',
    )
  })
})

test('steps of a back-test add up in any order, and to shares', () => {
  const tally = fc
    .record({
      series: fc.nat(20),
      days: fc.integer({ min: 1, max: 500 }),
      found: fc.nat(8),
      outbreaks: fc.integer({ min: 8, max: 20 }),
    })
    .map(({ series, days, found, outbreaks }) => {
      const one = newTally('county')
      return {
        ...one,
        ...{ series, days, graded: Math.min(days, found), onsets: found, perCountyWeek: found, counties: 1 },
        sizes: one.sizes.map((size) => ({ ...size, outbreaks, found, delays: found * 2, byDay: [0, 0, found] })),
      }
    })
  fc.assert(
    fc.property(tally, tally, tally, (a, b, c) => {
      expect(addTallies(addTallies([a], [b]), [c])).toEqual(addTallies([a], addTallies([b], [c])))
      const result = resultOf(addTallies([a], [b]), { seed: 1, from: '2026-01-01', to: addDays('2026-01-01', 9) }, 14)
      for (const { pod, delay } of result.sizes) {
        expect(pod).toBeGreaterThanOrEqual(0)
        expect(pod).toBeLessThanOrEqual(1)
        if (pod! > 0) expect(delay).toBe(2)
      }
      expect(result.byDay[0]!.found.at(-1)).toBeCloseTo(result.sizes[0]!.pod!, 9)
    }),
  )
})
