import { createRandom, type Random } from '../random.ts'
import { type Happening, instant, objectEvent, type Part, uuidOf } from './event.ts'
import { Heap } from './heap.ts'
import { Stock } from './stock.ts'
import type { Trade, TradeFaultKind, TradeItem, TradeParty } from './types.ts'

const day = 86_400_000
const purpose = 85

/** When the n-th consignment is declared, ms since 1970: consignments are spread evenly, so that they start in order. */
export const startOf = (trade: Trade, n: number): number =>
  instant(trade.epochDay, 0) + Math.floor((n * trade.days * (day / 1000)) / trade.consignments) * 1000

type Body = TradeItem extends infer Each ? (Each extends TradeItem ? Omit<Each, 'at' | 'truth'> : never) : never

/** Goods of a party on the way to another. */
export type Way = { advice: string; lot: string; grams: number; from: TradeParty; to: TradeParty }

/** How an end of goods is told: business step and disposition. */
const steps = {
  sampled: ['sampling', 'in_progress'],
  sold: ['retail_selling', 'retail_sold'],
  destroyed: ['destroying', 'destroyed'],
  lost: ['decommissioning', 'damaged'],
} as const

/** What every story needs: chance, a clock with things to come, the true stock, and a place to tell what happens. */
export class Story {
  readonly stock = new Stock()
  protected readonly trade: Trade
  protected readonly n: number
  protected readonly random: Random
  protected readonly faults = new Map<TradeFaultKind, string>()
  readonly #tasks = new Heap<() => void>()
  readonly #taken = new Set<TradeFaultKind>()
  #out: TradeItem[] = []
  protected now: number
  #ids = 0
  #ways = 0

  constructor(trade: Trade, n: number) {
    this.trade = trade
    this.n = n
    this.random = createRandom(trade.seed, purpose, n)
    this.now = startOf(trade, n)
    for (const { kind, id } of trade.faults.get(n) ?? []) this.faults.set(kind, id)
  }

  /** Everything that happens, in order of time. */
  *items(): Generator<TradeItem> {
    for (;;) {
      yield* this.#out
      this.#out = []
      this.now = this.#tasks.next
      const task = this.#tasks.pop()
      if (!task) return
      task()
    }
  }

  protected pick(kind: TradeParty['kind'], countyIndex?: number): TradeParty {
    return this.random.pick(this.trade.partiesOf.get(countyIndex === undefined ? kind : `${kind}/${countyIndex}`)!)
  }

  /** Something to come, between two spans of ms from now. */
  protected later(least: number, most: number, task: () => void): void {
    this.#tasks.push(this.now + least + Math.floor(this.random.unit() * (most - least)), task)
  }

  protected at(when: number, task: () => void): void {
    this.#tasks.push(when, task)
  }

  protected emit(body: Body, fault?: TradeFaultKind, refused = false): void {
    const id = fault && this.faults.get(fault)
    const truth = { consignment: this.n, ...(id === undefined ? {} : { fault: id }), ...(refused ? { refused } : {}) }
    this.#out.push({ at: this.now, truth, ...body } as TradeItem)
  }

  protected happening(place: TradeParty, more: Partial<Happening> = {}): Happening {
    return { at: this.now, id: uuidOf(this.trade.seed, this.n, this.#ids++), place, ...more }
  }

  /** True once: the first chance for a fault is the one. */
  protected take(kind: TradeFaultKind): boolean {
    if (!this.faults.has(kind) || this.#taken.has(kind)) return false
    this.#taken.add(kind)
    return true
  }

  protected send(lot: string, from: TradeParty, to: TradeParty, grams: number, back = false): Way {
    const advice = `urn:epcglobal:cbv:bt:${from.gln}:A${this.n}-${++this.#ways}`
    const happening = this.happening(from, { from, to, advice })
    const event = objectEvent(happening, [{ lot, grams }], 'shipping', back ? 'returned' : 'in_transit')
    this.emit({ kind: 'event', event })
    this.stock.send(lot, from.index, advice, grams)
    return { advice, lot, grams, from, to }
  }

  /** Tells of a receipt; the goods are booked by the caller, since not every receipt is one. */
  protected receive(
    { lot, grams, from, to, advice }: Way,
    tenths?: number,
    fault?: TradeFaultKind,
    refused = false,
  ): void {
    const happening = this.happening(to, { from, to, advice, ...(tenths === undefined ? {} : { tenths }) })
    this.emit(
      { kind: 'event', event: objectEvent(happening, [{ lot, grams }], 'receiving', 'in_progress') },
      fault,
      refused,
    )
  }

  protected leave(lot: string, place: TradeParty, wanted: number, fate: keyof typeof steps): void {
    const grams = Math.min(wanted, this.stock.at(lot, place.index))
    if (grams === 0) return
    const part: Part = { lot, grams }
    const [bizStep, disposition] = steps[fate]
    const action = fate === 'sampled' ? 'OBSERVE' : 'DELETE'
    const event = objectEvent(this.happening(place, { from: place }), [part], bizStep, disposition, action)
    this.emit({ kind: 'event', event })
    this.stock.end(lot, place.index, grams, fate)
  }
}
