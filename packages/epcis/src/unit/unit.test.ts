import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparableUnits, convertUnit } from './unit.ts'

test('fixed points of the scales, exactly', () => {
  for (const [value, from, to, result] of [
    [0, 'CEL', 'FAH', 32],
    [32, 'FAH', 'CEL', 0],
    [-40, 'CEL', 'FAH', -40],
    [-18, 'CEL', 'KEL', 255.15],
    [100, 'CEL', 'FAH', 212],
    [1, 'LBR', 'GRM', 453.59237],
    [1, 'INH', 'CMT', 2.54],
    [1, 'ATM', 'A97', 1013.25],
    [45, 'P1', 'NX', 450],
    [1e-7, 'KGM', 'MGM', 0.1],
  ] as const)
    expect(convertUnit(value, from, to)).toBe(result)
  // A spread of 10 °C is one of 18 °F.
  expect(convertUnit(10, 'CEL', 'FAH', true)).toBe(18)
  expect([convertUnit(1, 'KGM', 'CEL'), convertUnit(1, 'XYZ', 'KGM'), convertUnit(1, 'XYZ', 'XYZ')]).toEqual([
    null,
    null,
    1,
  ])
  expect(comparableUnits('XYZ')).toEqual(['XYZ'])
})

test('there and back is the same, and no conversion changes an order', () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })
  const unit = fc.constantFrom('CEL', 'KGM', 'MTR', 'PAL', 'P1', 'LTR', 'A93', 'HUR')
  fc.assert(
    fc.property(value, value, unit, fc.nat(), (a, b, from, pick) => {
      const others = comparableUnits(from)
      const to = others[pick % others.length]!
      const [x, y] = [convertUnit(a, from, to)!, convertUnit(b, from, to)!]
      if (a < b) expect(x).toBeLessThanOrEqual(y)
      const back = convertUnit(x, to, from)!
      expect(Math.abs(back - a)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(a)))
    }),
  )
})
