import { createHash } from 'node:crypto'
import { type EpcisEvent, validate } from '@vigil/epcis/document'
import { strictEventProblems } from '@vigil/epcis/strict'
import { flowOf, traceGraph } from '@vigil/epcis/trace'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentOf } from '../../../epcis/src/document/event.fixture.ts'
import { SimulationOptionError } from '../types.ts'
import { consignmentOf, createTrade, type TradeItem, type TradeOptions, tradeFaultKinds, tradeItems } from './index.ts'

const options: TradeOptions = { seed: 7, city: '350500', startDay: '2026-01-01', days: 30, consignments: 30 }
const faulty: TradeOptions = { ...options, faults: Object.fromEntries(tradeFaultKinds.map((kind) => [kind, 3])) }
const eventsOf = (items: readonly TradeItem[]) => items.flatMap((item) => (item.kind === 'event' ? [item] : []))
const all = [...tradeItems(createTrade(options))]
const withFaults = [...tradeItems(createTrade(faulty))]
const now = Date.UTC(2027, 0, 1)

describe('events', () => {
  test('are valid, and at the strict level too', () => {
    const events = eventsOf(withFaults).map(({ event }) => event as unknown as EpcisEvent)
    expect(events.length).toBeGreaterThan(2_000)
    expect(validate(documentOf(events)).slice(0, 3)).toEqual([])
    expect(events.flatMap((event) => strictEventProblems(event, { now })).slice(0, 3)).toEqual([])
  })
  test('come in order of time, each with a text of its own', () => {
    const times = withFaults.map(({ at }) => at)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    const texts = eventsOf(withFaults).map(({ event }) => JSON.stringify(event))
    expect(new Set(texts).size).toBe(texts.length)
    for (const { at, event } of eventsOf(all)) expect(Math.floor(at / 1000) * 1000).toBe(Date.parse(event.eventTime))
  })
  test('hold no truth', () => {
    for (const { event } of eventsOf(withFaults)) expect(JSON.stringify(event)).not.toMatch(/fault|refused|truth/)
  })
})

type Quantity = { epcClass: string; quantity: number }
/** A ledger of its own: reads nothing but events, releases and declarations, and refuses what may not be. */
function ledgerOf(items: Iterable<TradeItem>) {
  const stock = new Map<string, number>()
  const ways = new Map<string, number>()
  const [released, refused, born] = [new Set<string>(), new Map<TradeItem, string>(), new Map<string, number>()]
  let ended = 0
  const add = (lot: string, place: string, grams: number) => {
    const key = `${lot} ${place}`
    stock.set(key, (stock.get(key) ?? 0) + grams)
  }
  const judge = (item: TradeItem & { kind: 'event' }): string | null => {
    const { event } = item
    const place = (event.bizLocation as { id: string }).id
    const list = (name: string) => (event[name] ?? []) as Quantity[]
    const advice = (event.bizTransactionList as { type?: string; bizTransaction: string }[]).find(
      ({ type }) => type === 'desadv',
    )?.bizTransaction
    const [taken, given] =
      event.type === 'TransformationEvent'
        ? [list('inputQuantityList'), list('outputQuantityList')]
        : [list('quantityList'), []]
    const bizStep = String(event.bizStep)
    if (bizStep === 'accepting') {
      for (const { epcClass, quantity } of taken) {
        born.set(epcClass, quantity)
        add(epcClass, place, quantity)
      }
      return null
    }
    for (const { epcClass, quantity } of taken) {
      if (!born.has(epcClass)) return 'unknown'
      if (!epcClass.includes('/10/P-') && bizStep !== 'sampling' && !released.has(epcClass)) return 'not released'
      const way = `${advice} ${epcClass}`
      if (bizStep === 'receiving') {
        if (ways.get(way) !== quantity) return 'receipt does not match'
        ways.delete(way)
        add(epcClass, place, quantity)
        continue
      }
      if ((stock.get(`${epcClass} ${place}`) ?? 0) < quantity) return 'not there'
      add(epcClass, place, -quantity)
      if (bizStep === 'shipping') ways.set(way, quantity)
      else ended += quantity
    }
    for (const { epcClass, quantity } of given) {
      born.set(epcClass, (born.get(epcClass) ?? 0) + quantity)
      add(epcClass, place, quantity)
    }
    return null
  }
  for (const item of items) {
    if (item.kind === 'release') released.add(item.lot)
    if (item.kind !== 'event') continue
    const problem = judge(item)
    if (problem) refused.set(item, problem)
  }
  const sum = (map: Map<string, number>) => [...map.values()].reduce((total, each) => total + each, 0)
  return { refused, born, stock, ways, held: sum(stock), moving: sum(ways), ended, total: sum(born) }
}

describe('mass', () => {
  test('without faults is conserved, and every event is as it should be', () => {
    const ledger = ledgerOf(all)
    expect([...ledger.refused.values()]).toEqual([])
    expect(ledger.held + ledger.moving + ledger.ended).toBe(ledger.total)
  })
  test('balances say for every lot where it is, and sum to what came to be of it', () => {
    const trade = createTrade(faulty)
    for (let n = 0; n < 10; n++) {
      const { items, balances } = consignmentOf(trade, n)
      const ledger = ledgerOf(items)
      for (const each of balances) {
        const onHand = each.onHand.reduce((sum, { grams }) => sum + grams, 0)
        expect(onHand + each.inTransit + each.used + each.sold + each.sampled + each.destroyed + each.lost).toBe(
          each.born,
        )
        expect(ledger.born.get(each.lot)).toBe(each.born)
        for (const { party, grams } of each.onHand)
          expect(ledger.stock.get(`${each.lot} ${trade.parties[party]!.locationUri}`)).toBe(grams)
      }
    }
  })
  test('is followed through processing to the gram', () => {
    const events = eventsOf(all).map(({ event }, at) => ({ id: String(at), event: event as unknown as EpcisEvent }))
    const graph = traceGraph(events)
    expect(graph.transformations.length).toBeGreaterThan(10)
    for (const item of all.slice(0, 400)) {
      if (item.kind !== 'declaration') continue
      const flow = flowOf(graph, item.lot.uri, item.lot.grams)
      const sum = [...flow.grams.values(), ...flow.lost.map(({ grams }) => grams)].reduce(
        (total, each) => total + each,
        0,
      )
      expect([sum, flow.problems]).toEqual([item.lot.grams, []])
    }
  })
  test('holds for any seed', () => {
    fc.assert(
      fc.property(fc.nat(4_294_967_295), (seed) => {
        const trade = createTrade({ ...faulty, seed, city: '140500', days: 10, consignments: 8 })
        const items = [...tradeItems(trade)]
        const ledger = ledgerOf(items)
        expect([...ledger.refused.keys()]).toEqual(items.filter(({ truth }) => truth.refused))
        expect(ledger.held + ledger.moving + ledger.ended).toBe(ledger.total)
      }),
      { numRuns: 15 },
    )
  })
})

describe('faults', () => {
  test('are all there, each as often as wanted, and nothing else is labelled', () => {
    const trade = createTrade(faulty)
    const wanted = tradeFaultKinds.flatMap((kind) => [1, 2, 3].map((n) => `${kind}/${n}`))
    expect(
      [...trade.faults.values()]
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(wanted.sort())
    const found = new Set(withFaults.flatMap(({ truth }) => truth.fault ?? []))
    expect([...found].sort()).toEqual(wanted)
    expect(all.some(({ truth }) => truth.fault !== undefined || truth.refused)).toBe(false)
  })
  test('that break a rule are what a ledger refuses, each for its reason; it refuses nothing else', () => {
    const { refused } = ledgerOf(withFaults)
    expect([...refused.keys()]).toEqual(withFaults.filter(({ truth }) => truth.refused))
    const reasons = {
      'unreleased-sale': 'not released',
      'lost-boxes': 'receipt does not match',
      'swapped-labels': 'receipt does not match',
      'double-receipt': 'receipt does not match',
      'forged-certificate': 'unknown',
    }
    for (const [{ truth }, reason] of refused)
      expect(reason).toBe(reasons[truth.fault!.split('/')[0] as keyof typeof reasons])
  })
  test('excursions are in the records of their trucks alone', () => {
    const goods = new Map(createTrade(faulty).goods.map((each) => [each.gtin, each]))
    for (const item of withFaults) {
      if (item.kind !== 'record') continue
      const { limitTenths } = goods.get(/\/01\/(\d{14})\//.exec(item.lot)![1]!)!
      const warm = item.readings.filter(({ tenths }) => tenths > limitTenths).length
      expect(warm > 0).toBe(item.truth.fault?.startsWith('excursion') ?? false)
      if (warm > 0) expect(warm).toBeGreaterThan(4)
    }
  })
  test('add to the trade of their own consignment only', () => {
    const only = createTrade({ ...options, faults: { 'lost-boxes': 1 } })
    const [touched] = only.faults.keys()
    const rest = (items: readonly TradeItem[]) => items.filter(({ truth }) => truth.consignment !== touched)
    expect(rest([...tradeItems(only)])).toEqual(rest(all))
  })
})

describe('a trade', () => {
  test('is the same bytes for the same options', () => {
    const hash = createHash('sha256')
    for (const item of withFaults) hash.update(JSON.stringify(item))
    const again = createHash('sha256')
    for (const item of tradeItems(createTrade(faulty))) again.update(JSON.stringify(item))
    expect(again.digest('hex')).toBe(hash.digest('hex'))
  })
  test('has a warehouse in every county, and parties with sound numbers', () => {
    const trade = createTrade(options)
    expect(trade.parties.filter(({ kind }) => kind === 'warehouse').map(({ areaCode }) => areaCode)).toHaveLength(13)
    expect(new Set(trade.parties.map(({ gln }) => gln)).size).toBe(trade.parties.length)
    expect(
      new Set(trade.parties.map(({ kind, name, areaCode }) => `${kind} ${name} ${areaCode}`)).size,
    ).toBeGreaterThan(100)
  })
  test('is streamed: ten million events are begun at once, and no consignment stays for more than a month', () => {
    const large = createTrade({ ...options, days: 1_200, consignments: 60_000 })
    const first: TradeItem[] = []
    for (const item of tradeItems(large)) if (first.push(item) === 1_000) break
    expect(first.at(-1)!.truth.consignment).toBeLessThan(1_000)
    const samples = Array.from({ length: 40 }, (_, at) => consignmentOf(large, at * 1_000).items)
    for (const items of samples) expect(items.at(-1)!.at - items[0]!.at).toBeLessThan(31 * 86_400_000)
    expect(eventsOf(samples.flat()).length / samples.length).toBeGreaterThan(150)
  })
  test('can be made in parts', () => {
    const trade = createTrade(options)
    const parts = [...tradeItems(trade, 0, 10), ...tradeItems(trade, 10, 30)]
    const text = (items: readonly TradeItem[]) => items.map((item) => JSON.stringify(item)).sort()
    expect(text(parts)).toEqual(text(all))
  })
  test.each([
    ['consignments', { consignments: 0 }],
    ['shops', { shops: 1 }],
    ['faults.lost-boxes', { faults: { 'lost-boxes': 31 } }],
    ['city', { city: '110000' }],
  ])('with a wrong %s is refused', (field, wrong) => {
    expect(() => createTrade({ ...options, ...wrong })).toThrow(
      expect.objectContaining({ name: SimulationOptionError.name, field }),
    )
  })
})
