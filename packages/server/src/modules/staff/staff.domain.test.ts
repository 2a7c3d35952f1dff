import { addDays, type Day, daysBetween } from '@vigil/codes'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  assess,
  count,
  endOfDay,
  type Facts,
  lateFacts,
  noFigures,
  type Rule,
  ruleAt,
  settledAt,
  sumOf,
  type Test,
} from './staff.domain.ts'

const start: Day = '2026-11-01'
const at = (day: Day, hour = 9) => new Date(`${day}T${String(hour).padStart(2, '0')}:00:00+08:00`)
const rule: Rule = {
  path: '/350000/350500/',
  validFrom: '2026-01-01',
  cycleDays: 15,
  warnDays: 3,
  createdAt: at('2026-01-01'),
}
const tested = (sampledOn: Day, enteredOn = sampledOn): Test => ({ sampledOn, enteredAt: at(enteredOn), voidAt: null })
const facts = (more: Partial<Facts> = {}): Facts => ({
  path: '/350000/350500/350582/350582S01/STORE-A/',
  joinedOn: '2026-06-01',
  recordedAt: at('2026-06-01'),
  leftOn: null,
  leftRecordedAt: null,
  voidAt: null,
  tests: [],
  exemptions: [],
  ...more,
})

const day = fc.integer({ min: 0, max: 60 }).map((n) => addDays(start, n))
const anyTest: fc.Arbitrary<Test> = fc
  .tuple(day, fc.nat(20), fc.option(fc.nat(20)))
  .map(([sampledOn, later, gone]) => ({
    sampledOn,
    enteredAt: at(addDays(sampledOn, later)),
    voidAt: gone === null ? null : at(addDays(sampledOn, later + gone), 10),
  }))
const anyExemption = fc.tuple(day, fc.nat(10), fc.nat(20)).map(([fromDay, length, later]) => ({
  fromDay,
  toDay: addDays(fromDay, length),
  enteredAt: at(addDays(fromDay, later)),
  voidAt: null,
}))
const anyFacts = fc
  .record({
    joinedOn: day,
    late: fc.nat(20),
    left: fc.option(fc.tuple(fc.nat(40), fc.nat(20))),
    tests: fc.array(anyTest, { maxLength: 6 }),
    exemptions: fc.array(anyExemption, { maxLength: 2 }),
  })
  .map(({ joinedOn, late, left, tests, exemptions }) =>
    facts({
      joinedOn,
      recordedAt: at(addDays(joinedOn, late)),
      leftOn: left ? addDays(joinedOn, left[0]) : null,
      leftRecordedAt: left ? at(addDays(joinedOn, left[0] + left[1])) : null,
      tests,
      exemptions,
    }),
  )

describe('the cycle', () => {
  const on = (offset: number) => assess(facts({ tests: [tested(start)] }), rule, addDays(start, offset), null)?.state
  test('in time, soon in the days of warning, due on the day, overdue after it', () => {
    expect([0, 11, 12, 14, 15, 16].map(on)).toEqual(['covered', 'covered', 'soon', 'soon', 'due', 'overdue'])
  })

  test('a newcomer, one who comes back and one under a new rule have the days of warning, uncovered', () => {
    const fresh = facts({ joinedOn: start, recordedAt: at(start) })
    expect([0, 2, 3, 4].map((n) => assess(fresh, rule, addDays(start, n), null)?.state)).toEqual([
      'soon',
      'soon',
      'due',
      'overdue',
    ])
    expect(assess(fresh, rule, start, null)?.covered).toBe(false)
    const back = facts({
      exemptions: [
        { fromDay: addDays(start, -40), toDay: addDays(start, -1), enteredAt: at('2026-09-01'), voidAt: null },
      ],
    })
    expect([-1, 0, 3, 4].map((n) => assess(back, rule, addDays(start, n), null)?.state)).toEqual([
      'exempt',
      'soon',
      'due',
      'overdue',
    ])
    const stricter = { ...rule, cycleDays: 7, validFrom: addDays(start, 10), createdAt: at(start) }
    const slow = facts({ tests: [tested(start)] })
    expect([10, 13, 14].map((n) => assess(slow, stricter, addDays(start, n), null)?.state)).toEqual([
      'soon',
      'due',
      'overdue',
    ])
  })

  test('nobody is covered and overdue at once; covered is what the calendar says', () => {
    fc.assert(
      fc.property(anyFacts, day, (given, on) => {
        const found = assess(given, rule, on, null)
        if (!found) return
        if (found.state === 'overdue') expect(found.covered).toBe(false)
        const good = given.tests.some(
          (test) => test.voidAt === null && test.sampledOn <= on && daysBetween(test.sampledOn, on) <= 15,
        )
        if (found.state !== 'exempt') expect(found.covered).toBe(good)
      }),
    )
  })

  test('one more test never makes anybody worse', () => {
    fc.assert(
      fc.property(anyFacts, day, day, (given, sampled, on) => {
        const before = assess(given, rule, on, null)
        const after = assess({ ...given, tests: [...given.tests, tested(sampled)] }, rule, on, null)
        if (before?.covered) expect(after?.covered).toBe(true)
        if (before && before.dueOn !== null) expect(after!.dueOn! >= before.dueOn).toBe(true)
      }),
    )
  })
})

describe('what was known then', () => {
  test('a fact that is entered later changes nothing of what was known', () => {
    fc.assert(
      fc.property(anyFacts, day, fc.integer({ min: 1, max: 20 }), (given, on, later) => {
        const then = endOfDay(on)
        const more = { ...given, tests: [...given.tests, tested(on, addDays(on, later))] }
        expect(assess(more, rule, on, then)).toEqual(assess(given, rule, on, then))
        expect(lateFacts(more, on).tests).toBe(lateFacts(given, on).tests + 1)
      }),
    )
  })

  test('without late facts, then and now are the same', () => {
    fc.assert(
      fc.property(anyFacts, day, (given, on) => {
        const then = endOfDay(on)
        const late = lateFacts(given, on)
        const taken = [...given.tests, ...given.exemptions].some((fact) => fact.voidAt !== null)
        if (late.member || late.left || late.tests || late.exemptions || taken) return
        expect(assess(given, rule, on, then)).toEqual(assess(given, rule, on, null))
      }),
    )
  })

  test('once everything is on record, then and now are the same', () => {
    fc.assert(
      fc.property(anyFacts, day, (given, on) => {
        const then = endOfDay(on)
        if (settledAt(given) <= then.getTime())
          expect(assess(given, rule, on, then)).toEqual(assess(given, rule, on, null))
        expect(assess(given, rule, on, new Date(settledAt(given)))).toEqual(assess(given, rule, on, null))
      }),
    )
  })

  test('a test taken back counted until then', () => {
    const given = facts({ tests: [{ ...tested(start), voidAt: at(addDays(start, 5)) }] })
    expect(assess(given, rule, addDays(start, 2), endOfDay(addDays(start, 2)))?.covered).toBe(true)
    expect(assess(given, rule, addDays(start, 2), null)?.covered).toBe(false)
  })
})

describe('rules', () => {
  test('the nearest area, there the one that began last; none before it begins', () => {
    const county: Rule = { ...rule, path: '/350000/350500/350582/', validFrom: '2026-11-10', cycleDays: 7 }
    const all = [rule, county, { ...rule, validFrom: '2026-11-15', cycleDays: null }]
    const path = facts().path
    expect(ruleAt(all, path, '2026-11-09', null)).toBe(rule)
    expect(ruleAt(all, path, '2026-11-20', null)).toBe(county)
    expect(ruleAt(all, '/350000/350500/350583/', '2026-11-20', null)?.cycleDays).toBe(null)
    expect(ruleAt(all, path, '2025-12-31', null)).toBe(undefined)
    expect(assess(facts(), ruleAt(all, '/350000/350500/350583/', '2026-11-20', null), '2026-11-20', null)?.state).toBe(
      'free',
    )
  })

  test('a rule that is made later changes no day before it', () => {
    fc.assert(
      fc.property(anyFacts, day, day, (given, on, from) => {
        if (from <= on) return
        const later = { ...rule, validFrom: from, createdAt: at(from), cycleDays: 1 }
        expect(assess(given, ruleAt([rule, later], given.path, on, null), on, null)).toEqual(
          assess(given, rule, on, null),
        )
      }),
    )
  })
})

test('figures add up, and nobody is counted twice', () => {
  fc.assert(
    fc.property(fc.array(anyFacts, { maxLength: 20 }), day, (all, on) => {
      const each = all.map((given) => {
        const figures = noFigures()
        const found = assess(given, rule, on, null)
        if (found) count(figures, found)
        return figures
      })
      const sum = sumOf(each)
      expect(sum.required + sum.exempt).toBe(all.filter((given) => assess(given, rule, on, null)).length)
      expect(sum.covered + sum.overdue).toBeLessThanOrEqual(sum.required)
    }),
  )
})
