import { addDays, startOfDay } from '@vigil/codes'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bindingTime,
  couldKnow,
  endOf,
  forbids,
  jointScore,
  matchDay,
  orderTime,
  type Rule,
  refuseChange,
  resultOf,
  stateOf,
} from './stopsale.domain.ts'

const day = '2022-12-05'
const hour = 3_600_000
const noon = startOfDay(day).getTime() + 12 * hour
const drug = { id: 'd1', class: 'antipyretic', generic: '布洛芬缓释胶囊' }
const path = '/350000/350500/350582/350582S01/P350582A/'
const rule = (change: Partial<Rule> = {}): Rule => ({
  orderId: 'o1',
  path: '/350000/350500/350582/',
  kind: 'drug',
  value: 'd1',
  from: noon,
  to: null,
  toldAt: noon,
  ...change,
})
const instant = fc.integer({ min: noon - 200 * hour, max: noon + 200 * hour })
const span = fc.tuple(instant, fc.option(fc.integer({ min: 0, max: 100 * hour }), { nil: null }))

describe('what binds when and where', () => {
  test('an order never binds before its issue, nor before its first day, nor after its last', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -10, max: 10 }),
        fc.option(fc.integer({ min: 0, max: 10 }), { nil: null }),
        instant,
        (offset, length, issuedAt) => {
          const from = addDays(day, offset)
          const to = length === null ? null : addDays(from, length)
          const { startsAt, endsAt } = orderTime(from, to, issuedAt)
          expect(startsAt).toBe(Math.max(issuedAt, startOfDay(from).getTime()))
          if (to === null) expect(endsAt).toBeNull()
          else expect(endsAt).toBe(Math.max(endOf(to), startsAt))
        },
      ),
    )
  })
  test('a line binds while both it and its order do', () => {
    fc.assert(
      fc.property(span, span, instant, ([startsAt, length], [addedAt, stay], at) => {
        const order = { startsAt, endsAt: length === null ? null : startsAt + length }
        const item = { addedAt, removedAt: stay === null ? null : addedAt + stay }
        const inside = (from: number, to: number | null) => from <= at && (to === null || at < to)
        const binds = forbids(rule(bindingTime(order, item)), path, drug, at)
        expect(binds).toBe(inside(order.startsAt, order.endsAt) && inside(item.addedAt, item.removedAt))
      }),
    )
  })
  test('by drug, generic name or class, and only within the area', () => {
    expect(forbids(rule(), path, drug, noon)).toBe(true)
    expect(forbids(rule({ kind: 'generic', value: drug.generic }), path, { ...drug, id: 'new' }, noon)).toBe(true)
    expect(forbids(rule({ kind: 'class', value: 'antipyretic' }), path, { ...drug, id: 'new' }, noon)).toBe(true)
    expect(forbids(rule({ kind: 'class', value: 'cough' }), path, drug, noon)).toBe(false)
    expect(forbids(rule(), path, { ...drug, id: 'd2' }, noon)).toBe(false)
    expect(forbids(rule(), '/350000/350500/350583/350583S01/P/', drug, noon)).toBe(false)
    expect(forbids(rule(), path, drug, noon - 1)).toBe(false)
  })
  test('a device could know what was told before it last asked', () => {
    expect([undefined, noon - 1, noon, noon + 1].map((knownAt) => couldKnow(rule(), knownAt))).toEqual([
      false,
      false,
      true,
      true,
    ])
  })
})

describe('a day of a bill', () => {
  const start = startOfDay(day).getTime()
  test('is matched when no instant of it was lawful, partial when some were, else free', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: 0, max: 40 })), { maxLength: 4 }),
        (parts) => {
          const rules = parts.map(([from, length], at) =>
            rule({ orderId: `o${at}`, from: start + from * hour, to: start + (from + length) * hour }),
          )
          const hours = Array.from({ length: 24 }, (_, at) => start + at * hour)
          const barred = hours.filter((at) => rules.some((each) => forbids(each, path, drug, at))).length
          const { match, orderId } = matchDay(rules, path, drug, day)
          expect(match).toBe(barred === 24 ? 'matched' : barred === 0 ? 'none' : 'partial')
          expect(orderId === null).toBe(match === 'none')
        },
      ),
    )
  })
  test('names the order that forbade most of it; elsewhere there is none', () => {
    const rules = [
      rule({ orderId: 'short', from: start, to: start + hour }),
      rule({ orderId: 'long', from: start + hour }),
    ]
    expect(matchDay(rules, path, drug, day)).toEqual({ match: 'matched', orderId: 'long' })
    expect(matchDay(rules, '/350000/350500/350583/x/y/', drug, day)).toEqual({ match: 'none', orderId: null })
  })
})

test('an order goes from draft to coming, in force, over; or is dropped', () => {
  const at = (ms: number) => new Date(noon + ms)
  const issued = { status: 'issued', startsAt: at(0), endsAt: at(hour) } as const
  expect([-1, 0, hour - 1, hour].map((ms) => stateOf(issued, at(ms)))).toEqual([
    'coming',
    'in-force',
    'in-force',
    'over',
  ])
  expect(stateOf({ ...issued, endsAt: null }, at(1e12))).toBe('in-force')
  expect(stateOf({ status: 'draft', startsAt: null, endsAt: null }, at(0))).toBe('draft')
  expect(stateOf({ status: 'dropped', startsAt: null, endsAt: null }, at(0))).toBe('dropped')
})

test('of an issued order only the end moves, and not into the past', () => {
  const before = { name: '甲', areaCode: '350582', from: day, to: null }
  expect(refuseChange(before, before, day)).toBeUndefined()
  expect(refuseChange(before, { ...before, to: day }, day)).toBeUndefined()
  const wrong = [{ name: '乙' }, { areaCode: '350500' }, { from: addDays(day, 1) }, { to: addDays(day, -1) }]
  expect(wrong.map((change) => refuseChange(before, { ...before, ...change }, day)?.pointer)).toEqual([
    '/name',
    '/areaCode',
    '/from',
    '/to',
  ])
})

test('one point that does not hold is a finding; a paid line weighs more than any number of refusals below ten', () => {
  expect(resultOf({ sealed: 'yes', window: 'na' })).toBe('pass')
  expect(resultOf({ sealed: 'yes', window: 'no' })).toBe('fail')
  const none = { lines: 0, sales: 0, refusals: 0, failed: 0 }
  expect(jointScore({ ...none, lines: 1 })).toBeGreaterThan(jointScore({ ...none, refusals: 9 }))
})
