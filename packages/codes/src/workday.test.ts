import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, weekday } from './day.ts'
import { CodesError } from './index.ts'
import { createCalendar } from './workday.ts'

const calendar = createCalendar()
const day = fc.integer({ min: 0, max: 12_000 }).map((n) => addDays('2003-01-01', n))

describe('golden days', () => {
  // 国办发明电〔2020〕1号: the Spring Festival of 2020 was extended to 2 February.
  test.each([
    ['2020-01-19', true, undefined],
    ['2020-01-24', false, '春节'],
    ['2020-01-31', false, '春节'],
    ['2020-02-02', false, '春节'],
    ['2020-02-03', true, undefined],
    // 国办发明电〔2021〕11号: the year 2022.
    ['2022-01-29', true, undefined],
    ['2022-01-30', true, undefined],
    ['2022-01-31', false, '春节'],
    ['2022-02-06', false, '春节'],
    ['2022-02-07', true, undefined],
    ['2022-04-02', true, undefined],
    ['2022-04-05', false, '清明'],
    ['2022-10-07', false, '国庆节'],
    ['2022-10-08', true, undefined],
    ['2022-10-09', true, undefined],
    ['2022-03-12', false, undefined],
    ['2022-03-14', true, undefined],
  ])('%s', (date, work, name) => {
    expect(calendar.isWorkday(date)).toBe(work)
    expect(calendar.holidayName(date)).toBe(name)
  })

  test('deadlines over a holiday: 7 working days from 30 September 2022 are 14 October', () => {
    expect(calendar.addWorkdays('2022-09-30', 7)).toBe('2022-10-14')
    expect(calendar.addWorkdays('2022-10-14', -7)).toBe('2022-09-30')
    expect(calendar.workdaysBetween('2022-09-30', '2022-10-14')).toBe(7)
  })
})

test('years without a published calendar count weekends only and say so', () => {
  expect(calendar.isKnownYear('2022-01-01')).toBe(true)
  expect(calendar.isKnownYear('2003-12-31')).toBe(false)
  expect(calendar.isKnownYear('2099-01-01')).toBe(false)
  const unknown = fc.integer({ min: 0, max: 364 }).map((n) => addDays('2099-01-01', n))
  fc.assert(
    fc.property(unknown, (d) => {
      expect(calendar.isWorkday(d)).toBe(weekday(d) <= 5)
    }),
  )
})

test('overrides win, the last one of a day counts, other calendars are untouched', () => {
  const own = createCalendar([
    { day: '2022-03-14', work: true },
    { day: '2022-03-14', work: false, name: '防疫停工' },
    { day: '2022-03-13', work: true },
    { day: '2022-10-03', work: true },
  ])
  expect([own.isWorkday('2022-03-14'), own.holidayName('2022-03-14')]).toEqual([false, '防疫停工'])
  expect(own.isWorkday('2022-03-13')).toBe(true)
  expect([own.isWorkday('2022-10-03'), own.holidayName('2022-10-03')]).toEqual([true, undefined])
  expect(calendar.isWorkday('2022-03-14')).toBe(true)
})

describe('properties', () => {
  const count = fc.integer({ min: 0, max: 80 })

  test('adding a and then b is adding a + b, in both directions', () => {
    fc.assert(
      fc.property(day, count, count, (d, a, b) => {
        expect(calendar.addWorkdays(calendar.addWorkdays(d, a), b)).toBe(calendar.addWorkdays(d, a + b))
        expect(calendar.addWorkdays(calendar.addWorkdays(d, -a), -b)).toBe(calendar.addWorkdays(d, -a - b))
      }),
    )
  })

  test('n workdays lie between a day and the n-th workday after it, which is a workday', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 80 }), (d, n) => {
        const end = calendar.addWorkdays(d, n)
        expect(calendar.workdaysBetween(d, end)).toBe(n)
        expect(calendar.workdaysBetween(end, d)).toBe(-n)
        expect(calendar.isWorkday(end)).toBe(true)
      }),
    )
  })

  test('counting is additive', () => {
    fc.assert(
      fc.property(fc.tuple(day, count, count), ([d, a, b]) => {
        const [middle, end] = [addDays(d, a), addDays(d, a + b)]
        const parts = calendar.workdaysBetween(d, middle) + calendar.workdaysBetween(middle, end)
        expect(parts).toBe(calendar.workdaysBetween(d, end))
      }),
    )
  })
})

test('bad arguments are named', () => {
  expect(() => calendar.isWorkday('2022-02-30')).toThrow(/^day/)
  expect(() => calendar.addWorkdays('2022-02-28', 1.5)).toThrow(/^n:/)
  expect(() => createCalendar([{ day: 'x', work: true }])).toThrow(CodesError)
})
