import type { ColdRecallDetail, TraceRows } from '@vigil/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { narrowRecall } from './recall.scope.ts'
import { narrowTrace } from './trace.scope.ts'

const ids = ['a', 'b', 'c', 'd'] as const
const id = fc.constantFrom(...ids)
const grams = fc.integer({ min: 1, max: 1000 })
const fate = fc.constantFrom('on-hand', 'in-transit', 'consumed', 'unaccounted') as fc.Arbitrary<'on-hand'>
const line = fc.record({ holderId: id, to: fc.option(id), fate, grams, confirmed: fc.boolean() })
const mine = new Map([
  ['a', '甲'],
  ['b', '乙'],
])
const names: Record<string, string> = { a: '甲', b: '乙', c: '丙', d: '丁' }

function recallWith(
  lines: readonly { holderId: string; to: string | null; fate: 'on-hand'; grams: number; confirmed: boolean }[],
) {
  const facts = { lotId: 'l', lotNo: 'L1', mass: 1 }
  const told = { toldAt: '', remindedAt: null, reminders: 0, told: [] }
  return {
    ...{ total: 999_999, accounted: 999_999, confirmed: 999_999, outcome: '已结', now: [], mock: { score: 1 } },
    ...{
      byFate: [{ fate: 'left', grams: 5 }],
      problems: [{ rule: 'x', lotNo: 'L1', grams: 1 }],
      asked: 9,
      answered: 9,
    },
    lines: lines.map(({ to, ...one }) => ({
      ...{ ...facts, ...one, holderName: names[one.holderId]! },
      toName: to === null ? null : names[to]!,
    })),
    notices: ids.map((holderId) => ({ ...told, holderId, holderName: names[holderId]!, waiting: holderId === 'a' })),
    counts: ids.map((holder) => ({ holderName: names[holder]!, lotNo: 'L1', grams: 1, note: '', at: '', by: '' })),
    disposals: ids.map((holder) => ({ holderName: names[holder]!, lotNo: 'L1', grams: 1 })),
  } as unknown as ColdRecallDetail
}

test('of a recall a business learns its own lines and their sums, whatever the whole is', () => {
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const seen = narrowRecall(recallWith(lines), mine)
      const own = lines.filter(({ holderId, to }) => mine.has(holderId) || (to !== null && mine.has(to)))
      expect(seen.lines).toHaveLength(own.length)
      const sum = own.reduce((total, one) => total + one.grams, 0)
      expect([seen.total, seen.byFate.reduce((total, one) => total + one.grams, 0)]).toEqual([sum, sum])
      expect(seen.confirmed + seen.accounted).toBeLessThanOrEqual(2 * sum)
      expect([seen.problems, seen.mock, seen.now, seen.outcome]).toEqual([[], null, null, ''])
      expect([seen.asked, seen.answered, seen.counts.length, seen.disposals.length]).toEqual([2, 1, 2, 2])
    }),
  )
})

test('of a trace a business sees nothing that is neither at, from nor to itself', () => {
  const lot = fc.record({ id, balances: fc.array(fc.record({ holderId: id, grams })) })
  const way = fc.record({ lotId: id, fromId: id, toId: id, grams })
  const flow = fc.record({ from: id, to: id, grams })
  const own = { holders: new Set(['a']), lots: new Set(['a', 'b']), flows: new Set(['a b', 'a c']) }
  fc.assert(
    fc.property(fc.array(lot), fc.array(way), fc.array(flow), (lots, dispatches, flows) => {
      const places = ids.map((one) => ({ id: one, grams: 7 }))
      const seen = narrowTrace({ start: 'a', cut: false, lots, dispatches, flows, places } as unknown as TraceRows, own)
      expect(
        seen.lots.every((one) => own.lots.has(one.id) && one.balances.every(({ holderId }) => holderId === 'a')),
      ).toBe(true)
      expect(seen.dispatches).toEqual(
        dispatches.filter(({ lotId, fromId, toId }) => own.lots.has(lotId) && (fromId === 'a' || toId === 'a')),
      )
      expect(seen.flows).toEqual(flows.filter(({ from, to }) => from === 'a' && to === 'b'))
      const involved = new Set(['a', ...seen.dispatches.flatMap(({ fromId, toId }) => [fromId, toId])])
      expect(seen.places.map((one) => [one.id, one.grams])).toEqual(
        ids.filter((one) => involved.has(one)).map((one) => [one, one === 'a' ? 7 : 0]),
      )
    }),
  )
})
