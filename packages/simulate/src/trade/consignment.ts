import { dayText } from '../dates.ts'
import { apportion } from '../places.ts'
import { instant, objectEvent, type Part, transformEvent, uuidOf } from './event.ts'
import { Story, type Way } from './story.ts'
import type { Trade, TradeFaultKind, TradeGoods, TradeLot, TradeParty } from './types.ts'
import { madeGtin } from './world.ts'

const hour = 3_600_000
const day = 24 * hour

/**
 * The life of one consignment, from its declaration until its goods are sold: one to three lots of an importer, through the county's
 * warehouse, traders and processors to shops. A story is its own: no other consignment's goods are mixed in.
 */
export class Consignment extends Story {
  readonly #importer: TradeParty
  readonly #warehouse: TradeParty
  readonly #lots: { lot: TradeLot; goods: TradeGoods }[] = []
  #made = 0

  constructor(trade: Trade, n: number) {
    super(trade, n)
    this.#importer = this.pick('importer')
    this.#warehouse = this.pick('warehouse', this.#importer.countyIndex)
    const count = Math.max(1 + this.random.below(3), this.faults.has('swapped-labels') ? 2 : 1)
    for (let i = 0; i < count; i++) this.#declare(i)
  }

  #declare(i: number): void {
    const { trade, random } = this
    const goods = random.pick(trade.goods)
    const boxes = 40 + random.below(760)
    const lotNo = `${trade.startDay.slice(2, 4)}-${this.n}-${i + 1}`
    const today = trade.epochDay + Math.floor((this.now - instant(trade.epochDay, 0)) / day)
    const made = today - (goods.shelfLifeDays > 60 ? 90 : 5)
    const lot: TradeLot = {
      uri: `https://id.gs1.org/01/${goods.gtin}/10/${lotNo}`,
      gtin: goods.gtin,
      lotNo,
      supplierLot: `${goods.plantNo}-${1000 + random.below(9000)}`,
      container: `VGLU${String(random.below(10_000_000)).padStart(7, '0')}`,
      grams: boxes * goods.boxGrams,
      boxes,
      produced: dayText(made),
      expires: dayText(made + goods.shelfLifeDays),
    }
    this.#lots.push({ lot, goods })
    const slot = this.now + 2 * day + 8 * hour
    const uri = `urn:epcglobal:cbv:bt:${this.#warehouse.gln}:D${lotNo}`
    const [importer, warehouse] = [this.#importer.index, this.#warehouse.index]
    this.emit({ kind: 'declaration', uri, lot, importer, warehouse, slot })
    this.at(slot + random.below(2 * hour), () => this.#enter(i, uri))
  }

  #enter(i: number, uri: string): void {
    const { lot } = this.#lots[i]!
    const happening = this.happening(this.#warehouse, { from: this.#importer, to: this.#warehouse, documents: [uri] })
    const event = objectEvent(happening, [{ lot: lot.uri, grams: lot.grams }], 'accepting', 'in_progress')
    this.emit({ kind: 'event', event })
    this.stock.bear(lot.uri, this.#warehouse.index, lot.grams)
    this.later(hour, 3 * hour, () => this.leave(lot.uri, this.#warehouse, 200 + this.random.below(800), 'sampled'))
    if (i === 0 && this.faults.has('unreleased-sale')) this.later(4 * hour, 6 * hour, () => this.#sellUnreleased(lot))
    this.later(20 * hour, 30 * hour, () => this.#release(i))
  }

  #release(i: number): void {
    const { lot } = this.#lots[i]!
    this.emit({ kind: 'release', lot: lot.uri })
    // Each fault of a way needs a way of its own.
    const parts = i === 0 && this.faults.size > 0 ? 4 : 1 + this.random.below(4)
    this.later(2 * hour, 16 * hour, () => this.#distribute(lot.uri, this.#warehouse, 'trader', parts))
    if (i === 0 && this.faults.has('forged-certificate')) this.later(day, 2 * day, () => this.#forge(lot))
    // Both lots of a swap must be free before their goods are mixed up.
    if (i === 1 && this.faults.has('swapped-labels')) this.later(30 * hour, 31 * hour, () => this.#swap())
  }

  /** Ships most of a lot away in parts, to parties of a kind in the county and around. */
  #distribute(lot: string, from: TradeParty, kind: 'trader' | 'processor' | 'shop', parts: number): void {
    const kept = this.faults.has('swapped-labels') ? 0.3 : 0.3 * this.random.unit()
    const grams = Math.floor(this.stock.at(lot, from.index) * (1 - kept))
    if (grams < parts * 1_000) return
    const weights = Array.from({ length: parts }, () => 0.5 + this.random.unit())
    for (const part of apportion(grams, weights))
      this.#ship(lot, from, this.pick(kind, this.random.chance(0.7) ? from.countyIndex : undefined), part)
  }

  #ship(lot: string, from: TradeParty, to: TradeParty, grams: number): void {
    const way = this.send(lot, from, to, grams)
    const chances = from.kind === 'warehouse' ? (['lost-boxes', 'double-receipt', 'excursion'] as const) : []
    const fault = chances.find((kind) => this.take(kind)) ?? null
    this.later(2 * hour, 10 * hour, () => this.#arrive(way, fault))
  }

  #arrive(way: Way, fault: TradeFaultKind | null): void {
    const tenths = this.#record(way, fault === 'excursion')
    if (fault === 'lost-boxes') {
      // Boxes are missing, and nobody declares it: the receipt does not match, and the goods are held at the ramp.
      const missing = Math.ceil(way.grams / 100) + (1 + this.random.below(4)) * 5_000
      this.receive({ ...way, grams: Math.max(1, way.grams - missing) }, tenths, fault, true)
      return
    }
    this.receive(way, tenths, fault === 'excursion' ? fault : undefined)
    this.stock.arrive(way.lot, way.advice, way.to.index)
    if (fault === 'double-receipt') this.later(hour, 3 * hour, () => this.receive(way, undefined, fault, true))
    this.#go(way)
  }

  /** What the logger in the truck measured, for a way out of the warehouse; answers the last temperature. */
  #record(way: Way, warm: boolean): number | undefined {
    if (way.from.kind !== 'warehouse') return undefined
    const { goods } = this.#lots.find(({ lot }) => lot.uri === way.lot)!
    const readings = Array.from({ length: 13 }, (_, i) => {
      const over = warm && i >= 3 && i <= 9 ? 90 + this.random.below(60) : 0
      return { at: this.now - (12 - i) * 600_000, tenths: goods.limitTenths - 30 + this.random.below(11) + over }
    })
    const fault = warm ? 'excursion' : undefined
    this.emit({ kind: 'record', advice: way.advice, lot: way.lot, readings }, fault)
    return readings.at(-1)!.tenths
  }

  /** What the receiver does with the goods. */
  #go({ lot, from, to, grams }: Way): void {
    if (to.kind === 'shop') this.later(4 * hour, day, () => this.#sell(lot, to, 3 + this.random.below(5)))
    if (to.kind === 'processor') this.later(6 * hour, 2 * day, () => this.#process(to))
    if (to.kind !== 'trader') return
    if (this.random.chance(0.06)) this.later(day, 2 * day, () => this.#giveBack(lot, to, from))
    this.later(5 * hour, 2 * day, () => this.#distribute(lot, to, 'shop', 2 + this.random.below(3)))
    if (this.random.chance(0.5)) this.later(2 * day, 4 * day, () => this.#distribute(lot, to, 'processor', 1))
    if (this.random.chance(0.1)) this.later(5 * day, 9 * day, () => this.leave(lot, to, grams, 'destroyed'))
  }

  #giveBack(lot: string, holder: TradeParty, to: TradeParty): void {
    const grams = Math.floor(this.stock.at(lot, holder.index) / 2)
    if (grams < 1_000) return
    const way = this.send(lot, holder, to, grams, true)
    this.later(3 * hour, 9 * hour, () => this.#arrive(way, null))
  }

  /** All of the consignment's lots that the processor has go into one or two of his own. */
  #process(place: TradeParty): void {
    const inputs = this.stock.heldBy(place.index).filter(({ lot }) => this.#lots.some((each) => each.lot.uri === lot))
    const mass = inputs.reduce((sum, { grams }) => sum + grams, 0)
    if (mass < 2_000) return
    const yielded = Math.floor(mass * (0.75 + 0.2 * this.random.unit()))
    const outputs = apportion(yielded, this.random.chance(0.4) ? [0.6, 0.4] : [1]).map((grams): Part => {
      const lot = `https://id.gs1.org/01/${madeGtin(place)}/10/P-${this.n}-${++this.#made}`
      return { lot, grams }
    })
    this.emit({ kind: 'event', event: transformEvent(this.happening(place), inputs, outputs) })
    this.stock.make(place.index, inputs, outputs)
    for (const { lot } of outputs)
      this.later(day, 3 * day, () => this.#distribute(lot, place, 'shop', 2 + this.random.below(2)))
  }

  #sell(lot: string, shop: TradeParty, times: number): void {
    const there = this.stock.at(lot, shop.index)
    if (there === 0) return
    const some = Math.max(1, Math.floor(there * (0.2 + 0.5 * this.random.unit())))
    if (this.random.chance(0.03)) this.leave(lot, shop, Math.ceil(there / 20), 'lost')
    else this.leave(lot, shop, times <= 1 ? there : some, 'sold')
    if (times > 1) this.later(10 * hour, 30 * hour, () => this.#sell(lot, shop, times - 1))
  }

  #sellUnreleased(lot: TradeLot): void {
    const from = this.#warehouse
    const to = this.pick('shop', from.countyIndex)
    const happening = this.happening(from, { from, to, advice: `urn:epcglobal:cbv:bt:${from.gln}:U${this.n}` })
    const part = { lot: lot.uri, grams: Math.ceil(lot.grams / 50) }
    const event = objectEvent(happening, [part], 'shipping', 'in_transit')
    this.emit({ kind: 'event', event }, 'unreleased-sale', true)
  }

  /** A shop shows a certificate that nobody issued, for a lot that never came through a warehouse, and sells it. */
  #forge(real: TradeLot): void {
    const shop = this.pick('shop')
    const [lot, grams] = [`${real.uri}F`, 50_000]
    const token = [1, 2, 3, 4].map((i) => uuidOf(this.trade.seed, this.n, -i).replaceAll('-', '')).join('')
    const number = `仿证 ${this.n} 号`
    this.emit({ kind: 'certificate', holder: shop.index, number, lot, grams, token }, 'forged-certificate')
    const happening = this.happening(shop, { from: shop })
    const event = objectEvent(happening, [{ lot, grams }], 'retail_selling', 'retail_sold', 'DELETE')
    this.emit({ kind: 'event', event }, 'forged-certificate', true)
  }

  /** Two lots leave for two traders with each other's labels: each receives what was sent to the other. */
  #swap(): void {
    const lots = this.#lots.slice(0, 2).map(({ lot }) => lot.uri)
    const grams = Math.floor(Math.min(...lots.map((lot) => this.stock.at(lot, this.#warehouse.index))) / 20)
    const ways = lots.map((lot) => this.send(lot, this.#warehouse, this.pick('trader'), grams))
    for (const [i, way] of ways.entries())
      this.later(3 * hour, 6 * hour, () =>
        this.receive({ ...way, lot: lots[1 - i]! }, undefined, 'swapped-labels', true),
      )
  }
}
