import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mix } from './flow.domain.ts'
import { type Book, type LedgerStep, stockKey } from './ledger.book.ts'
import { applyStep } from './ledger.domain.ts'
import { emptyBook, holderUri, lotUri, part, stepOf } from './ledger.fixture.ts'
import { toleranceOf } from './ledger.move.domain.ts'

const enter = (n: number, grams: number) =>
  stepOf({
    bizStep: 'accepting',
    place: holderUri(0),
    documents: [`urn:uuid:declaration-${n}`],
    things: [part(lotUri(n), grams)],
  })
const leave = (bizStep: string, uri: string, grams: number | null, holder = 0) =>
  stepOf({ bizStep, action: 'DELETE', place: holderUri(holder), things: [part(uri, grams)] })
const ship = (uri: string, grams: number, from: number, to: number, advice: string | null) =>
  stepOf({
    bizStep: 'shipping',
    possession: { from: holderUri(from), to: holderUri(to) },
    things: [part(uri, grams)],
    advice,
  })
const receive = (uri: string, grams: number, to: number, advice: string | null) =>
  stepOf({ bizStep: 'receiving', place: holderUri(to), things: [part(uri, grams)], advice })
const process = (
  inputs: [string, number][],
  outputs: [string, number][],
  holder = 0,
  bizStep = 'creating_class_instance',
) =>
  stepOf({
    kind: 'TransformationEvent',
    action: null,
    bizStep,
    place: holderUri(holder),
    inputs: inputs.map(([uri, grams]) => part(uri, grams)),
    outputs: outputs.map(([uri, grams]) => part(uri, grams)),
  })

const total = (list: readonly number[]) => list.reduce((all, each) => all + each, 0)
/** Everything that a refusal must leave as it was. */
const snapshot = (book: Book) =>
  structuredClone({
    lots: [...book.lots],
    boxes: [...book.boxes],
    stock: [...book.stock],
    dispatches: book.dispatches,
    movements: book.movements,
    flows: book.flows,
    orders: [...book.orders],
  })

/** in = out + stock + declared loss, per lot and holder, and per lot over all holders and what is on the way. */
function expectBalanced(book: Book) {
  const stock = new Map<string, number>()
  for (const { lotId, holderId, grams } of book.movements) {
    const key = stockKey(lotId, holderId)
    stock.set(key, (stock.get(key) ?? 0) + grams)
  }
  for (const [key, grams] of stock) {
    expect(grams).toBeGreaterThanOrEqual(0)
    expect(book.stock.get(key) ?? 0).toBe(grams)
  }
  for (const lot of book.lotsById.values()) {
    const own = book.movements.filter(({ lotId }) => lotId === lot.id)
    const of = (...kinds: string[]) => total(own.filter(({ kind }) => kinds.includes(kind)).map(({ grams }) => grams))
    const sent = book.dispatches.filter(({ lotId }) => lotId === lot.id)
    const onWay = total(sent.filter((each) => each.received === null).map((each) => each.grams - each.lost))
    const lostOnWay = total(sent.map((each) => each.lost))
    const held = total([...book.stock].filter(([key]) => key.startsWith(`${lot.id} `)).map(([, grams]) => grams))
    expect(of('enter', 'make', 'difference')).toBe(
      held + onWay + lostOnWay - of('sample', 'sell', 'use', 'lose', 'destroy'),
    )
    expect(total(book.flows.filter(({ from }) => from === lot.id).map(({ grams }) => grams))).toBe(0 - of('use'))
    expect(total(book.flows.filter(({ to }) => to === lot.id).map(({ grams }) => grams))).toBe(of('make'))
  }
}

type Act = {
  readonly act: number
  readonly lot: number
  readonly from: number
  readonly to: number
  readonly part: number
}
const acts = fc.array(
  fc.record({ act: fc.nat(7), lot: fc.nat(9), from: fc.nat(3), to: fc.nat(3), part: fc.integer({ min: 1, max: 100 }) }),
  { maxLength: 60 },
)

/** A step that may happen, out of what the book holds; undefined when there is nothing of the kind to do. */
function legalStep(book: Book, { act, lot: pick, to, part: percent }: Act, serial: number): LedgerStep | undefined {
  const open = book.dispatches.filter((each) => each.received === null && each.grams > each.lost)
  if (act === 0) {
    const way = open[pick % Math.max(open.length, 1)]
    if (!way) return undefined
    const due = way.grams - way.lost
    const most = toleranceOf(due, book.tolerance('', 0))
    const grams = due + (percent % (2 * most + 1)) - most
    return grams > 0 ? receive(book.lotsById.get(way.lotId)!.uri, grams, Number(way.toId[1]), way.uri) : undefined
  }
  if (act === 1) {
    const way = open[pick % Math.max(open.length, 1)]
    if (!way) return undefined
    const grams = Math.ceil(((way.grams - way.lost) * percent) / 200)
    const step = leave('decommissioning', book.lotsById.get(way.lotId)!.uri, grams, Number(way.fromId[1]))
    return { ...step, advice: way.uri }
  }
  const held = [...book.stock].filter(([, grams]) => grams > 0)
  const found = held[pick % Math.max(held.length, 1)]
  if (!found) return undefined
  const [lotId, holderId] = found[0].split(' ') as [string, string]
  const uri = book.lotsById.get(lotId)!.uri
  const holder = Number(holderId[1])
  const grams = Math.ceil((found[1] * percent) / 100)
  if (act === 2 && to !== holder) return ship(uri, grams, holder, to, `urn:uuid:advice-${serial}`)
  if (act === 3) return leave(['retail_selling', 'sampling', 'destroying', 'decommissioning'][to]!, uri, grams, holder)
  const other = held.find(([key]) => key.endsWith(` ${holderId}`) && !key.startsWith(`${lotId} `))
  const inputs: [string, number][] = [[uri, grams]]
  if (other && act > 5) inputs.push([book.lotsById.get(other[0].split(' ')[0]!)!.uri, other[1]])
  const weight = total(inputs.map(([, each]) => each))
  const first = Math.max(1, Math.floor((weight * percent) / 130))
  const outputs: [string, number][] = [[lotUri(1000 + serial * 2), first]]
  if (weight - first > 1) outputs.push([lotUri(1001 + serial * 2), Math.floor((weight - first) / 2)])
  return process(inputs, outputs, holder)
}

describe('ledger', () => {
  test('in = out + stock + declared loss per lot and holder, through any legal history', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30_000_000 }), { minLength: 1, maxLength: 3 }),
        acts,
        (entries, list) => {
          const book = emptyBook(entries, [...entries.keys()])
          for (const [n, grams] of entries.entries()) expect(applyStep(book, enter(n, grams))).toBeNull()
          for (const [serial, act] of list.entries()) {
            const step = legalStep(book, act, serial)
            if (step) expect(applyStep(book, step)).toBeNull()
          }
          expectBalanced(book)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('what is not there cannot leave, after any legal history: refused by name, and nothing has changed', () => {
    fc.assert(
      fc.property(acts, fc.integer({ min: 1, max: 1_000_000 }), fc.nat(3), (list, more, holder) => {
        const book = emptyBook([500_000], [0])
        applyStep(book, enter(0, 500_000))
        for (const [serial, act] of list.entries()) {
          const step = legalStep(book, act, serial)
          if (step) applyStep(book, step)
        }
        const before = snapshot(book)
        const grams = (book.stock.get(stockKey('lot-0', `h${holder}`)) ?? 0) + more
        const other = (holder + 1) % 4
        for (const step of [
          ship(lotUri(0), grams, holder, other, null),
          leave('retail_selling', lotUri(0), grams, holder),
          leave('destroying', lotUri(0), grams, holder),
          process([[lotUri(0), grams]], [[lotUri(7), 1]], holder),
        ])
          expect(applyStep(book, step)).toMatchObject({ rule: 'not-enough', uri: lotUri(0) })
        expect(snapshot(book)).toEqual(before)
      }),
      { numRuns: 60 },
    )
  })

  test.each([
    ['not-released', ship(lotUri(1), 10, 0, 1, null)],
    ['not-released', leave('retail_selling', lotUri(1), 10)],
    ['not-released', leave('destroying', lotUri(1), 10)],
    ['not-released', stepOf({ bizStep: 'picking', place: holderUri(0), things: [part(lotUri(1), null)] })],
    ['not-released', stepOf({ bizStep: 'storing', place: holderUri(2), things: [part(lotUri(1), null)] })],
    ['not-released', stepOf({ place: holderUri(0), things: [part(lotUri(1), null)] })],
    ['unknown-code', leave('retail_selling', lotUri(9), 10)],
    ['unknown-holder', leave('retail_selling', lotUri(0), 10, 9)],
    ['unknown-holder', ship(lotUri(0), 10, 0, 0, null)],
    ['no-recipient', stepOf({ bizStep: 'shipping', place: holderUri(0), things: [part(lotUri(0), 10)] })],
    ['no-mass', leave('retail_selling', lotUri(0), null)],
    ['entered-twice', enter(0, 1000)],
    ['entry-disagrees', enter(2, 999)],
    ['never-sent', receive(lotUri(0), 10, 1, null)],
    ['mass-created', process([[lotUri(0), 10]], [[lotUri(7), 11]])],
    ['loss-in-repack', process([[lotUri(0), 1000]], [[lotUri(7), 990]], 0, 'repackaging')],
    ['output-not-lot', process([[lotUri(0), 10]], [['https://id.gs1.org/00/369012340000000013', 5]])],
    ['output-exists', process([[lotUri(0), 10]], [[lotUri(1), 5]])],
    ['output-exists', process([['urn:other:thing', 10]], [[lotUri(0), 5]])],
    ['unknown-code', process([['urn:other:thing', 10]], [[lotUri(7), 5]])],
    ['transformation-in-parts', process([[lotUri(0), 10]], [])],
    ['unsupported', stepOf({ bizStep: 'void_shipping', place: holderUri(0), things: [part(lotUri(0), 10)] })],
    ['unsupported', stepOf({ action: 'DELETE', place: holderUri(0), things: [part(lotUri(0), 10)] })],
  ] as const)('%s', (rule, step) => {
    const book = emptyBook([1000, 1000, 1000], [0, 2])
    expect([applyStep(book, enter(0, 1000)), applyStep(book, enter(1, 1000))]).toEqual([null, null])
    const before = snapshot(book)
    expect(applyStep(book, step)).toMatchObject({ rule })
    expect(snapshot(book)).toEqual(before)
  })

  test('a receipt must match its dispatch; a weighing difference within tolerance is a movement of its own', () => {
    const book = emptyBook([1_000_000], [0])
    applyStep(book, enter(0, 1_000_000))
    expect(applyStep(book, ship(lotUri(0), 500_000, 0, 1, 'urn:uuid:a'))).toBeNull()
    expect(applyStep(book, ship(lotUri(0), 1, 0, 1, 'urn:uuid:a'))).toMatchObject({ rule: 'advice-used' })
    expect(applyStep(book, receive(lotUri(0), 498_999, 1, 'urn:uuid:a'))).toMatchObject({ rule: 'receipt-mismatch' })
    expect(applyStep(book, receive(lotUri(0), 500_000, 2, 'urn:uuid:a'))).toMatchObject({ rule: 'never-sent' })
    expect(applyStep(book, receive(lotUri(0), 499_000, 1, null))).toBeNull()
    expect(book.movements.slice(-2)).toMatchObject([
      { kind: 'receive', grams: 500_000, holderId: 'h1', otherId: 'h0' },
      { kind: 'difference', grams: -1000, holderId: 'h1' },
    ])
    expect(applyStep(book, receive(lotUri(0), 499_000, 1, 'urn:uuid:a'))).toMatchObject({ rule: 'received-twice' })
    expectBalanced(book)
  })

  test('a count must find what the books say, within tolerance, before release too', () => {
    const book = emptyBook([100_000], [])
    applyStep(book, enter(0, 100_000))
    const count = (grams: number | null, holder = 0) => ({
      ...leave('stock_taking', lotUri(0), grams, holder),
      action: 'OBSERVE' as const,
    })
    expect(applyStep(book, count(99_799))).toMatchObject({ rule: 'count-mismatch' })
    expect(applyStep(book, count(1, 1))).toMatchObject({ rule: 'count-mismatch' })
    expect([applyStep(book, count(99_800)), applyStep(book, count(null))]).toEqual([null, null])
    expect(book.movements.map(({ kind, grams }) => [kind, grams])).toEqual([
      ['enter', 100_000],
      ['count', 0],
      ['count', 0],
    ])
  })

  test('an unreleased lot may be sampled, and destroyed under an order up to its weight', () => {
    const book = emptyBook([1000], [])
    applyStep(book, enter(0, 1000))
    expect(applyStep(book, leave('sampling', lotUri(0), 100))).toBeNull()
    const orders = book.orders as Map<string, { id: string; lotId: string; grams: number }>
    orders.set('urn:uuid:order', { id: 'order', lotId: 'lot-0', grams: 900 })
    const destroy = (grams: number) => ({ ...leave('destroying', lotUri(0), grams), documents: ['urn:uuid:order'] })
    expect(applyStep(book, destroy(500))).toBeNull()
    expect(applyStep(book, destroy(500))).toMatchObject({ rule: 'not-enough' })
    expect(applyStep(book, destroy(400))).toBeNull()
    expect(book.stock.get(stockKey('lot-0', 'h0'))).toBe(0)
  })

  test('what is made of several lots stands under the releases of all', () => {
    const book = emptyBook([1000, 1000], [0, 1])
    for (const n of [0, 1]) applyStep(book, enter(n, 1000))
    expect(
      applyStep(
        book,
        process(
          [
            [lotUri(0), 600],
            [lotUri(1), 300],
          ],
          [
            [lotUri(7), 700],
            [lotUri(8), 100],
          ],
        ),
      ),
    ).toBeNull()
    const made = book.lots.get(lotUri(7))!
    expect(made.roots).toEqual(['lot-0', 'lot-1'])
    ;(book.released as Set<string>).delete('lot-1')
    expect(applyStep(book, leave('retail_selling', lotUri(7), 1))).toMatchObject({ rule: 'not-released' })
    expectBalanced(book)
  })

  test('boxes stand for their grams, move with their pallet, and are where events say', () => {
    const book = emptyBook([30_000], [0])
    applyStep(book, enter(0, 30_000))
    const box = (n: number) => `https://id.gs1.org/01/06901234000016/21/B${n}`
    const pallet = 'https://id.gs1.org/00/369012340000000013'
    for (const n of [1, 2, 3])
      book.boxes.set(box(n), {
        ...{ uri: box(n), lotId: 'lot-0', grams: 10_000, parent: null },
        ...{ holderId: 'h0', dispatchUri: null, gone: false },
      })
    const pack = stepOf({
      ...{ kind: 'AggregationEvent', action: 'ADD', bizStep: 'packing', place: holderUri(0), parent: pallet },
      things: [part(box(1), null), part(box(2), null)],
    })
    expect(applyStep(book, pack)).toBeNull()
    const by = (things: [string, number | null][], advice: string) => ({
      ...ship(lotUri(0), 0, 0, 1, advice),
      things: things.map(([uri, grams]) => part(uri, grams)),
    })
    expect(
      applyStep(
        book,
        by(
          [
            [box(3), null],
            [lotUri(0), 9000],
          ],
          'urn:uuid:x',
        ),
      ),
    ).toMatchObject({ rule: 'boxes-disagree' })
    expect(applyStep(book, by([[pallet, null]], 'urn:uuid:a'))).toBeNull()
    expect(book.stock.get(stockKey('lot-0', 'h0'))).toBe(10_000)
    expect(applyStep(book, by([[box(1), null]], 'urn:uuid:b'))).toMatchObject({ rule: 'box-not-here', uri: box(1) })
    const arrive = { ...receive(lotUri(0), 0, 1, 'urn:uuid:a'), things: [part(box(3), null), part(box(1), null)] }
    expect(applyStep(book, arrive)).toMatchObject({ rule: 'box-not-here', uri: box(3) })
    expect(applyStep(book, { ...arrive, things: [part(pallet, null)] })).toBeNull()
    expect(book.boxes.get(box(2))).toMatchObject({ holderId: 'h1', dispatchUri: null })
    expectBalanced(book)
  })

  test('mixing shares each gram: rows are inputs, columns outputs and the loss', () => {
    const grams = fc.array(fc.nat(1_000_000_000), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(grams, fc.array(fc.nat(100), { minLength: 1, maxLength: 6 }), (inputs, weights) => {
        const sum = total(inputs)
        const all = total(weights) + 1
        const outputs = weights.map((weight) => Math.floor((sum * weight) / all))
        const table = mix(inputs, outputs)
        expect(table.map(total)).toEqual(inputs)
        expect([...outputs.keys()].map((column) => total(table.map((row) => row[column]!)))).toEqual(outputs)
        expect(table.flat().every((part) => part >= 0 && Number.isInteger(part))).toBe(true)
      }),
    )
    expect(() => mix([1], [2])).toThrow(RangeError)
  })
})
