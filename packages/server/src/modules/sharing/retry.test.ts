import fc from 'fast-check'
import { expect, test } from 'vitest'
import { askedPause, hopelessTries, longestAsked, longestPause, nextTry, pauseSeconds } from './retry.domain.ts'

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const policy = fc.record({
  retrySeconds: fc.integer({ min: 1, max: 3600 }),
  maxAttempts: fc.integer({ min: 1, max: 50 }),
})
const failures = fc.integer({ min: 1, max: 60 })
const now = new Date('2026-11-23T08:00:00+08:00')
const far = new Date('2036-01-01')

test('a pause lies between half and the whole of the doubled first one, and never beyond the longest', () => {
  fc.assert(
    fc.property(policy, failures, random, (p, n, r) => {
      const whole = Math.min(longestPause, p.retrySeconds * 2 ** (n - 1))
      const pause = pauseSeconds(p, n, r)
      expect(pause).toBeGreaterThanOrEqual(whole / 2)
      expect(pause).toBeLessThanOrEqual(whole)
    }),
  )
})

test('with the same luck a later pause is never shorter', () => {
  fc.assert(
    fc.property(policy, failures, random, (p, n, r) => {
      expect(pauseSeconds(p, n + 1, r)).toBeGreaterThanOrEqual(pauseSeconds(p, n, r))
    }),
  )
})

test('a delivery ends: at the limit of tries, at three where only a person can help, and before the time to give up', () => {
  fc.assert(
    fc.property(
      policy,
      failures,
      random,
      fc.boolean(),
      fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }),
      fc.integer({ min: 0, max: 720 * 3600 }),
      (p, n, r, hopeless, asked, left) => {
        const giveUpAt = new Date(now.getTime() + left * 1000)
        const next = nextTry(p, n, { hopeless, asked }, { now, giveUpAt, random: r })
        if (n >= p.maxAttempts || (hopeless && n >= hopelessTries)) expect(next.again).toBe(false)
        if (!next.again) return
        expect(next.at.getTime()).toBeGreaterThan(now.getTime())
        expect(next.at.getTime()).toBeLessThanOrEqual(giveUpAt.getTime())
        const wait = (next.at.getTime() - now.getTime()) / 1000
        expect(wait).toBeGreaterThanOrEqual(Math.min(asked ?? 0, longestAsked))
        expect(wait).toBeLessThanOrEqual(Math.max(longestPause, Math.min(asked ?? 0, longestAsked)) + 0.001)
      },
    ),
  )
})

test('the pauses of a policy, with no luck', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => pauseSeconds({ retrySeconds: 30 }, n, 0.999999))
  expect(pauses.map(Math.round)).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600])
})

test('the reason to give up is told', () => {
  const p = { retrySeconds: 30, maxAttempts: 5 }
  const at = { now, giveUpAt: far, random: 0 }
  expect(nextTry(p, 5, { hopeless: false }, at)).toEqual({ again: false, why: '已尝试 5 次' })
  expect(nextTry(p, 3, { hopeless: true }, at)).toEqual({ again: false, why: '已尝试 3 次' })
  expect(nextTry(p, 1, { hopeless: false }, { ...at, giveUpAt: now })).toEqual({
    again: false,
    why: '已超过最长重试时间',
  })
})

test('Retry-After is seconds or a date, and nothing else', () => {
  expect(askedPause('120', now)).toBe(120)
  expect(askedPause(' 0 ', now)).toBe(0)
  expect(askedPause('Mon, 23 Nov 2026 00:01:30 GMT', now)).toBe(90)
  expect(askedPause('Mon, 23 Nov 2020 00:00:00 GMT', now)).toBe(0)
  for (const text of ['', undefined, '-5', '1.5', 'soon', '99999999999', 'Monday'])
    expect(askedPause(text, now)).toBe(undefined)
})
