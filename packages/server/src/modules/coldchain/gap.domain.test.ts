import { addDays, dayOf } from '@vigil/codes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type GapFacts, gapDays, gapKinds, gapRuleOn, gapRules, gapsOf } from './gap.domain.ts'

const day = 86_400_000
const now = Date.parse('2026-11-22T08:00:00+08:00')
const stock = {
  lot: 'A',
  holder: 'H',
  sells: false,
  grams: 100,
  movedAt: now - day,
  countedAt: now - day,
  expiresOn: '2027-01-01',
  entered: true,
}
const open = { dispatch: 'd', lot: 'A', from: 'H', to: 'I', grams: 5, sentAt: now - day }
const kinds = (facts: Partial<GapFacts>, at = now) =>
  gapsOf({ open: [], stock: [], ...facts }, at).map(({ kind }) => kind)

test('what is as it should be has no gap', () => {
  expect(kinds({ open: [open], stock: [stock, { ...stock, holder: 'shop', sells: true }] })).toEqual([])
})
test('each kind is found from the moment on that it is due', () => {
  expect(kinds({ open: [{ ...open, sentAt: now - 2 * day }] })).toEqual(['not-received'])
  expect(kinds({ open: [{ ...open, sentAt: now - 2 * day + 1 }] })).toEqual([])
  const idle = { ...stock, movedAt: now - 30 * day }
  expect(kinds({ stock: [idle] })).toEqual(['not-sent-on'])
  expect(kinds({ stock: [{ ...idle, sells: true }] })).toEqual([])
  expect(kinds({ stock: [{ ...stock, sells: true, entered: false }] })).toEqual(['no-entry'])
  expect(kinds({ stock: [{ ...stock, entered: false }] })).toEqual([])
  expect(kinds({ stock: [{ ...stock, expiresOn: '2026-11-21' }] })).toEqual(['expired'])
  expect(kinds({ stock: [{ ...stock, expiresOn: '2026-11-22' }] })).toEqual([])
  expect(kinds({ stock: [{ ...stock, countedAt: now - 30 * day }] })).toEqual(['uncounted'])
  expect(kinds({ stock: [{ ...stock, countedAt: null }] })).toEqual([])
  expect(kinds({ stock: [{ ...idle, sells: true, countedAt: null }] })).toEqual(['uncounted'])
  expect(kinds({ stock: [{ ...idle, grams: 0, countedAt: null, expiresOn: '2020-01-01' }] })).toEqual([])
})
test('a rule holds from its day on', () => {
  const rules = [...gapRules, { since: '2026-06-01', transitHours: 1, idleDays: 1, countDays: 1 }]
  expect(gapRuleOn('2026-05-31', rules).transitHours).toBe(48)
  expect(gapRuleOn('2026-06-01', rules).transitHours).toBe(1)
  expect(gapsOf({ open: [open], stock: [] }, now, gapRuleOn('2026-11-22', rules))).toHaveLength(1)
})

const instants = fc.integer({ min: -90, max: 0 }).map((days) => now + days * day)
const facts: fc.Arbitrary<GapFacts> = fc.record({
  open: fc.uniqueArray(
    fc.record({
      dispatch: fc.nat(20).map(String),
      lot: fc.constant('A'),
      from: fc.constant('H'),
      to: fc.constant('I'),
      grams: fc.integer({ min: 1 }),
      sentAt: instants,
    }),
    {
      selector: ({ dispatch }) => dispatch,
    },
  ),
  stock: fc.uniqueArray(
    fc.record({
      lot: fc.nat(5).map(String),
      holder: fc.nat(5).map(String),
      sells: fc.boolean(),
      grams: fc.nat(10),
      movedAt: instants,
      countedAt: fc.option(instants),
      expiresOn: fc.option(fc.integer({ min: -60, max: 60 }).map((days) => addDays('2026-11-22', days))),
      entered: fc.boolean(),
    }),
    { selector: ({ lot, holder }) => `${lot}/${holder}` },
  ),
})
test('every gap is overdue, named once, and stays until something happens', () => {
  fc.assert(
    fc.property(facts, fc.nat(40), (any, later) => {
      const gaps = gapsOf(any, now)
      expect(new Set(gaps.map(({ key }) => key)).size).toBe(gaps.length)
      for (const gap of gaps) {
        expect(gap.due).toBeLessThanOrEqual(now)
        expect(gapDays(gap, now)).toBeGreaterThanOrEqual(0)
        expect(gapKinds).toContain(gap.kind)
      }
      expect(gaps.map(({ due }) => due)).toEqual(gaps.map(({ due }) => due).sort((a, b) => a - b))
      const then = new Set(gapsOf(any, now + later * day).map(({ key }) => key))
      expect(gaps.every(({ key }) => then.has(key))).toBe(true)
    }),
  )
})
test('days are counted as the calendar does in China', () => {
  const [gap] = gapsOf({ open: [], stock: [{ ...stock, expiresOn: '2026-11-20' }] }, now)
  expect([dayOf(new Date(gap!.due)), gapDays(gap!, now)]).toEqual(['2026-11-21', 1])
})
