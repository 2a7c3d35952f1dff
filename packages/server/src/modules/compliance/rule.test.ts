import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EntryFact, StoreWindow } from './fact.domain.ts'
import { leastGroup } from './identity.domain.ts'
import { isOpen, isOverdue, noticeOf, numberOf, stateAfterReply } from './measure.domain.ts'
import { peersOf } from './peers.domain.ts'
import {
  checkValues,
  judge,
  type RuleName,
  ruleDefinitions,
  ruleNames,
  sortEntries,
  startRules,
  startValues,
} from './rule.domain.ts'
import { gradeOf, scoreOf } from './score.domain.ts'

const from = '2026-03-01'
const to = '2026-03-28'
const days = Array.from({ length: 28 }, (_, n) => `2026-03-${String(n + 1).padStart(2, '0')}`)

let serial = 0
/** An entry of a person of his own, without anything that a rule minds. */
function entry(change: Partial<EntryFact> = {}): EntryFact {
  const n = serial++
  return {
    id: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    day: days[n % 28]!,
    at: 36_000 + ((n * 977) % 30_000),
    lag: 1,
    person: `p${n}`,
    mobile: `m${n}`,
    name: `n${n}`,
    birth: `b${n}`,
    sequence: (n * 37) % 1000,
    oddArea: false,
    goods: `g${n % 5}`,
    fever: false,
    referred: false,
    refusedAt: null,
    ...change,
  }
}
const windowOf = (entries: readonly EntryFact[], change: Partial<StoreWindow> = {}): StoreWindow => ({
  from,
  to,
  complete: to,
  since: from,
  closed: new Set(),
  entries: sortEntries(entries),
  peers: null,
  staff: new Set(),
  ...change,
})
const found = (window: StoreWindow) => judge(window, startRules())
const only = (window: StoreWindow) => [...found(window).keys()]
/** Four entries a day that nobody minds. */
const quiet = () => days.flatMap((day) => Array.from({ length: 4 }, (_, n) => entry({ day, at: 30_000 + n * 9000 })))

const bad: Partial<Record<RuleName, (count: number) => EntryFact[]>> = {
  'fabricated-id': (count) =>
    Array.from({ length: count }, (_, n) =>
      entry({ birth: 'same', sequence: 100 + n * 3, day: days[n % 28]!, at: 40_000 + n }),
    )
      .sort((a, b) => (a.day < b.day ? -1 : 1))
      .map((each, n) => ({ ...each, sequence: 100 + n * 3 })),
  'same-birthday': (count) =>
    Array.from({ length: count }, (_, n) => entry({ birth: 'same', sequence: 900 - n * 11 }))
      .sort((a, b) => (a.day < b.day ? -1 : 1))
      .map((each, n) => ({ ...each, sequence: 900 - n * 11 })),
  'impossible-id': (count) => Array.from({ length: count }, () => entry({ oddArea: true })),
  'shared-id': (count) => Array.from({ length: count }, () => entry({ person: 'one' })),
  'shared-mobile': (count) => Array.from({ length: count }, () => entry({ mobile: 'one' })),
  'near-identical': (count) =>
    Array.from({ length: count }, (_, n) =>
      entry({
        person: `twice${n >> 1}`,
        name: `t${n >> 1}`,
        goods: 'same',
        day: days[(n >> 1) % 28]!,
        at: 40_000 + (n % 2) * 120,
      }),
    ),
  'late-report': (count) => Array.from({ length: count }, () => entry({ lag: 600 })),
  'fever-referral': (count) => Array.from({ length: count }, () => entry({ fever: true })),
  'refused-elsewhere': (count) => Array.from({ length: count }, () => entry({ refusedAt: 'OTHER' })),
  'impossible-time': (count) => Array.from({ length: count }, () => entry({ day: days[3]!, at: 50_000 })),
}

test('an honest store is not pointed at, whatever its size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 25 }), (perDay) => {
      const entries = days.flatMap((day) =>
        Array.from({ length: perDay }, (_, n) => entry({ day, at: 28_800 + n * 1900 })),
      )
      const rules = only(windowOf(entries, perDay === 0 ? { since: '2026-03-27' } : {}))
      expect(rules).toEqual([])
    }),
  )
})

test.each(Object.keys(bad) as RuleName[])('%s is found among honest entries, and no other rule with it', (rule) => {
  fc.assert(
    fc.property(fc.integer({ min: 6, max: 30 }), (half) => {
      // Among a hundred and twelve quiet ones, so that shares matter too; late ones must be many.
      const count = rule === 'late-report' ? 60 : half * 2
      const finding = found(windowOf([...quiet(), ...bad[rule]!(count)]))
      expect([...finding.keys()]).toEqual([rule])
      const { strength, share, evidence } = finding.get(rule)!
      expect(strength).toBeGreaterThanOrEqual(0.5)
      expect(strength).toBeLessThanOrEqual(1)
      expect(share).toBeGreaterThan(0)
      expect(evidence.length).toBeGreaterThan(0)
      for (const { from: first, to: last, entries } of evidence) {
        expect(first <= last).toBe(true)
        expect(entries.length).toBeLessThanOrEqual(50)
      }
    }),
    { numRuns: 25 },
  )
})

test('a file of old sales with fever says nothing of what the counter did', () => {
  const old = (lag: number) => Array.from({ length: 12 }, () => entry({ fever: true, lag }))
  expect(only(windowOf([...quiet(), ...old(20 * 1440)]))).toEqual([])
  const soon = windowOf([...quiet(), ...old(30)])
  expect(only(soon)).toEqual(['fever-referral'])
  // A file of the same evening tells no referral either: what is on record is said, not what was done.
  expect(judge(soon, startRules()).get('fever-referral')!.evidence[0]!.text).toMatch(/没有发热门诊引导记录$/)
})

test('worse is never judged milder', () => {
  for (const [rule, make] of Object.entries(bad) as [RuleName, (count: number) => EntryFact[]][])
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 14 }), (half) => {
        const good = quiet()
        const strength = (count: number) => found(windowOf([...good, ...make(count)])).get(rule)?.strength ?? 0
        expect(strength(half * 2 + 2)).toBeGreaterThanOrEqual(strength(half * 2) - 1e-9)
      }),
      { numRuns: 10 },
    )
})

test('the order of entries does not matter, and judging again gives the same', () => {
  const entries = [...quiet(), ...bad['shared-id']!(8), ...bad['near-identical']!(8)]
  fc.assert(
    fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
      expect(found(windowOf(shuffled))).toEqual(found(windowOf(entries)))
    }),
    { numRuns: 20 },
  )
})

test('own staff are told from customers by their marks alone', () => {
  const own = Array.from({ length: 12 }, (_, n) => entry({ person: 'clerk', name: 'clerk', goods: `g${n}` }))
  expect(only(windowOf([...quiet(), ...own], { staff: new Set(['clerk']) }))).toEqual(['staff-id'])
  expect(only(windowOf([...quiet(), ...own]))).toEqual([])
})

describe('a silent store', () => {
  const without = (first: number, count: number) =>
    days.flatMap((day, n) =>
      n >= first && n < first + count ? [] : Array.from({ length: 4 }, (_, k) => entry({ day, at: 30_000 + k * 9000 })),
    )
  test('is found by its longest gap, wherever it lies', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 3, max: 8 }), (first, count) => {
        const finding = found(windowOf(without(first, count))).get('silent')
        expect(finding).toMatchObject({ count })
        expect(finding!.evidence[0]).toMatchObject({ from: days[first], to: days[first + count - 1] })
      }),
    )
  })
  test('a short gap, a new store and a day that has just begun are none', () => {
    expect(only(windowOf(without(5, 2)))).toEqual([])
    expect(only(windowOf(without(0, 10), { since: days[10]! }))).toEqual([])
    expect(only(windowOf(without(25, 3), { complete: days[26]! }))).toEqual([])
  })
  test('one that sells once in three days may be quiet for a week', () => {
    const rare = days.filter((_, n) => n % 3 === 0 && (n < 9 || n > 16)).map((day) => entry({ day }))
    expect(only(windowOf(rare))).toEqual([])
  })
  test('one that never reported is held against its peers', () => {
    const peers = { median: 4, count: 20, spread: 0.5 }
    expect(only(windowOf([], { peers }))).toEqual(['silent'])
    expect(only(windowOf([]))).toEqual([])
  })
})

describe('declared closings', () => {
  const subset = fc.uniqueArray(fc.nat(27), { maxLength: 28 })
  const silentOn = (gaps: readonly number[]) => {
    const left = new Set(gaps.map((n) => days[n]!))
    return quiet().filter(({ day }) => !left.has(day))
  }
  const timing: readonly RuleName[] = ['silent', 'under-volume', 'late-report']
  const peers = { median: 4, count: 30, spread: 0.3 }

  test('a store that said it is closed is never found silent, late or under its peers for those days', () => {
    fc.assert(
      fc.property(subset, (gaps) => {
        const closed = new Set(gaps.map((n) => days[n]!))
        const rules = found(windowOf(silentOn(gaps), { closed, peers }))
        expect(timing.filter((rule) => rules.has(rule))).toEqual([])
      }),
    )
  })
  test('its word excuses only the days it was about: the others count as without it, no more and no less', () => {
    fc.assert(
      fc.property(subset, subset, (gaps, said) => {
        const entries = silentOn(gaps)
        const closed = new Set(said.map((n) => days[n]!))
        const before = found(windowOf(entries)).get('silent')
        const after = found(windowOf(entries, { closed })).get('silent')
        const unexcused = gaps.filter((n) => !said.includes(n))
        expect(after?.count ?? 0).toBeLessThanOrEqual(unexcused.length)
        // What is said of days with sales changes nothing.
        const sold = new Set(said.filter((n) => !gaps.includes(n)).map((n) => days[n]!))
        expect(found(windowOf(entries, { closed: sold })).get('silent')).toEqual(before)
      }),
    )
  })
  test('closed days between silent ones do not break up the silence', () => {
    const gaps = [10, 11, 12, 13, 14, 15]
    const closed = new Set([days[11]!, days[13]!])
    const finding = found(windowOf(silentOn(gaps), { closed })).get('silent')
    expect(finding?.count).toBe(4)
    expect(finding?.evidence[0]?.text).toContain('已报停业的 2 天不计')
  })
  test('the clock of a late report stands still while the store is closed', () => {
    const held = [entry({ day: days[4]!, at: 86_340, lag: 3 * 1440 + 60 })]
    const many = [
      ...held,
      ...Array.from({ length: 9 }, () => ({ ...held[0]!, id: `x${serial++}`, person: `y${serial}` })),
    ]
    const closed = new Set([days[5]!, days[6]!, days[7]!])
    expect(found(windowOf(many)).has('late-report')).toBe(true)
    expect(found(windowOf(many, { closed })).has('late-report')).toBe(false)
    expect(found(windowOf(many, { closed: new Set([days[5]!]) })).has('late-report')).toBe(true)
  })
})

test('entries typed in at the end of the day are found on the days they are', () => {
  const batch = days.flatMap((day) => Array.from({ length: 5 }, (_, n) => entry({ day, at: 75_000 + n * 40 })))
  const finding = found(windowOf(batch)).get('batch-entry')!
  expect(finding.count).toBe(140)
  expect(finding.evidence.length).toBe(28)
  expect(only(windowOf([...quiet(), ...batch.slice(0, 10)]))).toEqual([])
})

test('far under its peers is told by their own spread', () => {
  const peers = { median: 20, count: 30, spread: 0.6 }
  expect(
    only(
      windowOf(
        days.map((day) => entry({ day })),
        { peers },
      ),
    ),
  ).toEqual(['under-volume'])
  expect(only(windowOf(quiet(), { peers }))).toEqual([])
  expect(
    only(
      windowOf(
        days.map((day) => entry({ day })),
        { peers: { ...peers, count: 5 } },
      ),
    ),
  ).toEqual([])
})

test('days imported of long ago are no late reports', () => {
  const imported = days
    .slice(0, 14)
    .flatMap((day) => Array.from({ length: 4 }, (_, n) => entry({ day, at: 30_000 + n * 9000, lag: 20 * 1440 })))
  const live = days
    .slice(14)
    .flatMap((day) => Array.from({ length: 4 }, (_, n) => entry({ day, at: 30_000 + n * 9000 })))
  expect(only(windowOf([...imported, ...live]))).toEqual([])
})

test('the least group grows with the number of persons, and never below three', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 3000 }), fc.integer({ min: 1, max: 500 }), (persons, more) => {
      const least = leastGroup(persons, 3000, 0.001)
      expect(least).toBeGreaterThanOrEqual(3)
      expect(leastGroup(persons + more, 3000, 0.001)).toBeGreaterThanOrEqual(least)
    }),
  )
})

describe('scores', () => {
  test('are 100 less the points, in tenths, never below 0, and held-off rules take none', () => {
    fc.assert(
      fc.property(
        fc.subarray(ruleNames),
        fc.double({ min: 0.5, max: 1, noNaN: true }),
        fc.boolean(),
        (rules, strength, held) => {
          const finding = new Map(rules.map((rule) => [rule, { strength, count: 3, share: 0.1, evidence: [] }]))
          const score = scoreOf(finding, startRules(), new Set(held ? rules : []))
          const sum = score.parts.reduce((total, { points }) => total + points, 0)
          expect(score.score).toBeCloseTo(Math.max(0, 100 - sum), 6)
          if (held || rules.length === 0) expect(score).toMatchObject({ score: 100, grade: null })
          // Whatever is found is an alert of some grade.
          else expect(score.grade).not.toBeNull()
        },
      ),
    )
  })
  test('a lower score is never a milder grade', () => {
    const order = [null, 'blue', 'yellow', 'orange', 'red']
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one]
        expect(order.indexOf(gradeOf(low))).toBeGreaterThanOrEqual(order.indexOf(gradeOf(high)))
      }),
    )
  })
})

test('parameters outside their bounds, unknown and missing ones are refused with the reason', () => {
  for (const rule of ruleNames) {
    const values = startValues(rule)
    expect(checkValues(rule, values)).toEqual([])
    for (const { name, label, min, max } of ruleDefinitions[rule].parameters) {
      expect(checkValues(rule, { ...values, [name]: min - 1 })).toEqual([`“${label}”应在 ${min} 到 ${max} 之间`])
      expect(checkValues(rule, { ...values, [name]: Number.NaN })).toEqual([`“${label}”未填写`])
      const { [name]: _gone, ...rest } = values
      expect(checkValues(rule, rest)).toHaveLength(1)
    }
    expect(checkValues(rule, { ...values, other: 1 })).toEqual(['没有参数“other”'])
  }
})

test('peers are told by their median and robust spread; one giant changes neither much', () => {
  const stores = Array.from({ length: 21 }, (_, n) => ({ kind: 'k', entries: 28 * (n + 1) }))
  const plain = peersOf(stores, 28).get('k')!
  const giant = peersOf([...stores, { kind: 'k', entries: 1e6 }], 28).get('k')!
  expect(plain).toMatchObject({ median: 11, count: 21 })
  expect(giant.median).toBeLessThanOrEqual(12)
  expect(giant.spread).toBeLessThan(plain.spread * 1.3)
})

test('measures: what counters are told, numbers, states', () => {
  const input = { reasons: ['同一证件 5 笔登记用了 5 个姓名'], note: '请核实', due: '2026年4月1日', number: 'X' }
  expect(noticeOf('warning', input)).toMatchObject({ needs: 'answer', body: expect.stringContaining('1. 同一证件') })
  expect(noticeOf('letter', input)).toMatchObject({ needs: 'sign', title: '提醒告诫书 X' })
  expect(noticeOf('pledge', input)).toMatchObject({ needs: 'sign' })
  expect(noticeOf('interview', input)).toMatchObject({ needs: 'read' })
  expect(noticeOf('task', input)).toBeUndefined()
  expect(numberOf('pledge', 2026, 7)).toBe('药规承诺〔2026〕0007号')
  expect([stateAfterReply('pledge'), stateAfterReply('letter')]).toEqual(['done', 'answered'])
  const due = new Date('2026-03-01')
  expect(isOverdue({ state: 'open', dueAt: due }, new Date('2026-03-02'))).toBe(true)
  expect(isOverdue({ state: 'answered', dueAt: due }, new Date('2026-03-02'))).toBe(false)
  expect([isOpen('answered'), isOpen('done')]).toEqual([true, false])
})
