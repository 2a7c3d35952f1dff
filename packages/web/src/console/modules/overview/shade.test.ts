import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judged, mapUnits, rateOf, type ShadedUnit, toneOfChange } from './shade.ts'

const unit = (change: Partial<ShadedUnit>): ShadedUnit => ({
  code: '350582',
  name: '晋江市',
  lon: 118.5,
  lat: 24.8,
  purchases: 700,
  compared: 600,
  previous: 500,
  stores: 10,
  grade: null,
  ...change,
})

test('sales per store and day', () => {
  expect(rateOf({ purchases: 700, stores: 10 }, 7)).toBe(10)
  expect(rateOf({ purchases: 700, stores: 0 }, 7)).toBe(0)
})

test('a change has a tone by its size and its direction', () => {
  expect(toneOfChange(104, 100)).toBe(toneOfChange(0, 0))
  expect(toneOfChange(106, 100)).not.toEqual(toneOfChange(94, 100))
  expect(toneOfChange(160, 100)).not.toEqual(toneOfChange(130, 100))
})

test('more sales are never drawn paler, equal ones alike', () => {
  const luminance = (fill: string) => Number.parseInt(fill.slice(1, 3), 16)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 15 }), (counts) => {
      const drawn = mapUnits(
        counts.map((count) => unit({ purchases: count * 70 })),
        'rate',
        7,
      )
      counts.forEach((a, i) => {
        counts.forEach((b, j) => {
          if (a === b) expect(drawn[i]!.fill).toBe(drawn[j]!.fill)
          if (a > b) expect(luminance(drawn[i]!.fill)).toBeLessThanOrEqual(luminance(drawn[j]!.fill))
        })
      })
    }),
  )
})

test('a name from a file is no markup, and the grade is told in words', () => {
  const [drawn] = mapUnits([unit({ name: '<img src=x onerror=alert(1)>', grade: 'orange' })], 'alert', 7)
  expect(drawn!.tip).not.toContain('<img')
  expect(drawn!.value).toBe('橙色预警')
})

test('what was not judged is not called normal', () => {
  const states = [
    { code: 'a', state: { grade: null, untested: null } },
    { code: 'b', state: { grade: null, untested: 'missing' } },
    { code: 'c', state: null },
  ]
  const known = judged(states)
  const words = ['a', 'b', 'c', 'd'].map(
    (code) => mapUnits([unit({ code, grade: known.get(code) })], 'alert', 7)[0]!.value,
  )
  expect(words).toEqual(['正常', '未判断', '未判断', '未判断'])
  expect(judged(undefined).size).toBe(0)
})
