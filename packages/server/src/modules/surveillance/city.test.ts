import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cityDay } from './city.domain.ts'
import type { Cell } from './pack.domain.ts'

const cell = (change: Partial<Cell>): Cell => ({
  ...{ observed: 50, expected: 40, lower: 30, upper: 52, score: 1, p: 0.1, completeness: 1 },
  ...({ grade: null, untested: null, running: false } as const),
  ...change,
})

describe("a city's day", () => {
  test('is told in one sentence, with what was left out', () => {
    const day = cityDay('泉州市', 'all', [
      cell({ grade: 'blue' }),
      cell({ observed: 10, expected: 20, lower: 15, upper: 25 }),
      cell({ untested: 'missing', expected: 9 }),
    ])
    expect(day).toMatchObject({ observed: 60, expected: 60, grade: null })
    expect(day.reason).toBe(
      '泉州市四类合计当日登记 60 笔，各区县预计合计 60 笔（通常 49–73），1 个区县达到预警；1 个区县未判断，未计入',
    )
    expect(cityDay('泉州市', 'all', [cell({ expected: null, untested: 'too-short' })])).toMatchObject({
      ...{ observed: 50, expected: null, lower: null, upper: null, untested: 'too-short' },
    })
  })

  test('lies within its band when every county does, and its band is narrower than theirs laid end to end', () => {
    const counties = fc.array(fc.tuple(fc.nat(500), fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 13 })
    fc.assert(
      fc.property(counties, (list) => {
        const cells = list.map(([expected, below, above]) =>
          cell({ observed: expected, expected, lower: Math.max(0, expected - below), upper: expected + above }),
        )
        const { observed, expected, lower, upper } = cityDay('泉州市', 'cough', cells)
        const all = (key: 'expected' | 'lower' | 'upper') => cells.reduce((sum, one) => sum + one[key]!, 0)
        expect(observed).toBe(all('expected'))
        expect(expected).toBe(all('expected'))
        expect(lower!).toBeLessThanOrEqual(observed!)
        expect(upper!).toBeGreaterThanOrEqual(observed!)
        expect(lower!).toBeGreaterThanOrEqual(all('lower') - 1e-6)
        expect(upper!).toBeLessThanOrEqual(all('upper') + 1e-6)
      }),
    )
  })
})
