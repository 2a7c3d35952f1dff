import { addDays, startOfDay } from '@vigil/codes'
import type { FollowupRules } from '@vigil/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findCauses, isFresh, type Purchase } from './cause.domain.ts'
import { defaultRules, highest, longestDays, problemsOf } from './rules.domain.ts'

const today = '2022-12-20'
const alone = { mobiles: new Map<string, number>(), address: 0 }
let serial = 0

function bought(daysAgo: number, change: Partial<Purchase> = {}): Purchase {
  const day = addDays(today, -daysAgo)
  const soldAt = new Date(startOfDay(day).getTime() + 36_000_000)
  serial += 1
  return {
    id: `p${String(serial).padStart(6, '0')}`,
    soldAt,
    receivedAt: soldAt,
    day,
    storeCode: 'A',
    classes: ['cough'],
    symptoms: [],
    temperatureTenths: null,
    proxy: false,
    undone: false,
    mobile: null,
    ...change,
  }
}
const kinds = (history: readonly Purchase[], shared = alone, rules: FollowupRules = defaultRules) =>
  findCauses(rules, history, shared, today).map(({ kind }) => kind)

describe('each rule at its threshold', () => {
  test('fever by temperature, by symptom, and not below', () => {
    expect(kinds([bought(0, { temperatureTenths: 373 })])).toEqual(['fever'])
    expect(kinds([bought(0, { temperatureTenths: 372 })])).toEqual([])
    expect(kinds([bought(0, { symptoms: ['fever'] })])).toEqual(['fever'])
    expect(kinds([bought(0, { symptoms: ['cough'] })])).toEqual([])
    expect(kinds([bought(2, { temperatureTenths: 390 })])).toEqual(['fever'])
    expect(kinds([bought(3, { temperatureTenths: 390 })])).toEqual([])
  })

  test('repeat purchases need their number, their days and their stores', () => {
    expect(kinds([bought(0), bought(3), bought(6, { storeCode: 'B' })])).toEqual(['repeat'])
    expect(kinds([bought(0), bought(3), bought(7, { storeCode: 'B' })])).toEqual([])
    expect(kinds([bought(0), bought(3), bought(6)])).toEqual([])
    expect(kinds([bought(0), bought(6, { storeCode: 'B' })])).toEqual([])
  })

  test('several classes within days', () => {
    const three = [bought(0), bought(1, { classes: ['antiviral'] }), bought(2, { classes: ['antipyretic'] })]
    expect(kinds(three)).toEqual(['classes'])
    expect(kinds([three[0]!, three[1]!, bought(3, { classes: ['antipyretic'] })])).toEqual([])
    expect(kinds([bought(0, { classes: ['cough', 'antiviral', 'antibiotic'] })])).toEqual(['classes'])
  })

  test('a mobile of many, but not of a whole store', () => {
    const one = [bought(0, { mobile: 'm' })]
    const shared = (count: number) => ({ mobiles: new Map([['m', count]]), address: 0 })
    expect(kinds(one, shared(3))).toEqual([])
    expect(kinds(one, shared(4))).toEqual(['mobile'])
    expect(kinds(one, shared(10))).toEqual(['mobile'])
    expect(kinds(one, shared(11))).toEqual([])
  })

  test('an address counts for those who met a rule themselves', () => {
    const shared = { mobiles: new Map<string, number>(), address: 2 }
    expect(kinds([bought(0)], shared)).toEqual([])
    expect(kinds([bought(0, { temperatureTenths: 380 })], shared)).toEqual(['fever', 'address'])
    expect(kinds([bought(0, { temperatureTenths: 380 })], { ...shared, address: 1 })).toEqual(['fever'])
  })

  test('buying for others', () => {
    expect(kinds([bought(0, { proxy: true }), bought(9, { proxy: true }), bought(13, { proxy: true })])).toEqual([
      'proxy',
    ])
    expect(kinds([bought(0, { proxy: true }), bought(9, { proxy: true }), bought(9)])).toEqual([])
  })
})

const anyPurchase = fc
  .record({
    daysAgo: fc.integer({ min: 0, max: 20 }),
    storeCode: fc.constantFrom('A', 'B', 'C'),
    classes: fc.uniqueArray(fc.constantFrom('antipyretic', 'cough', 'antibiotic', 'antiviral'), { minLength: 1 }),
    symptoms: fc.uniqueArray(fc.constantFrom('fever', 'cough', 'other', 'chest-tightness')),
    temperatureTenths: fc.option(fc.integer({ min: 355, max: 400 })),
    proxy: fc.boolean(),
    undone: fc.boolean(),
    mobile: fc.constantFrom(null, 'm', 'n'),
  })
  .map(({ daysAgo, ...change }) => bought(daysAgo, change))
const history = fc.array(anyPurchase, { maxLength: 12 })
const shared = fc
  .record({ m: fc.integer({ min: 0, max: 14 }), address: fc.integer({ min: 0, max: 14 }) })
  .map(({ m, address }) => ({ mobiles: new Map([['m', m]]), address }))

describe('of any history', () => {
  test('every finding stands on own purchases that count, one of them fresh', () => {
    fc.assert(
      fc.property(history, shared, (list, others) => {
        const counting = new Map(list.filter(({ undone }) => !undone).map((one) => [one.id, one]))
        for (const { kind, purchases, dueHours } of findCauses(defaultRules, list, others, today)) {
          expect(dueHours).toBe(defaultRules[kind].dueHours)
          expect(purchases.every((id) => counting.has(id))).toBe(true)
          expect(purchases.some((id) => isFresh(defaultRules, today, counting.get(id)!))).toBe(true)
        }
      }),
    )
  })

  test('the order of the purchases says nothing, and undone ones are as if they were not', () => {
    fc.assert(
      fc.property(history, shared, (list, others) => {
        const found = findCauses(defaultRules, list, others, today)
        expect(findCauses(defaultRules, [...list].reverse(), others, today)).toEqual(found)
        expect(
          findCauses(
            defaultRules,
            list.filter(({ undone }) => !undone),
            others,
            today,
          ),
        ).toEqual(found)
      }),
    )
  })

  test('one more purchase takes no cause away', () => {
    fc.assert(
      fc.property(history, anyPurchase, shared, (list, more, others) => {
        const after = new Set(kinds([...list, more], others))
        for (const kind of kinds(list, others)) expect(after).toContain(kind)
      }),
    )
  })

  test('a rule that is off finds nobody, whatever the others do', () => {
    fc.assert(
      fc.property(
        history,
        shared,
        fc.constantFrom('fever', 'repeat', 'classes', 'mobile', 'address', 'proxy'),
        (list, others, kind) => {
          const rules = { ...defaultRules, [kind]: { ...defaultRules[kind as 'fever'], on: false } } as FollowupRules
          expect(kinds(list, others, rules)).not.toContain(kind)
        },
      ),
    )
  })

  test('repeat purchases are found exactly where some fresh purchase ends a window with enough of them', () => {
    fc.assert(
      fc.property(history, (list) => {
        const counting = list.filter(({ undone }) => !undone)
        const { purchases, days, stores } = defaultRules.repeat
        const expected = counting.some((end) => {
          const first = addDays(end.day, 1 - days)
          const window = counting.filter((one) => one.day >= first && one.day <= end.day)
          const enough = window.length >= purchases && new Set(window.map(({ storeCode }) => storeCode)).size >= stores
          return isFresh(defaultRules, today, end) && enough
        })
        expect(kinds(list).includes('repeat')).toBe(expected)
      }),
    )
  })
})

describe('rules', () => {
  test('the defaults are possible, and look back as far as their longest period', () => {
    expect(problemsOf(defaultRules)).toEqual([])
    expect(longestDays(defaultRules)).toBe(14)
  })

  test.each([
    ['/repeat/stores', { repeat: { ...defaultRules.repeat, stores: 4 } }],
    ['/mobile/most', { mobile: { ...defaultRules.mobile, most: 3 } }],
    ['/fever/temperatureTenths', { fever: { ...defaultRules.fever, temperatureTenths: 500 } }],
    ['/proxy/dueHours', { proxy: { ...defaultRules.proxy, dueHours: 0 } }],
    ['/freshDays', { freshDays: 1.5 }],
  ])('what is impossible at %s is told', (pointer, change) => {
    const problems = problemsOf({ ...defaultRules, ...change })
    expect(problems.map((one) => one.pointer)).toContain(pointer)
    expect(problems[0]!.detail).toMatch(/\p{Script=Han}/u)
  })

  test('rules without problems find somebody: each one can be met', () => {
    const number = fc.integer({ min: -2, max: 60 })
    fc.assert(
      fc.property(number, number, number, (purchases, days, stores) => {
        const rules = { ...defaultRules, repeat: { ...defaultRules.repeat, purchases, days, stores } }
        fc.pre(problemsOf(rules).length === 0)
        const list = Array.from({ length: purchases }, (_, index) => bought(0, { storeCode: `S${index}` }))
        expect(kinds(list, alone, rules)).toContain('repeat')
      }),
    )
  })

  test('the gravest grade wins', () => {
    expect(highest(['yellow', 'red', 'blue'])).toBe('red')
    expect(highest(['yellow', 'blue'])).toBe('yellow')
  })
})
