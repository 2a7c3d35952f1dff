import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CountyEngine } from './engine.ts'
import type { EngineSetup } from './engine.types.ts'
import { type DelayCount, lateStores, learnedDays, longestDelay } from './lateness.ts'
import { columns } from './pack.domain.ts'
import { defaultRules } from './rule.defaults.ts'

/** Days of a store that sells `count` a day, of which `late` come a day later. */
const habit = (store: string, count: number, late: number): DelayCount[] =>
  Array.from({ length: learnedDays }, (_, day) => [
    { store, day, delay: 0, count: count - late },
    { store, day, delay: 1, count: late },
  ]).flat()

describe('which stores report late', () => {
  test('a store that sends each day in the next morning, and no other', () => {
    const found = lateStores([...habit('A', 10, 10), ...habit('B', 10, 0), ...habit('C', 10, 4)])
    expect(found.map(({ store }) => store)).toEqual(['A', 'C'])
    expect(found[0]!.within.slice(0, 2)).toEqual([0, 1])
    expect(found[1]!.within[0]).toBeCloseTo(0.6, 1)
  })

  test('old sales that come in one file, or after weeks without a line, are no habit', () => {
    const file = Array.from({ length: learnedDays }, (_, day) => ({ store: 'A', day, delay: 27 - day, count: 10 }))
    expect(lateStores([...file, ...habit('A', 10, 0)])).toEqual([])
  })

  test('shares rise to all, and grow when less is late', () => {
    const count = fc.integer({ min: 2, max: 40 })
    fc.assert(
      fc.property(count, fc.nat(40), fc.nat(40), (sold, a, b) => {
        const within = (late: number) => lateStores(habit('A', sold, Math.min(sold, late)))[0]?.within ?? [1]
        const [less, more] = [within(Math.min(a, b)), within(Math.max(a, b))]
        expect(less[0]!).toBeGreaterThanOrEqual(more[0]!)
        for (const list of [less, more]) {
          expect(list).toEqual(list.toSorted((x, y) => x - y))
          expect(list.at(-1)).toBe(1)
        }
      }),
      { numRuns: 50 },
    )
    expect(lateStores(habit('A', 20, 10))[0]!.within).toHaveLength(longestDelay + 1)
  })
})

describe('a county with a store that reports a day late', () => {
  const path = '/350000/350500/350582/'
  const store = (code: string) => ({ kind: 'store' as const, code, path: `${path}${code}/`, office: null })
  const setup: EngineSetup = {
    county: '350582',
    first: '2026-01-01',
    units: [{ kind: 'county', code: '350582', path, office: null }, store('A'), store('B')],
    rules: [{ id: 'r', name: 'r', version: 1, path, since: 0, settings: { ...defaultRules[0]!.settings } }],
  }
  const late = [{ store: 'B', within: [0, 1, 1, 1, 1, 1, 1, 1] }]
  const days = Array.from({ length: 81 }, (_, day) => day)
  /** Counts as they are at hand on day `today`: B's come the morning after. */
  const atHand = (today: number) =>
    ['A', 'B'].flatMap((code) =>
      [0, 4].map((at) => ({
        store: code,
        class: at,
        days,
        counts: days.map((day) => (day < today || (day === today && code === 'A') ? 30 + (day % 3) : 0)),
      })),
    )
  const lastOf = (engine: CountyEngine, today: number) => {
    const results = engine.run({ counts: atHand(today), late, through: today - 1, share: 1 })
    const { from, numbers } = results.find((one) => one.unit === 0 && one.class === 0)!
    return numbers.subarray((today - from) * columns, (today - from + 1) * columns)
  }

  test('is judged by what is in: half of the day is expected, not a fall to a half', () => {
    const engine = new CountyEngine(setup)
    const [observed, expected, lower, , , , completeness] = lastOf(engine, 79)
    expect(observed).toBe(31)
    expect(completeness).toBeCloseTo(0.5, 2)
    expect(expected).toBeGreaterThan(27)
    expect(expected).toBeLessThan(35)
    expect(observed).toBeGreaterThanOrEqual(lower!)
  })

  test('the less is known of what is late, the wider the band; a share that is known leaves it as it is', () => {
    const bandOf = (doubt?: number) => {
      const [store] = late
      const told = [{ ...store!, ...(doubt !== undefined && { doubt: [0, doubt, 0, 0, 0, 0, 0, 0] }) }]
      const shares = [{ ...told[0]!, within: [0, 0.5, 1, 1, 1, 1, 1, 1] }]
      const results = new CountyEngine(setup).run({ counts: atHand(79), late: shares, through: 78, share: 1 })
      const { from, numbers } = results.find((one) => one.unit === 0 && one.class === 0)!
      return Array.from(numbers.subarray((78 - from) * columns, (79 - from) * columns))
    }
    expect(bandOf(0)).toEqual(bandOf())
    const sum = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(sum, sum, (a, b) => {
        const [less, more] = [bandOf(Math.min(a, b)), bandOf(Math.max(a, b))]
        expect(more[3]!).toBeGreaterThanOrEqual(less[3]!)
        expect(more[2]!).toBeLessThanOrEqual(less[2]!)
      }),
      { numRuns: 20 },
    )
    expect(bandOf(0.8)[3]!).toBeGreaterThan(bandOf(0)[3]!)
  })

  test('a store of which little was seen is known less well', () => {
    const doubtOf = (count: number) => lateStores(habit('A', 4 * count, count))[0]!.doubt!
    expect(doubtOf(40)[0]!).toBeLessThan(doubtOf(1)[0]!)
    expect(doubtOf(1).at(-1)).toBe(0)
  })

  test('gives the same the next day whether it was watched through or started then', () => {
    const [watched, started] = [new CountyEngine(setup), new CountyEngine(setup)]
    lastOf(watched, 79)
    const cells = [watched, started].map((engine) => Array.from(lastOf(engine, 80)))
    for (const [at, value] of cells[0]!.entries()) expect(value).toBeCloseTo(cells[1]![at]!, 3)
  })
})
