import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { CodesError, isUuidv7, uuidv7, uuidv7Floor, uuidv7Time } from './index.ts'
import { nextTick } from './uuid.ts'

afterEach(() => vi.useRealTimers())

const ms = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 })

test('RFC 9562, appendix A.6', () => {
  const random = Uint8Array.of(0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f)
  expect(uuidv7(1_645_557_742_000, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  expect(uuidv7Time('017F22E2-79B0-7CC3-98C4-DC0C0C07398F')).toBe(Date.parse('2022-02-22T14:22:22-05:00'))
})

test('time comes back, order follows time, the floor lies below', () => {
  fc.assert(
    fc.property(ms, bytes, ms, bytes, (a, randomA, b, randomB) => {
      const id = uuidv7(a, randomA)
      const other = uuidv7(b, randomB)
      expect(isUuidv7(id)).toBe(true)
      expect(uuidv7Time(id)).toBe(a)
      expect(uuidv7Time(uuidv7Floor(a))).toBe(a)
      expect(uuidv7Floor(a) <= id).toBe(true)
      if (a < b) expect(id < uuidv7Floor(b) && id < other).toBe(true)
    }),
  )
})

describe('ids of this process', () => {
  test('strictly increase when the clock stands still', () => {
    vi.useFakeTimers({ now: Date.parse('2100-01-01T00:00:00Z') })
    const ids = Array.from({ length: 20_000 }, () => uuidv7())
    expect(ids.every((id, i) => i === 0 || ids[i - 1]! < id)).toBe(true)
    expect(new Set(ids.map(uuidv7Time))).toEqual(new Set([Date.parse('2100-01-01T00:00:00Z')]))
  })

  test('strictly increase when the clock goes back', () => {
    vi.useFakeTimers({ now: Date.parse('2101-01-01T00:00:00Z') })
    const before = uuidv7()
    vi.setSystemTime(Date.parse('2100-12-31T00:00:00Z'))
    expect(uuidv7() > before).toBe(true)
  })

  test('borrow the next millisecond when the counter is full, and start with its top bit free', () => {
    const full = { ms: 1000, counter: 2 ** 26 - 1 }
    expect(nextTick(full, 1000, new Uint8Array(10))).toEqual({ ms: 1001, counter: 0 })
    expect(nextTick(full, 1001, new Uint8Array(10).fill(0xff))).toEqual({ ms: 1001, counter: 2 ** 25 - 1 })
    expect(nextTick({ ms: 1000, counter: 2 ** 26 - 2 }, 999, new Uint8Array(10))).toEqual(full)
  })
})

test.each([
  ['017f22e2-79b0-4cc3-98c4-dc0c0c07398f', false],
  ['017f22e2-79b0-7cc3-78c4-dc0c0c07398f', false],
  ['017f22e279b07cc398c4dc0c0c07398f', false],
  [7, false],
  ['017F22E2-79B0-7CC3-98C4-DC0C0C07398F', true],
])('isUuidv7(%s) is %s', (value, expected) => {
  expect(isUuidv7(value)).toBe(expected)
})

test('bad arguments are named', () => {
  expect(() => uuidv7(-1)).toThrow(/^timeMs/)
  expect(() => uuidv7(2 ** 48)).toThrow(CodesError)
  expect(() => uuidv7(0, new Uint8Array(9))).toThrow(/^random/)
  expect(() => uuidv7Time('x')).toThrow(/^id/)
  expect(() => uuidv7Floor(1.5)).toThrow(/^timeMs/)
})
