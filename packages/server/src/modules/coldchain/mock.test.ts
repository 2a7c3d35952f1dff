import { addDays } from '@vigil/codes'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMonths, dueDays, dueNow } from './mock.domain.ts'
import { digestOf, draw } from './mock.draw.ts'

const day = fc.integer({ min: 0, max: 4_000 }).map((n) => addDays('2024-01-31', n))

test('an exercise falls due every so many months from the first day on, on the last day of a short month', () => {
  expect([addMonths('2026-08-31', 6), addMonths('2027-12-15', 1)]).toEqual(['2027-02-28', '2028-01-15'])
  fc.assert(
    fc.property(day, day, fc.integer({ min: 1, max: 24 }), (validFrom, today, months) => {
      const { last, next } = dueDays({ validFrom, months }, today)
      expect(next! > today).toBe(true)
      expect(last === null).toBe(today < validFrom)
      if (last === null) expect(next).toBe(validFrom)
      else expect([last <= today, addMonths(validFrom, monthsBetween(validFrom, next!))]).toEqual([true, next])
    }),
  )
  expect(dueDays({ validFrom: '2024-01-31', months: 0 }, '2026-01-01')).toEqual({ last: null, next: null })
})
const monthsBetween = (from: string, to: string) =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7))

test('the nearest schedule counts, and what is long past is not made up for', () => {
  const rule = (path: string, validFrom: string, months: number) => ({
    path,
    validFrom,
    months,
    createdAt: new Date(0),
  })
  const rules = [rule('/1/', '2026-01-10', 3), rule('/1/2/', '2026-01-12', 6), rule('/1/3/', '2026-01-01', 0)]
  expect(dueNow(rules, '/1/2/', '2026-07-12')).toMatchObject({ dueOn: '2026-07-12', rule: { months: 6 } })
  expect(dueNow(rules, '/1/4/', '2026-04-17')?.dueOn).toBe('2026-04-10')
  for (const [county, today] of [
    ['/1/4/', '2026-04-18'],
    ['/1/3/', '2026-04-10'],
    ['/1/4/', '2026-01-09'],
  ] as const)
    expect(dueNow(rules, county, today)).toBeUndefined()
})

test('a draw can be repeated by its seed whatever the order, and every lot has the same chance', () => {
  const ids = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(ids, fc.string({ minLength: 1 }), fc.nat(35), (candidates, seed, count) => {
      const drawn = draw(seed, candidates, count)
      expect(drawn).toHaveLength(Math.min(count, candidates.length))
      expect(new Set(drawn).size).toBe(drawn.length)
      expect(draw(seed, candidates.toReversed(), count)).toEqual(drawn)
      expect(digestOf(candidates.toReversed())).toBe(digestOf(candidates))
    }),
  )
  const lots = ['a', 'b', 'c', 'd']
  const times = new Map(lots.map((lot) => [lot, 0]))
  for (let n = 0; n < 4_000; n++) for (const lot of draw(`seed ${n}`, lots, 1)) times.set(lot, times.get(lot)! + 1)
  // Within five standard deviations of a quarter each.
  for (const count of times.values()) expect(Math.abs(count - 1_000)).toBeLessThan(5 * Math.sqrt(4_000 * 0.25 * 0.75))
})
