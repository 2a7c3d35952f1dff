import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectDaily } from '../daily/index.ts'
import { DetectionError } from '../error.ts'
import { createRandom } from '../random/index.ts'
import { buildTriangle, delayDistribution, nowcast, type Report, reportedSoFar } from './index.ts'

const SHARES = [0.4, 0.25, 0.15, 0.1, 0.06, 0.04]

/** Reports of `days` days with the mean and the delays given; all of them, also those still to come. */
function simulate(days: number, mean: number, seed: number): Report[] {
  const random = createRandom(seed)
  const reports: Report[] = []
  for (let day = 0; day < days; day++)
    for (let i = random.poisson(mean); i > 0; i--) {
      let left = random.unit()
      let delay = 0
      while (delay < SHARES.length - 1 && left >= SHARES[delay]!) left -= SHARES[delay++]!
      reports.push({ day, arrived: day + delay })
    }
  return reports
}

describe('reporting triangle', () => {
  it('holds reports by day and delay, NaN where time has not come', () => {
    const { reports } = buildTriangle(
      [
        { day: 10, arrived: 10, count: 3 },
        { day: 10, arrived: 12, count: 2 },
        { day: 10, arrived: 11 },
        { day: 11, arrived: 12, count: 4 },
        { day: 12, arrived: 13 },
      ],
      { first: 10, today: 12, maxDelay: 1 },
    )
    expect(Array.from(reports)).toEqual([3, 3, 0, 4, 0, Number.NaN])
  })

  it('keeps every report that has arrived', () => {
    const report = fc.record({ day: fc.nat(30), delay: fc.nat(12), count: fc.nat(5) })
    fc.assert(
      fc.property(fc.array(report), (list) => {
        const reports = list.map(({ day, delay, count }) => ({ day, arrived: day + delay, count }))
        const sums = reportedSoFar(buildTriangle(reports, { first: 0, today: 30, maxDelay: 4 }))
        const arrived = reports.filter((one) => one.arrived <= 30).reduce((sum, { count }) => sum + count, 0)
        expect(sums.reduce((a, b) => a + b, 0)).toBe(arrived)
      }),
    )
  })

  it('refuses what cannot be, by index', () => {
    const range = { first: 0, today: 9, maxDelay: 3 }
    expect(() =>
      buildTriangle(
        [
          { day: 1, arrived: 1 },
          { day: 3, arrived: 2 },
        ],
        range,
      ),
    ).toThrow(expect.objectContaining({ code: 'unordered', index: 1 }) as DetectionError)
    expect(() => delayDistribution(buildTriangle([], { first: 0, today: 2, maxDelay: 3 }))).toThrow(DetectionError)
  })
})

describe('nowcast', () => {
  it('learns the delays: the chain ladder by hand', () => {
    // Complete days report 6 at once and 2 a day later: 3/4 arrive within 0 days.
    const reports = [0, 1, 2, 3, 4, 5].flatMap((day) => [
      { day, arrived: day, count: 600 },
      { day, arrived: day + 1, count: 200 },
    ])
    const result = nowcast(buildTriangle(reports, { first: 0, today: 5, maxDelay: 1 }))
    expect(result.delay.within[0]).toBeCloseTo(0.75, 3)
    expect(result.expected[5]).toBeCloseTo(800, 0)
    expect(result.reported[5]).toBe(600)
    expect(result.completeness[5]).toBeCloseTo(0.75, 3)
  })

  it('covers what comes as often as it says, without bias', () => {
    let inside = 0
    let n = 0
    let error = 0
    for (let seed = 0; seed < 80; seed++) {
      const reports = simulate(80, 12, seed)
      const truth = reportedSoFar(buildTriangle(reports, { first: 0, today: 90, maxDelay: 5 }))
      const result = nowcast(buildTriangle(reports, { first: 0, today: 79, maxDelay: 5 }), { level: 0.9 })
      for (let t = 75; t < 80; t++) {
        n++
        error += result.expected[t]! - truth[t]!
        if (truth[t]! >= result.lower[t]! && truth[t]! <= result.upper[t]!) inside++
      }
    }
    expect(inside / n).toBeGreaterThan(0.86)
    expect(inside / n).toBeLessThan(0.98)
    expect(Math.abs(error / n)).toBeLessThan(0.6)
  })

  it('knows a share the better the more reports it has seen, and exactly where nothing is late', () => {
    const reports = (count: number, late: (day: number) => number): Report[] =>
      Array.from({ length: 40 }, (_, day) => [
        { day, arrived: day, count: count - late(day) },
        { day, arrived: day + 1, count: late(day) },
      ]).flat()
    const errorOf = (list: readonly Report[]) =>
      nowcast(buildTriangle(list, { first: 0, today: 39, maxDelay: 2 })).completenessError[39]!
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 2, max: 20 }), (scale, more) => {
        const some = errorOf(reports(4 * scale, () => scale))
        expect(errorOf(reports(4 * scale * more, () => scale * more))).toBeLessThan(some)
        expect(some).toBeGreaterThan(0)
        expect(errorOf(reports(1e6 * scale, () => 0))).toBeLessThan(0.001)
        // Days that come as a whole or not at all say less of one day than an even share does.
        expect(errorOf(reports(4 * scale, (day) => (day % 4 === 0 ? 4 * scale : 0)))).toBeGreaterThan(some)
      }),
      { numRuns: 30 },
    )
  })

  it('lies between what is at hand and never falls when a report arrives', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 20 }), (seed, extra) => {
        const reports = simulate(40, 6, seed)
        const range = { first: 0, today: 39, maxDelay: 5 }
        const before = nowcast(buildTriangle(reports, range))
        const after = nowcast(buildTriangle([...reports, { day: 39, arrived: 39, count: extra }], range))
        for (let t = 0; t < 40; t++) {
          expect(before.lower[t]!).toBeGreaterThanOrEqual(before.reported[t]!)
          expect(before.upper[t]!).toBeGreaterThanOrEqual(before.lower[t]!)
        }
        expect(after.expected[39]!).toBeGreaterThan(before.expected[39]!)
      }),
      { numRuns: 40 },
    )
  })

  it('keeps the daily detector from reading late reports as a fall, and from missing a rise', () => {
    const reports = simulate(200, 40, 5)
    const triangle = buildTriangle(reports, { first: 0, today: 199, maxDelay: 5 })
    const { reported, completeness } = nowcast(triangle)
    const plain = detectDaily({ count: reported })
    const aware = detectDaily({ count: reported, completeness }, { minCompleteness: 0.3 })
    expect(reported[199]!).toBeLessThan(plain.lower[199]!)
    expect(reported[199]!).toBeGreaterThanOrEqual(aware.lower[199]!)
    const rise = Float64Array.from(reported)
    rise[199] = rise[199]! * 2.5
    expect(detectDaily({ count: rise, completeness }, { minCompleteness: 0.3 }).alarm[199]).toBe(1)
  })
})
