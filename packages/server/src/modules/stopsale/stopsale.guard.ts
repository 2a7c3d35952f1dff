import { createHash } from 'node:crypto'
import type { CounterStopSale } from '@vigil/contract'
import type { Refusal, SaleGuard } from '../pharmacy/index.ts'
import { drugsOf } from './order.item.ts'
import type { Found, KnownOrder } from './stopsale.book.ts'
import { couldKnow } from './stopsale.domain.ts'
import type { Parts } from './stopsale.parts.ts'

/** Code of a refusal by an order, as it is kept with the refusal. */
export const reasonOf = (orderId: string): string => `stop-sale:${orderId}`

/** The order of a refusal; undefined for another reason. */
export const orderOf = (reasonCode: string): string | undefined => /^stop-sale:(.+)$/.exec(reasonCode)?.[1]

const why = ({ reason, documentNo }: Pick<KnownOrder, 'reason' | 'documentNo'>): string =>
  `${reason}${documentNo ? `（${documentNo}）` : ''}`.slice(0, 300)

/** What the counter says of a refused drug. */
export function refusalOf({ reference }: Pick<Parts, 'reference'>, { order, drugId }: Omit<Found, 'rule'>): Refusal {
  const drug = reference.drug(drugId)?.name.slice(0, 120) ?? ''
  return {
    code: reasonOf(order.id),
    title: order.name,
    detail: `${drug} 暂停销售。${why(order)}`,
    from: order.from,
    to: order.to,
  }
}

/**
 * Asks the orders in memory. What a device sold offline before it could know the order is let in and marked: the customer
 * has left with the drug, and a sale that is not on record helps nobody.
 */
export const stopSaleGuard = (parts: Pick<Parts, 'reference' | 'book'>): SaleGuard => ({
  refuse: ({ store, lines, soldAt, offline }) => {
    const found = parts.book.find(store.path, lines, soldAt)
    if (!found) return undefined
    if (offline && !couldKnow(found.rule, offline.knownAt?.getTime())) return undefined
    return refusalOf(parts, found)
  },
  mark: ({ store, lines, soldAt }) => parts.book.find(store.path, lines, soldAt)?.order.name,
})

interface Pack {
  readonly version: string
  readonly items: CounterStopSale[]
}

/** The orders that bind a store now or later, as its counter keeps them; made once for all stores that the same ones bind. */
export function counterPacks({
  reference,
  book,
}: Pick<Parts, 'reference' | 'book'>): (path: string, now: Date) => Pack {
  const known = new Map<string, Pack>()
  let mark = ''
  const make = (orders: readonly KnownOrder[], now: Date): Pack => {
    const items = orders.map((order): CounterStopSale => {
      const rules = book.rules(order.id).filter(({ to }) => to === null || to > now.getTime())
      return {
        id: order.id,
        name: order.name,
        detail: why(order),
        from: order.from,
        to: order.to,
        startsAt: order.startsAt.toISOString(),
        endsAt: order.endsAt?.toISOString() ?? null,
        drugIds: drugsOf(
          reference,
          rules.filter(({ kind }) => kind !== 'class'),
        ),
        classes: rules
          .filter(({ kind }) => kind === 'class')
          .map(({ value }) => value as CounterStopSale['classes'][0]),
      }
    })
    const binding = items.filter(({ drugIds, classes }) => drugIds.length + classes.length > 0)
    return { version: createHash('sha256').update(JSON.stringify(binding)).digest('hex').slice(0, 32), items: binding }
  }
  return (path, now) => {
    const current = `${book.revision()}/${reference.drugRevision()}`
    if (mark !== current) known.clear()
    mark = current
    const orders = [...book.orders()].filter(
      (order) => path.startsWith(order.path) && (order.endsAt === null || order.endsAt > now),
    )
    const key = orders.map(({ id }) => id).join()
    const pack = known.get(key) ?? make(orders, now)
    known.set(key, pack)
    return pack
  }
}
