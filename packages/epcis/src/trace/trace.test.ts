import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EpcisEvent } from '../document/index.ts'
import { apportion, custodyOf, flowOf, holderAfter, reach, type TraceEvent, traceGraph } from './index.ts'

let clock = 0
const at = (time: number) => new Date(Date.UTC(2026, 0, 1) + time * 60_000).toISOString()
const event = (fields: object, time = clock++): TraceEvent => ({
  id: `e${time}`,
  event: { eventTime: at(time), eventTimeZoneOffset: '+08:00', ...fields } as unknown as EpcisEvent,
})
const mass = (parts: Readonly<Record<string, number>>) =>
  Object.entries(parts).map(([name, grams]) => ({ epcClass: `urn:x:${name}`, quantity: grams / 1000, uom: 'KGM' }))
const make = (inputs: Readonly<Record<string, number>>, outputs: Readonly<Record<string, number>>, more: object = {}) =>
  event({ type: 'TransformationEvent', inputQuantityList: mass(inputs), outputQuantityList: mass(outputs), ...more })
const pack = (action: string, parent: string, ...children: string[]) =>
  event({
    type: 'AggregationEvent',
    action,
    parentID: `urn:x:${parent}`,
    childEPCs: children.map((each) => `urn:x:${each}`),
  })
const see = (bizStep: string, thing: string, more: object = {}) =>
  event({ type: 'ObjectEvent', action: 'OBSERVE', epcList: [`urn:x:${thing}`], bizStep, ...more })
const names = (uris: Iterable<string>) => [...uris].map((uri) => uri.replace('urn:x:', '')).sort()

describe('apportion', () => {
  test('parts are whole, in proportion to within one, and sum to the whole', () => {
    const weight = fc.nat({ max: 2 ** 40 })
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 45 }), fc.array(weight, { minLength: 1, maxLength: 8 }), (total, weights) => {
        const parts = apportion(total, weights)
        expect(parts.reduce((a, b) => a + b, 0)).toBe(total)
        const sum = weights.reduce((a, b) => a + BigInt(b), 0n)
        if (sum === 0n) return
        parts.forEach((part, i) => {
          const off = BigInt(part) * sum - BigInt(total) * BigInt(weights[i]!)
          expect(off > -sum && off < sum).toBe(true)
        })
      }),
    )
  })
})

/** A random history: lots of layer n are made of lots of layers before it, each with its true mass. */
const history = fc
  .array(
    fc.record({
      picks: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 100 })), { minLength: 1, maxLength: 3 }),
      split: fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 3 }),
      loss: fc.nat({ max: 10 }),
    }),
    { maxLength: 12 },
  )
  .map((plans) => {
    clock = 0
    const stock = new Map([
      ['lot', 100_000],
      ['other', 77_777],
    ])
    const events = plans.flatMap(({ picks, split, loss }, n) => {
      const inputs: Record<string, number> = {}
      for (const [pick, percent] of picks) {
        const name = [...stock.keys()][pick % stock.size]!
        const grams = Math.floor((stock.get(name)! * percent) / 100)
        if (grams === 0) continue
        inputs[name] = (inputs[name] ?? 0) + grams
        stock.set(name, stock.get(name)! - grams)
      }
      const total = Object.values(inputs).reduce((a, b) => a + b, 0)
      if (total === 0) return []
      const parts = apportion(total, [...split.map((each) => each + 1), loss]).slice(0, -1)
      const outputs = Object.fromEntries(parts.map((grams, i) => [`${n}-${i}`, grams]))
      for (const [name, grams] of Object.entries(outputs)) stock.set(name, grams)
      return [make(inputs, outputs)]
    })
    return { events, stock }
  })

describe('flow', () => {
  test('sums to the lot to the gram, and no thing holds more of it than there is', () => {
    fc.assert(
      fc.property(history, ({ events, stock }) => {
        const { grams, lost, problems } = flowOf(traceGraph(events), 'urn:x:lot', 100_000)
        const held = [...grams.values()].reduce((a, b) => a + b, 0) + lost.reduce((a, each) => a + each.grams, 0)
        expect(held).toBe(100_000)
        expect(problems).toEqual([])
        for (const [thing, own] of grams) expect(own).toBeLessThanOrEqual(stock.get(thing.replace('urn:x:', ''))!)
      }),
      { numRuns: 50 },
    )
  })
  test('a split, a merge and a loss by hand', () => {
    clock = 0
    const graph = traceGraph([make({ lot: 600, salt: 200 }, { mix: 760 }), make({ mix: 380 }, { a: 100, b: 280 })])
    const { grams, lost } = flowOf(graph, 'urn:x:lot', 1000)
    // 600 of 800 went in: 570 of the 760 and 30 of the 40 lost; half of the mix is split 100 : 280.
    expect(Object.fromEntries(grams)).toEqual({ 'urn:x:lot': 400, 'urn:x:mix': 285, 'urn:x:a': 75, 'urn:x:b': 210 })
    expect(lost).toEqual([{ ids: ['e0'], grams: 30 }])
  })
  test('of one transformation in several events', () => {
    clock = 0
    const transformationID = 'urn:x:t'
    const graph = traceGraph([
      make({ lot: 500 }, {}, { transformationID }),
      make({}, { a: 200 }, { transformationID }),
      make({}, { b: 300 }, { transformationID }),
    ])
    expect(Object.fromEntries(flowOf(graph, 'urn:x:lot', 500).grams)).toEqual({ 'urn:x:a': 200, 'urn:x:b': 300 })
  })
  test.each([
    ['overdrawn', { lot: 1200 }, { a: 1200 }, 200],
    ['mass-created', { lot: 900 }, { a: 1000 }, 100],
  ])('%s is reported, and the lot still sums', (rule, inputs, outputs, grams) => {
    clock = 0
    const flow = flowOf(traceGraph([make(inputs, outputs)]), 'urn:x:lot', 1000)
    expect(flow.problems).toMatchObject([{ rule, grams, ids: ['e0'] }])
    const all = [...flow.grams.values(), ...flow.lost.map((each) => each.grams)]
    expect(all.reduce((a, b) => a + b, 0)).toBe(1000)
  })
  test('what was not weighed is reported', () => {
    clock = 0
    const graph = traceGraph([make({ lot: 1000 }, {}, { outputEPCList: ['urn:x:box'] })])
    expect(flowOf(graph, 'urn:x:lot', 1000)).toMatchObject({
      problems: [{ rule: 'unweighed', thing: 'urn:x:box' }],
      lost: [{ grams: 1000 }],
    })
  })
})

describe('reach', () => {
  test('forward and backward are each other’s mirror', () => {
    fc.assert(
      fc.property(history, ({ events, stock }) => {
        const graph = traceGraph(events)
        const all = [...stock.keys()].map((name) => `urn:x:${name}`)
        for (const thing of all.slice(0, 4)) {
          const after = reach(graph, thing, 'forward')
          expect(after.cycles).toEqual([])
          for (const other of all)
            expect(reach(graph, other, 'backward').things.has(thing)).toBe(after.things.has(other))
        }
      }),
      { numRuns: 40 },
    )
  })
  test('the order in which events are given does not matter, nor does giving them twice', () => {
    fc.assert(
      fc.property(history, ({ events }) => {
        const [there, back] = [events, [...events, ...events].reverse()].map((list) =>
          reach(traceGraph(list), 'urn:x:lot', 'forward'),
        )
        expect(names(back!.things)).toEqual(names(there!.things))
      }),
      { numRuns: 50 },
    )
  })
  test('a circle is reported and left', () => {
    clock = 0
    const graph = traceGraph([
      make({ lot: 10 }, { a: 10 }),
      make({ a: 10 }, { b: 10 }),
      make({ b: 10 }, { a: 5, c: 5 }),
    ])
    const { things, cycles } = reach(graph, 'urn:x:lot', 'forward')
    expect(names(things)).toEqual(['a', 'b', 'c', 'lot'])
    expect(cycles.map(names)).toEqual([['a', 'b']])
    expect(flowOf(graph, 'urn:x:lot', 10)).toMatchObject({ problems: [], lost: [] })
  })
  test('packing names the container but does not mix', () => {
    clock = 0
    const graph = traceGraph([
      pack('ADD', 'pallet', 'box1', 'box2'),
      pack('ADD', 'truck', 'pallet'),
      make({}, {}, { inputEPCList: ['urn:x:box2'], outputEPCList: ['urn:x:dish'] }),
    ])
    const { things, links } = reach(graph, 'urn:x:box1', 'forward')
    expect(names(things)).toEqual(['box1', 'pallet', 'truck'])
    expect(links).toMatchObject([{ to: 'urn:x:pallet', by: 'aggregate', ids: ['e0'] }, { to: 'urn:x:truck' }])
    expect(names(reach(graph, 'urn:x:pallet', 'forward').things)).toEqual(['box1', 'box2', 'dish', 'pallet', 'truck'])
  })
  test('a long chain needs no stack', () => {
    clock = 0
    const chain = Array.from({ length: 12_000 }, (_, i) => make({ [i]: 10 }, { [i + 1]: 10 }))
    const graph = traceGraph(chain)
    expect(reach(graph, 'urn:x:0', 'forward').things.size).toBe(12_001)
    expect(flowOf(graph, 'urn:x:0', 10).grams.get('urn:x:12000')).toBe(10)
  })
})

/** Transformations that nobody could have made: into themselves, in circles, out of nothing, with a mass missing. */
const impossible = fc
  .array(
    fc.record({
      inputs: fc.dictionary(fc.constantFrom(...'abcde'), fc.nat({ max: 90 }), { minKeys: 1, maxKeys: 3 }),
      outputs: fc.dictionary(fc.constantFrom(...'abcde'), fc.nat({ max: 90 }), { maxKeys: 3 }),
      unweighed: fc.boolean(),
    }),
    { maxLength: 8 },
  )
  .map((list) => {
    clock = 0
    const thing = { inputEPCList: ['urn:x:a'], outputEPCList: ['urn:x:b'] }
    return list.map(({ inputs, outputs, unweighed }) => make(inputs, outputs, unweighed ? thing : {}))
  })

describe('what cannot be', () => {
  test('is followed to its end, and the grams still sum', () => {
    fc.assert(
      fc.property(impossible, fc.nat({ max: 200 }), (events, total) => {
        const graph = traceGraph(events)
        const { grams, lost } = flowOf(graph, 'urn:x:a', total)
        const all = [...grams.values(), ...lost.map((each) => each.grams)]
        expect(all.every((each) => Number.isSafeInteger(each) && each >= 0)).toBe(true)
        expect(all.reduce((sum, each) => sum + each, 0)).toBe(total)
      }),
    )
  })
  test('is reached as a plain closure reaches it, and every circle is one', () => {
    fc.assert(
      fc.property(impossible, fc.constantFrom('forward', 'backward'), (events, direction) => {
        const graph = traceGraph(events)
        const pairs = graph.transformations.flatMap(({ inputs, outputs }) =>
          inputs.flatMap((from) => outputs.map((to) => [from.uri, to.uri] as const)),
        )
        const ways = direction === 'forward' ? pairs : pairs.map(([from, to]) => [to, from] as const)
        const closure = new Set(['urn:x:a'])
        for (let size = 0; size < closure.size; ) {
          size = closure.size
          for (const [from, to] of ways) if (closure.has(from)) closure.add(to)
        }
        const { things, cycles } = reach(graph, 'urn:x:a', direction)
        expect([...things].sort()).toEqual([...closure].sort())
        for (const circle of cycles)
          circle.forEach((from, i) => {
            const to = circle[(i + 1) % circle.length]!
            expect(ways.some((way) => way[0] === from && way[1] === to)).toBe(true)
          })
        const self = ways.some(([from, to]) => from === to && closure.has(from))
        if (self) expect(cycles.some(({ length }) => length === 1)).toBe(true)
      }),
    )
  })
  test('a transformation of very many events, and a box used very often, take time in proportion', () => {
    clock = 0
    const grown = Array.from({ length: 15_000 }, (_, i) =>
      make({ [`i${i}`]: 1 }, { [`o${i}`]: 1 }, { transformationID: 'urn:x:t' }),
    )
    const used = Array.from({ length: 8_000 }, (_, i) => pack(i % 2 === 0 ? 'ADD' : 'DELETE', 'box', 'thing'))
    const before = process.cpuUsage()
    expect(traceGraph(grown).transformations).toHaveLength(1)
    expect(custodyOf(traceGraph(used), 'urn:x:thing')).toHaveLength(8_000)
    const { user, system } = process.cpuUsage(before)
    // Squared they were 5 s.
    expect(user + system).toBeLessThan(2_500_000)
  })
})

describe('custody', () => {
  const to = (party: string) => ({ destinationList: [{ type: 'possessing_party', destination: `urn:x:${party}` }] })
  test('follows the container from packing to unpacking', () => {
    clock = 0
    const events = [
      see('commissioning', 'box', { bizLocation: { id: 'urn:x:warehouse' } }),
      see('inspecting', 'pallet'),
      pack('ADD', 'pallet', 'box', 'other'),
      see('shipping', 'pallet', to('trader')),
      see('receiving', 'pallet', { ...to('trader'), bizLocation: { id: 'urn:x:shop' } }),
      pack('DELETE', 'pallet', 'box'),
      see('shipping', 'pallet', to('nobody')),
      event({
        type: 'TransactionEvent',
        action: 'ADD',
        epcList: ['urn:x:box'],
        bizTransactionList: [{ type: 'po', bizTransaction: 'urn:x:po' }],
      }),
    ]
    const graph = traceGraph(events)
    const custody = custodyOf(graph, 'urn:x:box')
    expect(custody.map(({ step, via }) => `${step.id} ${via ?? ''}`)).toEqual([
      'e0 ',
      'e2 ',
      'e3 urn:x:pallet',
      'e4 urn:x:pallet',
      'e5 ',
      'e7 ',
    ])
    expect(custody.at(-1)!.step.documents).toEqual(['urn:x:po'])
    expect(holderAfter(custody)).toEqual({ party: 'urn:x:trader', place: 'urn:x:shop', inTransit: false })
    expect(holderAfter(custody.slice(0, 2))).toEqual({ party: null, place: 'urn:x:warehouse', inTransit: false })
    expect(holderAfter(custody.slice(0, 3)).inTransit).toBe(true)
    expect(holderAfter(custodyOf(graph, 'urn:x:other')).party).toBe('urn:x:nobody')
  })
  test('ends, though containers are packed into each other', () => {
    clock = 0
    const graph = traceGraph([pack('ADD', 'a', 'b'), pack('ADD', 'b', 'a')])
    expect(custodyOf(graph, 'urn:x:a').map(({ step }) => step.id)).toEqual(['e0', 'e1'])
    expect(names(reach(graph, 'urn:x:a', 'forward').things)).toEqual(['a', 'b'])
  })
})

test('every spelling of a key is one thing', () => {
  clock = 0
  const shipped = event({ type: 'ObjectEvent', action: 'OBSERVE', epcList: ['urn:epc:id:sscc:4012345.1112223334'] })
  const received = event({
    type: 'ObjectEvent',
    action: 'OBSERVE',
    epcList: ['https://shop.example/00/140123451122233341'],
  })
  expect(custodyOf(traceGraph([shipped, received]), 'https://id.gs1.org/00/140123451122233341')).toHaveLength(2)
})
