import { expect, test } from 'vitest'
import { rki, rkiSystems } from './rki.ts'

const judge = (past: number, last: number) => rki([...Array.from({ length: 6 }, () => past), last], rkiSystems[1])

test('small means take the limits of Crow and Gardner', () => {
  expect(judge(0, 3).upper[0]).toBe(3.285)
  expect(judge(0, 4).alarm[0]).toBe(1)
  expect(judge(7.9, 13).upper[0]).toBe(13.765)
  expect(judge(20, 30).upper[0]).toBe(30.017)
  expect(judge(20, 30).alarm[0]).toBe(0)
})

test('above 20 the limit is two standard deviations', () => {
  const { upper, expected } = rki([20, 22, 24, 26, 28, 30, 40], rkiSystems[1])
  expect(expected[0]).toBe(25)
  expect(upper[0]).toBeCloseTo(25 + 2 * Math.sqrt(14), 12)
})

test('system 3 needs two years and a window', () => {
  const counts = Array.from({ length: 110 }, (_, i) => i % 3)
  expect([...rki(counts).at]).toEqual([108, 109])
})
