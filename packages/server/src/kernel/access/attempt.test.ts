import { expect, test } from 'vitest'
import { addressGroup, attemptKey, waitSeconds } from './attempt.ts'

test('waits 2^n seconds from the fifth failure on, at most a quarter of an hour', () => {
  const waits = Array.from({ length: 16 }, (_, failures) => waitSeconds('account', failures))
  expect(waits).toEqual([0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
  expect(waitSeconds('account', 100_000)).toBe(900)
  expect(waitSeconds('address', 19)).toBe(0)
  expect(waitSeconds('address', 20)).toBe(2)
})

test('an IPv6 client cannot change its address within its /64', () => {
  expect(addressGroup('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2')
  expect(addressGroup('2001:0db8:0001:0002::99')).toBe('2001:db8:1:2')
  expect(addressGroup('2001:db8::1')).toBe('2001:db8:0:0')
  expect(addressGroup('::1')).toBe('0:0:0:0')
  expect(addressGroup('fe80::1%eth0')).toBe('fe80:0:0:0')
  expect(addressGroup('::ffff:10.1.2.3')).toBe('10.1.2.3')
  expect(addressGroup('10.1.2.3')).toBe('10.1.2.3')
})

test('keys do not hold what was typed', () => {
  expect(attemptKey('account', 'my-password')).not.toContain('my-password')
  expect(attemptKey('account', 'a')).not.toBe(attemptKey('address', 'a'))
})
