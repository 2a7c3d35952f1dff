import { addDays, dayOf, startOfDay, weekday } from '@vigil/codes'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueAfter, longestPeriod, periodOf, type Schedule } from './schedule.domain.ts'

const at = fc
  .record({ h: fc.integer({ min: 0, max: 23 }), m: fc.integer({ min: 0, max: 59 }) })
  .map(({ h, m }) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`)
const schedule: fc.Arbitrary<Schedule> = fc.oneof(
  at.map((time) => ({ every: 'day', at: time }) as const),
  fc.integer({ min: 1, max: 24 }).map((hours) => ({ every: 'hours', hours }) as const),
  fc.record({ every: fc.constant('week' as const), weekday: fc.integer({ min: 1, max: 7 }), at }),
)
const instant = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
const shanghai = (text: string) => new Date(`${text}:00+08:00`)

describe('due time', () => {
  test('lies ahead, soon enough, and there is none between', () => {
    fc.assert(
      fc.property(schedule, instant, (s, now) => {
        const due = dueAfter(s, now)
        const hours = s.every === 'hours' ? s.hours : s.every === 'day' ? 24 : 168
        expect(due.getTime()).toBeGreaterThan(now.getTime())
        expect(due.getTime() - now.getTime()).toBeLessThanOrEqual(hours * 3_600_000)
        expect(dueAfter(s, new Date(due.getTime() - 1))).toEqual(due)
      }),
    )
  })
  test('of a time of day is that time in Asia/Shanghai, on the weekday', () => {
    fc.assert(
      fc.property(schedule, instant, (s, now) => {
        const due = dueAfter(s, now)
        const minutes = (due.getTime() - startOfDay(dayOf(due)).getTime()) / 60_000
        if (s.every === 'hours') expect(minutes % (s.hours * 60)).toBe(0)
        else expect(minutes).toBe(Number(s.at.slice(0, 2)) * 60 + Number(s.at.slice(3)))
        if (s.every === 'week') expect(weekday(dayOf(due))).toBe(s.weekday)
      }),
    )
  })
  test.each([
    [{ every: 'day', at: '06:30' }, '2026-11-23T06:29', '2026-11-23T06:30'],
    [{ every: 'day', at: '06:30' }, '2026-11-23T06:30', '2026-11-24T06:30'],
    [{ every: 'hours', hours: 5 }, '2026-11-23T20:00', '2026-11-24T00:00'],
    [{ every: 'hours', hours: 4 }, '2026-11-23T09:10', '2026-11-23T12:00'],
    [{ every: 'week', weekday: 1, at: '08:00' }, '2026-11-23T08:00', '2026-11-30T08:00'],
  ] as const)('%j after %s is %s', (s, now, due) => {
    expect(dueAfter(s, shanghai(now))).toEqual(shanghai(due))
  })
})

describe('period', () => {
  const daily = { every: 'day', at: '06:30' } as const
  const now = shanghai('2026-11-23T06:30')
  const setUpAt = shanghai('2026-11-20T10:00')
  const since = { schedule: daily, cover: 'since-acknowledged', setUpAt } as const

  test('yesterday is yesterday, whatever was acknowledged', () => {
    const last = { to: '2026-11-22', madeAt: now }
    expect(periodOf({ ...since, cover: 'yesterday' }, last, now)).toEqual({ from: '2026-11-22', to: '2026-11-22' })
  })
  test('begins the day before the destination was made, then after what was acknowledged', () => {
    expect(periodOf(since, undefined, now)).toEqual({ from: '2026-11-19', to: '2026-11-22' })
    const last = { to: '2026-11-20', madeAt: shanghai('2026-11-21T06:30') }
    expect(periodOf(since, last, now)).toEqual({ from: '2026-11-21', to: '2026-11-22' })
  })
  test('there is none when all is acknowledged', () => {
    expect(periodOf(since, { to: '2026-11-22', madeAt: now }, now)).toBe(undefined)
  })
  test('a day that was not over when it was sent is sent again', () => {
    const hourly = { ...since, schedule: { every: 'hours', hours: 4 } as const }
    const last = { to: '2026-11-23', madeAt: shanghai('2026-11-23T04:00') }
    expect(periodOf(hourly, last, shanghai('2026-11-23T08:00'))).toEqual({ from: '2026-11-23', to: '2026-11-23' })
    expect(periodOf(hourly, last, shanghai('2026-11-24T00:00'))).toEqual({ from: '2026-11-23', to: '2026-11-24' })
  })
  test('acknowledged again and again, no day is left out and none is later than it may be', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Schedule>(daily, { every: 'hours', hours: 7 }, { every: 'week', weekday: 3, at: '12:00' }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
        (each, luck) => {
          const destination = { ...since, schedule: each }
          let last: { to: string; madeAt: Date } | undefined
          let covered = addDays(dayOf(setUpAt), -2)
          let time = setUpAt
          for (const delivered of luck) {
            time = dueAfter(each, time)
            const period = periodOf(destination, last, time)
            if (!period) continue
            expect(period.from <= period.to && period.to <= dayOf(time)).toBe(true)
            if (addDays(period.to, 1 - longestPeriod) < period.from)
              expect(period.from <= addDays(covered, 1)).toBe(true)
            if (!delivered) continue
            last = { to: period.to, madeAt: time }
            covered = period.to
          }
        },
      ),
    )
  })
  test('is not longer than a file may be', () => {
    const old = { ...since, setUpAt: shanghai('2025-01-01T00:00') }
    expect(periodOf(old, undefined, now)).toEqual({ from: addDays('2026-11-22', 1 - longestPeriod), to: '2026-11-22' })
  })
})
