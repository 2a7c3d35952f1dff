import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawTrace } from './trace.layout.ts'

type Trace = Parameters<typeof drawTrace>[0]
const lot = (id: string, holderName: string, balances: readonly (readonly [string, number])[] = []) =>
  ({
    id,
    holderName,
    balances: balances.map(([holder, grams]) => ({ holderId: holder, holderName: holder, grams })),
  }) as never
const way = (lotId: string, fromName: string, toName: string, grams = 1, received = true) =>
  ({ lotId, fromName, toName, grams, received }) as never

test('a lot goes from hand to hand, and what is made of it stands behind', () => {
  const trace: Trace = {
    lots: [lot('a', '仓', [['仓', 6]]), lot('b', '厂', [['店', 2]])],
    flows: [{ from: 'a', to: 'b', grams: 3 }],
    dispatches: [way('a', '仓', '厂', 2), way('a', '仓', '厂', 2), way('b', '厂', '店', 2, false)],
  }
  const { nodes, edges, left } = drawTrace(trace)
  expect(Object.fromEntries(nodes.map(({ key, column }) => [key, column]))).toEqual({
    ...{ 'a 仓': 0, 'a 厂': 1, 'b 厂': 2, 'b 店': 3 },
  })
  expect(nodes.find(({ key }) => key === 'a 仓')?.grams).toBe(6)
  expect(edges).toEqual([
    { from: 'a 仓', to: 'a 厂', grams: 4, kind: 'sent' },
    { from: 'b 厂', to: 'b 店', grams: 2, kind: 'on the way' },
    { from: 'a 厂', to: 'b 厂', grams: 3, kind: 'made' },
  ])
  expect(left).toBe(0)
})

test('circles end, every box has a place of its own, and ways join boxes that are drawn', () => {
  const names = fc.constantFrom('甲', '乙', '丙', '丁')
  const ids = fc.constantFrom('a', 'b', 'c')
  fc.assert(
    fc.property(
      fc.array(fc.tuple(ids, names, names, fc.boolean()), { maxLength: 14 }),
      fc.array(fc.tuple(ids, ids), { maxLength: 6 }),
      fc.integer({ min: 1, max: 20 }),
      (ways, flows, most) => {
        const trace: Trace = {
          lots: ['a', 'b', 'c'].map((id) => lot(id, '甲', [['乙', 5]])),
          flows: flows.map(([from, to]) => ({ from, to, grams: 1 })),
          dispatches: ways.map(([id, from, to, received]) => way(id, from, to, 1, received)),
        }
        const { nodes, edges, left } = drawTrace(trace, most)
        expect(nodes.length).toBeLessThanOrEqual(most)
        expect(new Set(nodes.map(({ column, row }) => `${column} ${row}`)).size).toBe(nodes.length)
        const keys = new Set(nodes.map(({ key }) => key))
        expect(edges.every(({ from, to }) => keys.has(from) && keys.has(to))).toBe(true)
        expect(left >= 0).toBe(true)
      },
    ),
  )
})
