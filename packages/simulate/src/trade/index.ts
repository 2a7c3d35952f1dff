import { Consignment } from './consignment.ts'
import { Heap } from './heap.ts'
import { startOf } from './story.ts'
import type { Trade, TradeBalance, TradeItem } from './types.ts'

export * from './types.ts'
export { createTrade } from './world.ts'

/**
 * All that happens, in order of time. Only the consignments under way are in memory: some weeks' worth, however long the trade.
 * @param from and `to`: consignments, `to` not included; default all
 */
export function* tradeItems(trade: Trade, from = 0, to = trade.consignments): Generator<TradeItem> {
  const open = new Heap<{ item: TradeItem; rest: Iterator<TradeItem> }>()
  const advance = (rest: Iterator<TradeItem>): void => {
    const next = rest.next()
    if (!next.done) open.push(next.value.at, { item: next.value, rest })
  }
  let begun = from
  for (;;) {
    while (begun < to && startOf(trade, begun) <= open.next) advance(new Consignment(trade, begun++).items())
    const first = open.pop()
    if (!first) return
    yield first.item
    advance(first.rest)
  }
}

/** The items of one consignment alone, and where its goods are in the end. */
export function consignmentOf(trade: Trade, n: number): { items: TradeItem[]; balances: TradeBalance[] } {
  const consignment = new Consignment(trade, n)
  return { items: [...consignment.items()], balances: consignment.stock.balances() }
}
