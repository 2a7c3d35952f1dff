import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Book, LedgerStep } from './ledger.book.ts'
import { applyStep } from './ledger.domain.ts'
import { emptyBook, holderUri, lotUri, part, recallInputOf, stepOf } from './ledger.fixture.ts'
import { recallOf } from './recall.domain.ts'
import { hop, mayReturn } from './recall.way.domain.ts'

const total = 9_973
const uri = lotUri(0)
const collector = 'h3'

interface Act {
  readonly act: 'ship' | 'return' | 'receive' | 'sell' | 'process' | 'lose' | 'destroy'
  readonly from: number
  readonly to: number
  readonly grams: number
  /** Of a receipt: what it says besides what was sent. */
  readonly off: number
  readonly pick: number
}
const acts = (kinds: readonly Act['act'][]) =>
  fc.array(
    fc.record({
      act: fc.constantFrom(...kinds),
      from: fc.constantFrom(0, 0, 1, 2, 3),
      to: fc.nat(3),
      grams: fc.integer({ min: 1, max: 900 }),
      off: fc.constantFrom(0, 0, 0, 1, -1),
      pick: fc.nat(20),
    }),
    { minLength: 20, maxLength: 60 },
  )

function stepFor(book: Book, { act, from, to, grams, off, pick }: Act, serial: number): LedgerStep | undefined {
  const things = [part(uri, grams)]
  const possession = { from: holderUri(from), to: holderUri(to) }
  const advice = `urn:uuid:way-${serial}`
  if (act === 'ship') return stepOf({ bizStep: 'shipping', possession, things, advice })
  if (act === 'return') return stepOf({ bizStep: 'shipping', disposition: 'returned', possession, things, advice })
  if (act === 'receive') {
    const open = book.dispatches.filter(({ received }) => received === null)
    const way = open[pick % Math.max(1, open.length)]
    const due = (way?.grams ?? 0) - (way?.lost ?? 0) + off
    if (!way || due < 1) return undefined
    return stepOf({
      bizStep: 'receiving',
      place: `urn:vigil:holder:${way.toId[1]}`,
      things: [part(uri, due)],
      advice: way.uri,
    })
  }
  if (act === 'process')
    return stepOf({
      ...{ kind: 'TransformationEvent', action: null, bizStep: 'creating_class_instance', place: holderUri(from) },
      ...{ inputs: things, outputs: [part(`${uri}-made-${serial}`, grams)] },
    })
  const bizStep = { sell: 'retail_selling', lose: 'decommissioning', destroy: 'destroying' }[act]
  const documents = act === 'destroy' ? [`urn:uuid:order-${pick % 2}`] : []
  return stepOf({ bizStep, action: 'DELETE', place: holderUri(from), things, documents })
}

/** The book as it is read for the next event: who has sent what to whom by now. */
const frozen = (book: Book): Book => ({
  ...book,
  released: new Set(),
  recalled: new Map([
    [
      'lot-0',
      {
        collectors: new Set([collector]),
        sent: new Set(book.dispatches.flatMap((way) => (way.received === null ? [] : hop(way.fromId, way.toId)))),
      },
    ],
  ]),
})

test('while a recall freezes, goods arrive, go back and are destroyed by order; nothing else, and every gram keeps its class', () => {
  let back = 0
  fc.assert(
    fc.property(
      acts(['ship', 'ship', 'receive']),
      acts(['ship', 'return', 'return', 'receive', 'receive', 'sell', 'process', 'lose', 'destroy']),
      (before, during) => {
        const book: Book = {
          ...emptyBook([total], [0]),
          orders: new Map([['urn:uuid:order-0', { id: 'order-0', lotId: 'lot-0', grams: 2_000 }]]),
        }
        const accepting = { bizStep: 'accepting', place: holderUri(0), documents: ['urn:uuid:declaration-0'] }
        expect(applyStep(book, stepOf({ ...accepting, things: [part(uri, total)] }))).toBeNull()
        let serial = 0
        for (const act of before) {
          const step = stepFor(book, act, serial++)
          if (step) applyStep(book, step)
        }
        const weighed = recallOf(recallInputOf(book, ['lot-0'])).total
        const moved = book.movements.length
        for (const act of during) {
          const now = frozen(book)
          const step = stepFor(now, act, serial++)
          if (!step) continue
          const arrived = now.recalled.get('lot-0')!
          const refusal = applyStep(now, step)
          if (refusal) continue
          expect(['return', 'receive', 'destroy']).toContain(act.act)
          if (act.act === 'return') {
            back++
            expect(mayReturn(arrived, `h${act.from}`, `h${act.to}`)).toBe(true)
          }
        }
        const kinds = new Set(book.movements.slice(moved).map(({ kind }) => kind))
        for (const kind of kinds) expect(['receive', 'ship', 'destroy', 'observe']).toContain(kind)
        const recall = recallOf(recallInputOf(book, ['lot-0']))
        expect([recall.total, recall.problems]).toEqual([weighed, []])
        expect(recall.lines.reduce((sum, { grams }) => sum + grams, 0)).toBe(weighed)
        expect(recall.byFate.unaccounted + recall.byFate.consumed).toBe(0)
      },
    ),
    { numRuns: 200 },
  )
  expect(back).toBeGreaterThan(50)
})
