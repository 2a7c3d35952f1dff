import { expect, test } from 'vitest'
import {
  changeOf,
  formatBytes,
  formatCount,
  formatPeriod,
  formatShare,
  formatTemperature,
  formatTime,
} from './format.ts'

test('times are shown in Asia/Shanghai whatever zone the machine is in', () => {
  expect(formatTime('2022-03-14T06:05:59Z')).toBe('2022-03-14 14:05')
  expect(formatTime('2021-12-31T16:00:00.000Z')).toBe('2022-01-01 00:00')
  expect(formatTime(null)).toBe('—')
  expect(formatTime('not a time')).toBe('—')
})

test('numbers, shares, sizes and temperatures', () => {
  expect(formatCount(552000)).toBe('552,000')
  expect(formatShare(1, 8)).toBe('12.5%')
  expect(formatShare(0, 0)).toBe('—')
  expect(formatBytes(1023)).toBe('1023 B')
  expect(formatBytes(1_572_864)).toBe('1.5 MB')
  expect(formatTemperature(373)).toBe('37.3 ℃')
  expect(formatPeriod('2022-03-14', '2022-03-14')).toBe('2022-03-14')
})

test('a change names its direction in words', () => {
  expect(changeOf(110, 100)).toEqual({ direction: 'up', text: '升 10%' })
  expect(changeOf(90, 100)).toEqual({ direction: 'down', text: '降 10%' })
  expect(changeOf(5, 0).direction).toBe('none')
  expect(changeOf(7, 7).direction).toBe('same')
})
