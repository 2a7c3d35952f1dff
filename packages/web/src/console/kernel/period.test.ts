import { addDays, daysBetween } from '@vigil/codes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { daysOf, findPreset, longestPeriod, periodOf, presets, readPeriod } from './period.ts'

const now = '2022-03-14'

test('a preset ends today and counts the running day', () => {
  expect(periodOf('7', now)).toEqual({ from: '2022-03-08', to: now })
  expect(periodOf('30', '2024-03-01')).toEqual({ from: '2024-02-01', to: '2024-03-01' })
  expect(periodOf('yesterday', '2022-01-01')).toEqual({ from: '2021-12-31', to: '2021-12-31' })
})

test('each preset is found again', () => {
  for (const { key } of presets) expect(findPreset(periodOf(key, now), now)).toBe(key)
  expect(findPreset({ from: '2022-01-01', to: now }, now)).toBeUndefined()
})

test('whatever the address bar holds, the period is real, in order and bounded', () => {
  const day = fc.integer({ min: -2000, max: 2000 }).map((offset) => addDays(now, offset))
  const anything = fc.oneof(day, fc.string(), fc.constant(undefined), fc.constant('2022-02-30'))
  fc.assert(
    fc.property(anything, anything, (from, to) => {
      const period = readPeriod(from, to, now)
      const length = daysBetween(period.from, period.to) + 1
      expect(length).toBeGreaterThanOrEqual(1)
      expect(length).toBeLessThanOrEqual(longestPeriod)
      expect(daysOf(period)).toHaveLength(length)
    }),
  )
})

test('a good period is kept as it is', () => {
  expect(readPeriod('2022-03-01', '2022-03-09', now)).toEqual({ from: '2022-03-01', to: '2022-03-09' })
  expect(readPeriod('2022-03-09', '2022-03-01', now)).toEqual(periodOf('7', now))
})
