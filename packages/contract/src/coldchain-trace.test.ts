import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closeTrace, openTrace, type TraceRows } from './coldchain-trace.terms.ts'

test('what is closed into columns opens into the same rows', () => {
  const holders = ['x', 'y', 'z'] as const
  const lots = ['a', 'b', 'c'] as const
  const [lot, holder] = [fc.constantFrom(...lots), fc.constantFrom(...holders)]
  const grams = fc.integer({ min: 1, max: 9_000_000 })
  const balances = fc.uniqueArray(fc.tuple(lot, holder, grams), { selector: ([of, at]) => `${of} ${at}` })
  const flows = fc.array(fc.record({ from: lot, to: lot, grams }))
  const ways = fc.array(fc.tuple(lot, holder, holder, grams, fc.integer({ min: 0, max: 2e12 }), fc.boolean()))
  fc.assert(
    fc.property(balances, flows, ways, (held, made, sent) => {
      const rows = {
        ...{ start: 'a', cut: false, flows: made },
        places: holders.map((id) => ({ id, name: `名${id}`, grams: 0 })),
        // As the server has them: most grams first.
        lots: lots.map((id) => ({
          ...{ id, lotNo: `L${id}` },
          balances: held
            .filter(([of]) => of === id)
            .sort((a, b) => b[2] - a[2])
            .map(([, at, mass]) => ({ holderId: at, holderName: `名${at}`, grams: mass })),
        })),
        dispatches: sent.map(([lotId, fromId, toId, mass, at, received]) => ({
          ...{ lotId, fromId, fromName: `名${fromId}`, toId, toName: `名${toId}`, grams: mass, received },
          sentAt: new Date(at).toISOString(),
        })),
      } as unknown as TraceRows
      const closed = closeTrace(rows)
      expect(openTrace(JSON.parse(JSON.stringify(closed)))).toEqual(rows)
      const columns = [...Object.values(closed.flows), ...Object.values(closed.stock), ...Object.values(closed.ways)]
      expect(columns.map((column) => column.length)).toEqual([
        ...[made, made, made, held, held, held].map(({ length }) => length),
        ...Array(6).fill(sent.length),
      ])
    }),
  )
})
