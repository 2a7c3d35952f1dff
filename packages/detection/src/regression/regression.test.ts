import { describe, expect, test } from 'vitest'
import { toIso } from '../series/day.ts'
import { essenceRegression } from './regression.ts'
import { essenceSwitch } from './switch.ts'

const monday = 19_723 // 2024-01-01
const dates = (length: number, first = monday) => Array.from({ length }, (_, i) => toIso(first + i))
/** A line with a level for each weekday: what the method fits exactly. */
const exact = Array.from({ length: 60 }, (_, i) => 50 + i + [9, 0, 3, 7, 1, 20, 4][i % 7]!)

describe('regression', () => {
  test('predicts a line with weekday levels', () => {
    const result = essenceRegression(exact, dates(60))
    expect(result.untested.indexOf(null)).toBe(13)
    for (let i = 13; i < 60; i++) expect(result.expected[i]).toBeCloseTo(exact[i]!, 8)
    expect(result.adjustedRSquared[59]).toBeCloseTo(1, 10)
    // The floor 0.01 / t(0.95; 20), with t = 1.72472 from any table of Student's distribution.
    expect(result.sigma[59]).toBeCloseTo(0.01 / 1.72472, 10)
  })
  test('what counts is the weekday of the date, not its name or place', () => {
    const later = essenceRegression(exact, dates(60, monday + 3))
    expect([...later.expected.slice(13)]).toEqual([...exact.slice(13)].map((count) => expect.closeTo(count, 8)))
  })
  test('a rise is red, unless it is below the mean of the week', () => {
    const counts = exact.map((count, i) => count + (i % 5))
    counts[45] = 200
    const result = essenceRegression(counts, dates(60))
    expect(result.colour[45]).toBe('red')
    expect(result.alarm[45]).toBe(1)
    const falling = exact.map((_, i) => (i < 56 ? 300 - 5 * i : 60))
    falling[58] = 40
    falling[59] = 39
    const quiet = essenceRegression(falling, dates(60))
    expect(quiet.p[59]).toBeLessThan(0.01)
    expect(quiet.colour[59]).toBe('blue')
  })
  test('dates must rise', () => {
    const broken = dates(60)
    broken[7] = broken[6]!
    expect(() => essenceRegression(exact, broken)).toThrow(expect.objectContaining({ code: 'unordered', index: 7 }))
  })
})

test('the switch believes the regression where it explains the series', () => {
  const noise = Array.from({ length: 60 }, (_, i) => ((i * 7919) % 13) + ((i * 104_729) % 7))
  expect(
    essenceSwitch(exact, dates(60))
      .detector.slice(13)
      .every((who) => who === 'regression'),
  ).toBe(true)
  expect(essenceSwitch(noise, dates(60)).detector.slice(45).includes('ewma')).toBe(true)
})
