import type { Part } from './event.ts'
import type { TradeBalance } from './types.ts'

type Ends = Pick<TradeBalance, 'used' | 'sold' | 'sampled' | 'destroyed' | 'lost'>

/** The true stock of a consignment, in grams: what is not there cannot be taken. */
export class Stock {
  readonly #held = new Map<string, { lot: string; party: number; grams: number }>()
  readonly #ways = new Map<string, { lot: string; grams: number }>()
  readonly #lots = new Map<string, { born: number } & Ends>()

  at(lot: string, party: number): number {
    return this.#held.get(`${party} ${lot}`)?.grams ?? 0
  }

  heldBy(party: number): Part[] {
    return [...this.#held.values()]
      .filter((each) => each.party === party && each.grams > 0)
      .map(({ lot, grams }) => ({ lot, grams }))
  }

  bear(lot: string, party: number, grams: number): void {
    this.#of(lot).born += grams
    this.#add(lot, party, grams)
  }

  send(lot: string, party: number, advice: string, grams: number): void {
    this.#add(lot, party, -grams)
    this.#ways.set(advice, { lot, grams })
  }

  arrive(lot: string, advice: string, party: number): void {
    const way = this.#ways.get(advice)!
    this.#ways.delete(advice)
    this.#add(lot, party, way.grams)
  }

  end(lot: string, party: number, grams: number, fate: keyof Ends): void {
    this.#add(lot, party, -grams)
    this.#of(lot)[fate] += grams
  }

  make(party: number, inputs: readonly Part[], outputs: readonly Part[]): void {
    for (const { lot, grams } of inputs) this.end(lot, party, grams, 'used')
    for (const { lot, grams } of outputs) this.bear(lot, party, grams)
  }

  balances(): TradeBalance[] {
    return [...this.#lots].map(([lot, sums]) => ({
      lot,
      ...sums,
      onHand: [...this.#held.values()]
        .filter((each) => each.lot === lot && each.grams > 0)
        .map(({ party, grams }) => ({ party, grams })),
      inTransit: [...this.#ways.values()].reduce((sum, way) => sum + (way.lot === lot ? way.grams : 0), 0),
    }))
  }

  #of(lot: string): { born: number } & Ends {
    const known = this.#lots.get(lot) ?? { born: 0, used: 0, sold: 0, sampled: 0, destroyed: 0, lost: 0 }
    this.#lots.set(lot, known)
    return known
  }

  #add(lot: string, party: number, grams: number): void {
    const key = `${party} ${lot}`
    const left = this.at(lot, party) + grams
    if (left < 0) throw new RangeError(`${lot} is overdrawn at party ${party}`)
    this.#held.set(key, { lot, party, grams: left })
  }
}
