import { describe, expect, test } from 'vitest'
import { ears } from '../ears/index.ts'
import { toDay } from '../series/day.ts'
import { detect, methodName, methodNames, type Options } from './method.ts'
import { datesFrom, optionsFromR, runR } from './r.ts'

const counts = Array.from({ length: 160 }, (_, i) => ((i * 7) % 5) + (i === 150 ? 30 : 0))
const dates = Int32Array.from(counts, (_, i) => 19_000 + i)

test('every method runs by its name and finds the outbreak', () => {
  const options: Record<string, Options> = { farrington: { b: 2 }, 'farrington-flexible': { b: 2 } }
  for (const name of methodNames) {
    const detection = detect(name, { counts, dates }, options[name])
    const row = detection.at.indexOf(150)
    // C3 looks at the two days before.
    const later = name === 'ears-c3' ? detection.alarm.slice(row, row + 3) : detection.alarm.slice(row, row + 1)
    expect([name, later.includes(1)]).toEqual([name, true])
  }
})

test('every method refuses NaN with its place by its name, and passes over it with missing: skip', () => {
  const options: Record<string, Options> = { farrington: { b: 2 }, 'farrington-flexible': { b: 2 } }
  const broken = counts.with(155, Number.NaN)
  for (const name of methodNames) {
    const fault = expect.objectContaining({ name: 'DetectionError', code: 'not-finite', index: 155 })
    expect(() => detect(name, { counts: broken, dates }, options[name]), name).toThrow(fault)
    const detection = detect(name, { counts: broken, dates }, { ...options[name], missing: 'skip' })
    expect([name, detection.untested[detection.at.indexOf(155)]]).toEqual([name, 'missing'])
  }
})

test("R's names are names too; others are refused with what there is", () => {
  expect(methodName('earsC')).toBe('ears')
  expect(methodName('farringtonFlexible')).toBe('farrington-flexible')
  expect(() => methodName('magic')).toThrow(/unknown method magic; known: .*farrington/)
  expect(() => detect('ears', { counts }, { bseline: 3 })).toThrow('ears has no option bseline')
  expect(() => detect('essence-switch', { counts })).toThrow('needs dates')
})

describe('a call of R', () => {
  test('counts places from 1 and leaves NULL out', () => {
    expect(optionsFromR({ range: [8, 9], m: null, verbose: true, k: 1 })).toEqual({ range: [7, 8], k: 1 })
    expect(optionsFromR({ fitFun: 'algo.farrington.fitGLM.populationOffset' })).toEqual({ populationOffset: true })
  })
  test('has null for NA, in and out', () => {
    const result = runR({
      fn: 'earsC',
      control: { method: 'C1', range: [9, 10] },
      observed: [3, null, 5, 4, 4, 3, 5, 4, null, 30],
    })
    expect(result.alarm).toEqual([null, 1])
    expect(result.upper[0]).toBeNull()
    expect(result.upper[1]).toBeGreaterThan(4)
  })
  test('has dates by day, week and month', () => {
    expect([...datesFrom('2024-01-31', 365, 2)]).toEqual([toDay('2024-01-31'), toDay('2024-02-01')])
    expect([...datesFrom('2024-02-26', 52, 2)]).toEqual([toDay('2024-02-26'), toDay('2024-03-04')])
    expect([...datesFrom('2023-12-01', 12, 3)]).toEqual(
      ['2023-12-01', '2024-01-01', '2024-02-01'].map((day) => toDay(day)),
    )
  })
  test('gives null where R gives NA', () => {
    const result = runR({
      fn: 'earsC',
      observed: [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2],
      control: { method: 'C3', range: 12 },
    })
    expect(result).toEqual({ upper: [null], alarm: [null], expected: [] })
    const own = ears(counts, { method: 'C2' })
    expect(runR({ fn: 'earsC', observed: counts, control: { method: 'C2' } }).upper).toEqual([...own.upper])
  })
})
