import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DetectionError } from '../error.ts'
import { detect } from '../method/index.ts'
import { createRandom } from '../random/index.ts'
import { DAILY_SIGNALS, simulateDaily } from '../scenario/index.ts'
import { scoreTrials } from '../score/index.ts'
import { DailyDetector, detectDaily, detectDailyBatch, packDaily, unpackDaily } from './index.ts'
import { countQuantile, upperTail } from './tail.ts'

const poissonDays = (n: number, mean: (t: number) => number, seed = 1): Float64Array => {
  const random = createRandom(seed)
  return Float64Array.from({ length: n }, (_, t) => random.poisson(mean(t)))
}

describe('daily detector', () => {
  it('keeps to the false alarms asked for, and finds outbreaks, on series it has not seen', () => {
    const trials = DAILY_SIGNALS.flatMap((signal) =>
      [91, 92].map((seed) => {
        const { count, outbreak, holiday, from, to } = simulateDaily(signal, { w: 5, seed })
        return { alarm: detectDaily({ count, effects: { holiday } }, { yearLength: 364 }).alarm, outbreak, from, to }
      }),
    )
    const score = scoreTrials(trials)
    expect(score.specificity).toBeGreaterThan(0.98)
    expect(score.pod).toBeGreaterThan(0.92)
    expect(score.meanDelay).toBeLessThan(2)
  }, 60_000)

  it('learns weekdays, closed days, a promotion and the day after a holiday', () => {
    const special = (t: number) => (t > 30 && t % 45 === 10 ? 1 : 0)
    const promotion = (t: number) => (t > 30 && t % 31 === 3 ? 1 : 0)
    const count = poissonDays(900, (t) => {
      const weekday = t % 7
      if (weekday === 6 || special(t)) return 0
      const after = special(t - 1) || (weekday === 0 && special(t - 2)) ? 1.8 : 1
      return 40 * (weekday === 5 ? 2 : 1) * after * (promotion(t) ? 3 : 1)
    })
    const days = Array.from(count.keys())
    const result = detectDaily({ count, effects: { holiday: days.map(special), promotion: days.map(promotion) } })
    const near = (t: number, mean: number) => expect(Math.abs(result.expected[t]! / mean - 1)).toBeLessThan(0.25)
    const last = (which: (t: number) => boolean) => days.findLast(which)!
    near(
      last((t) => t % 7 === 5 && !promotion(t) && !special(t) && !special(t - 1)),
      80,
    )
    near(
      last((t) => t % 7 === 2 && promotion(t) === 1 && !special(t) && !special(t - 1)),
      120,
    )
    near(
      last((t) => t % 7 === 3 && special(t - 1) === 1 && !promotion(t)),
      72,
    )
    expect(result.expected[last((t) => special(t) === 1 && t % 7 < 5)]!).toBeLessThan(4)
    expect(result.notTested[last((t) => t % 7 === 6)]).toBe('closed')
    expect(result.notTested[10]).toBe('warm-up')
  })

  it('a share that is known changes nothing, and the less it is known the wider is the band', () => {
    const error = fc.double({ min: 0, max: 2, noNaN: true })
    fc.assert(
      fc.property(fc.nat(200), fc.double({ min: 0.2, max: 1, noNaN: true }), error, error, (seed, share, a, b) => {
        const count = poissonDays(90, () => 25, seed)
        const judge = (completenessError?: number) => {
          const detector = new DailyDetector({ minCompleteness: 0.1 })
          for (const value of count) detector.observe({ count: value })
          return detector.observe({ count: 40, completeness: share, completenessError })
        }
        expect(judge(0)).toEqual(judge())
        const [less, more] = [judge(Math.min(a, b)), judge(Math.max(a, b))]
        expect(more.upper).toBeGreaterThanOrEqual(less.upper)
        expect(more.lower).toBeLessThanOrEqual(less.lower)
        expect(more.expected).toBe(less.expected)
        if (40 > less.expected) expect(more.p).toBeGreaterThanOrEqual(less.p - 1e-9)
      }),
      { numRuns: 40 },
    )
    expect(() => new DailyDetector().observe({ count: 1, completenessError: -1 })).toThrow(/completenessError/)
  })

  it('does not take late reports or missing days for falling demand', () => {
    const full = poissonDays(300, () => 60)
    const late = [0.9, 0.7, 0.55, 0.3]
    const completeness = Array.from(full, (_, t) => late[t - 296] ?? 1)
    const count = full.map((value, t) => (t === 250 ? Number.NaN : Math.round(value * completeness[t]!)))
    const result = detectDaily({ count, completeness }, { missing: 'skip' })
    expect(result.notTested[250]).toBe('missing')
    expect(result.notTested[299]).toBe('incomplete')
    expect(result.expected[298]! / (60 * 0.55)).toBeCloseTo(1, 0)
    for (let t = 290; t < 299; t++) expect(count[t]!).toBeGreaterThanOrEqual(result.lower[t]!)
  })

  it('follows a denominator: twice the stores, twice the count, no alarm', () => {
    const denominator = Array.from({ length: 400 }, (_, t) => (t < 300 ? 50 : 100))
    const count = poissonDays(400, (t) => denominator[t]! * 0.8, 4)
    const alarms = (input: Parameters<typeof detectDaily>[0]) =>
      detectDaily(input)
        .alarm.slice(300, 310)
        .reduce((a, b) => a + b, 0)
    expect(alarms({ count, denominator })).toBeLessThanOrEqual(1)
    expect(alarms({ count })).toBeGreaterThan(4)
  })

  it('goes on from a saved state as if it had never stopped', () => {
    const { count, holiday } = simulateDaily(DAILY_SIGNALS[0]!, { w: 5, seed: 2 })
    const effects = (t: number) => (holiday[t] ? ['holiday'] : [])
    const whole = detectDaily({ count: count.slice(0, 500), effects: { holiday: holiday.slice(0, 500) } })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 499 }), (cut) => {
        const start = detectDaily({ count: count.slice(0, cut), effects: { holiday: holiday.slice(0, cut) } })
        const rest = new DailyDetector({}, JSON.parse(JSON.stringify(start.state)))
        for (let t = cut; t < Math.min(500, cut + 20); t++) {
          const day = rest.observe({ count: count[t]!, effects: effects(t) })
          expect(Object.is(day.score, whole.score[t])).toBe(true)
          expect(day.upper).toBe(whole.upper[t])
        }
      }),
      { numRuns: 12 },
    )
  })

  it('alarms exactly above `upper`, and a larger count never scores less', () => {
    const count = poissonDays(200, (t) => 5 + 3 * Math.sin(t / 20))
    const { state } = detectDaily({ count })
    const judge = (today: number) => new DailyDetector({}, state).observe({ count: today })
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (a, b) => {
        const [low, high] = [judge(Math.min(a, b)), judge(Math.max(a, b))]
        expect(high.score).toBeGreaterThanOrEqual(low.score)
        expect(low.alarm).toBe(Math.min(a, b) > low.upper)
        expect(high.upper).toBe(low.upper)
      }),
    )
  })

  it('names the day that is at fault', () => {
    const fault = (code: string, index: number) =>
      expect.objectContaining({ name: 'DetectionError', code, index }) as DetectionError
    expect(() => detectDaily({ count: [1, 2, -1] })).toThrow(fault('negative', 2))
    expect(() => detectDaily({ count: [1, Number.POSITIVE_INFINITY] })).toThrow(fault('not-finite', 1))
    expect(() => detectDaily({ count: [1, 2], denominator: [1, 0] })).toThrow(fault('not-finite', 1))
    expect(() => detectDaily({ count: [1, 2], completeness: [1] })).toThrow(fault('length', -1))
    expect(() => detectDaily({ count: [] }, { falseAlarmRate: 0 })).toThrow(fault('option', -1))
    expect(() => detectDaily({ count: [] }, { missing: 'no' as 'skip' })).toThrow(fault('option', -1))
  })
})

describe('missing days', () => {
  it('are refused with their place unless the caller says that there may be some', () => {
    const full = poissonDays(40, () => 6, 5)
    fc.assert(
      fc.property(fc.nat(39), fc.constantFrom({}, { missing: 'refuse' as const }), (at, options) => {
        const fault = expect.objectContaining({
          name: 'DetectionError',
          code: 'not-finite',
          index: at,
        }) as DetectionError
        const count = full.with(at, Number.NaN)
        expect(() => detectDaily({ count }, options)).toThrow(fault)
        expect(() => [...detectDailyBatch([{ count: full }, { count }], options)]).toThrow(fault)
        const detector = new DailyDetector(options)
        expect(() => count.forEach((value) => void detector.observe({ count: value }))).toThrow(fault)
        expect(detector.state().days).toBe(at)
        const [first, second] = [...detectDailyBatch([{ count: full }, { count }], { missing: 'skip' })]
        expect([first!.notTested[at], second!.notTested[at]]).toEqual(['warm-up', 'missing'])
      }),
      { numRuns: 20 },
    )
  })

  const holes = fc.array(fc.integer({ min: 0, max: 299 }), { minLength: 1, maxLength: 60 })

  it('never alarm, are the same online, and teach nothing', () => {
    const full = poissonDays(300, (t) => 30 + 10 * Math.sin(t / 15), 8)
    const whole = detectDaily({ count: full })
    fc.assert(
      fc.property(holes, fc.integer({ min: 0, max: 299 }), (places, pause) => {
        const count = full.map((value, t) => (places.includes(t) ? Number.NaN : value))
        const result = detectDaily({ count }, { missing: 'skip' })
        let detector = new DailyDetector({ missing: 'skip' })
        count.forEach((value, t) => {
          if (t === pause)
            detector = new DailyDetector({ missing: 'skip' }, JSON.parse(JSON.stringify(detector.state())))
          const day = detector.observe({ count: value })
          expect(day.upper).toBe(result.upper[t])
          expect(Object.is(day.score, result.score[t])).toBe(true)
          expect(day.alarm).toBe(result.alarm[t] === 1)
          if (!Number.isNaN(value)) return
          expect([day.notTested, day.alarm, day.score, day.p]).toEqual(['missing', false, Number.NaN, Number.NaN])
        })
        // A hole widens and shifts what is expected by chance only; zeros in its place would pull it down.
        const mean = (columns: typeof result) => columns.expected.slice(100).reduce((a, b) => a + b, 0)
        expect(mean(result) / mean(whole)).toBeGreaterThan(0.93)
      }),
      { numRuns: 20 },
    )
  }, 60_000)

  it('need no denominator or completeness, and a gap of weeks leaves the level where it was', () => {
    const count = poissonDays(300, () => 50, 3).map((value, t) => (t >= 250 && t < 280 ? Number.NaN : value))
    const known = (value: number) => Array.from(count, (one) => (Number.isNaN(one) ? Number.NaN : value))
    const result = detectDaily({ count, denominator: known(40), completeness: known(1) }, { missing: 'skip' })
    for (let t = 250; t < 300; t++) expect(Math.abs(result.expected[t]! - 50)).toBeLessThan(10)
    expect(result.alarm.slice(250).reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(2)
  })
})

describe('packed states and batches', () => {
  it('are the same state to the last bit, before and after the ring of years is full', () => {
    const count = poissonDays(2100, (t) => 4 + 3 * Math.sin(t / 48), 12)
    const holiday = Uint8Array.from(count, (_, t) => (t % 50 === 9 ? 1 : 0))
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 2, 57, 400, 1830, 1831, 1832, 1833, 1834, 2090), (days) => {
        const { state } = detectDaily(
          { count: count.slice(0, days), effects: { holiday: holiday.slice(0, days) } },
          { yearLength: 300 },
        )
        const packed = packDaily(state)
        expect(unpackDaily(packed)).toEqual(state)
        expect(packed.length).toBeLessThan(2600 + 10 * days)
        const rest = count.slice(days, days + 10)
        const after = detectDaily({ count: rest }, { yearLength: 300 }, unpackDaily(packed))
        expect(after).toEqual(detectDaily({ count: rest }, { yearLength: 300 }, JSON.parse(JSON.stringify(state))))
      }),
      { numRuns: 20 },
    )
  }, 60_000)

  it('refuse other bytes', () => {
    const packed = packDaily(detectDaily({ count: [1, 2, 3] }).state)
    const fault = expect.objectContaining({ code: 'state' }) as DetectionError
    expect(() => unpackDaily(new Uint8Array(3))).toThrow(fault)
    expect(() => unpackDaily(packed.slice(0, -1))).toThrow(fault)
    expect(() => unpackDaily(new Uint8Array([...packed, 0]))).toThrow(fault)
    expect(() => unpackDaily(packed.with(1, 9))).toThrow(fault)
  })

  it('a day at a time is the same as all at once', () => {
    const all = [1, 2, 3].map((seed) => poissonDays(120, () => 6 * seed, seed))
    const once = [...detectDailyBatch(all.map((count) => ({ count })))]
    let packed: (Uint8Array | undefined)[] = all.map(() => undefined)
    for (let t = 0; t < 120; t++) {
      const today = [...detectDailyBatch(all.map((count, i) => ({ count: [count[t]!], packed: packed[i] })))]
      today.forEach((columns, i) => {
        expect(columns.upper[0]).toBe(once[i]!.upper[t])
        expect(columns.alarm[0]).toBe(once[i]!.alarm[t])
      })
      packed = today.map((columns) => columns.packed)
    }
    expect(packed).toEqual(once.map((columns) => columns.packed))
  })

  it('go on past a series with an error when told how', () => {
    const faults: [string, number, number][] = []
    const batch = detectDailyBatch(
      [{ count: [1] }, { count: [2, -1] }, { count: [3] }],
      {},
      ({ code, index }, place) => {
        faults.push([code, index, place])
      },
    )
    expect(Array.from(batch, ({ place }) => place)).toEqual([0, 2])
    expect(faults).toEqual([['negative', 1, 1]])
    expect(() => [...detectDailyBatch([{ count: [-1] }])]).toThrow(
      expect.objectContaining({ code: 'negative' }) as DetectionError,
    )
  })
})

describe('by name', () => {
  it('is the same detector, with weekday and special days found by date', () => {
    const { count, holiday } = simulateDaily(DAILY_SIGNALS[3]!, { w: 5, seed: 6 })
    // Day 0 of the design is a Monday, as 2018-01-01 was.
    const dates = Int32Array.from(count, (_, i) => 17_532 + i)
    const days = Array.from(dates).filter((_, i) => holiday[i])
    const named = detect('daily', { counts: count, dates }, { effects: { holiday: days } })
    const own = detectDaily({ count, effects: { holiday } })
    expect(named.upper).toEqual(own.upper)
    expect(named.alarm).toEqual(own.alarm)
    expect(named.untested[5]).toBe('too-short')
    expect(() => detect('daily', { counts: [1, 2, 3], dates: ['2024-02-28', '2024-02-29', '2024-03-02'] })).toThrow(
      expect.objectContaining({ code: 'unordered', index: 2 }) as DetectionError,
    )
  })
})

describe('tails', () => {
  it('quantile is the smallest count that reaches p', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 3000, noNaN: true }),
        fc.double({ min: 1, max: 50, noNaN: true }),
        fc.constantFrom([0.98, 2.0537489], [0.5, 0], [0.02, -2.0537489], [0.9999, 3.7190165]),
        (mean, phi, [p, z]) => {
          const k = countQuantile(p!, z!, mean, phi * mean)
          expect(1 - upperTail(k + 1, mean, phi * mean)).toBeGreaterThanOrEqual(p! - 1e-9)
          if (k > 0) expect(1 - upperTail(k, mean, phi * mean)).toBeLessThan(p! + 1e-9)
        },
      ),
    )
  })
})
