import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, ageOn, CodesError, dayOf, daysBetween, isDay, startOfDay, weekday } from './index.ts'

// From 0001-01-02 to 9857.
const day = fc.integer({ min: -730_118, max: 2_870_000 }).map((n) => addDays('2000-01-01', n))

test.each([
  ['2024-02-29', true],
  ['2023-02-29', false],
  ['1900-02-29', false],
  ['2000-02-29', true],
  ['0001-01-01', true],
  ['0000-01-01', false],
  ['2022-13-01', false],
  ['2022-00-10', false],
  ['2022-04-31', false],
  ['2022-3-4', false],
  ['2022-03-14T00:00', false],
  [20220314, false],
  [undefined, false],
])('isDay(%s) is %s', (value, expected) => {
  expect(isDay(value)).toBe(expected)
})

describe('moment and day', () => {
  test('midnight in Shanghai is 16:00 UTC of the day before', () => {
    expect(dayOf(new Date('2022-03-13T15:59:59.999Z'))).toBe('2022-03-13')
    expect(dayOf(new Date('2022-03-13T16:00:00Z'))).toBe('2022-03-14')
    expect(startOfDay('2022-03-14').toISOString()).toBe('2022-03-13T16:00:00.000Z')
  })

  test('agrees with the zone Asia/Shanghai of the platform from 1992 on', () => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' })
    const moment = fc.date({ min: new Date('1992-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(moment, (date) => {
        expect(dayOf(date)).toBe(format.format(date))
      }),
    )
  })

  test('the day of its own beginning is the day', () => {
    fc.assert(
      fc.property(day, (d) => {
        expect(dayOf(startOfDay(d))).toBe(d)
      }),
    )
  })
})

describe('arithmetic', () => {
  test('agrees with Date in UTC', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -50_000, max: 50_000 }), (d, n) => {
        fc.pre(d > '0138' && d < '9860')
        const date = new Date(`${d}T00:00:00Z`)
        date.setUTCDate(date.getUTCDate() + n)
        const expected = date.toISOString().slice(0, 10)
        expect(addDays(d, n)).toBe(expected)
        expect(daysBetween(d, expected)).toBe(n)
        expect(weekday(expected)).toBe(date.getUTCDay() || 7)
      }),
    )
  })

  test('2022-03-14 was a Monday', () => expect(weekday('2022-03-14')).toBe(1))

  test('bad arguments are named', () => {
    expect(() => addDays('2022-02-30', 1)).toThrow(CodesError)
    expect(() => addDays('2022-02-28', 0.5)).toThrow(/^count/)
    expect(() => addDays('9999-12-31', 1)).toThrow(/^count/)
    expect(() => addDays('0001-01-01', -1)).toThrow(/^count/)
    expect([addDays('9999-12-30', 1), addDays('0001-01-02', -1)]).toEqual(['9999-12-31', '0001-01-01'])
    expect(() => daysBetween('2022-02-28', '')).toThrow(/^to/)
    expect(() => dayOf(new Date(Number.NaN))).toThrow(/^date/)
  })
})

test.each([
  ['2000-03-14', '2022-03-13', 21],
  ['2000-03-14', '2022-03-14', 22],
  ['2000-02-29', '2021-02-28', 20],
  ['2000-02-29', '2021-03-01', 21],
  ['2000-02-29', '2024-02-29', 24],
  ['2022-03-14', '2022-03-14', 0],
])('born %s is on %s %i', (birth, on, age) => {
  expect(ageOn(birth, on)).toBe(age)
})
