import type { ColdTrace } from './coldchain-trace.ts'

type Place = ColdTrace['places'][number]

/** A trace as rows that name lots and holders. */
export interface TraceRows extends Pick<ColdTrace, 'start' | 'cut'> {
  readonly lots: readonly (ColdTrace['lots'][number] & {
    /** Grams on hand at each holder. */
    readonly balances: readonly { readonly holderId: string; readonly holderName: string; readonly grams: number }[]
  })[]
  readonly flows: readonly { readonly from: string; readonly to: string; readonly grams: number }[]
  readonly dispatches: readonly {
    readonly lotId: string
    readonly fromId: string
    readonly fromName: string
    readonly toId: string
    readonly toName: string
    readonly grams: number
    readonly sentAt: string
    readonly received: boolean
  }[]
  readonly places: readonly Place[]
}

/** A trace as the server answers it, in rows. */
export function openTrace({ lots, places, flows, stock, ways, ...rest }: ColdTrace): TraceRows {
  const idOf = (lot: number) => lots[lot]!.id
  const held = lots.map((lot) => ({ ...lot, balances: [] as TraceRows['lots'][number]['balances'][number][] }))
  for (const [at, lot] of stock.lot.entries()) {
    const { id, name } = places[stock.place[at]!]!
    held[lot]!.balances.push({ holderId: id, holderName: name, grams: stock.grams[at]! })
  }
  return {
    ...rest,
    places,
    lots: held,
    flows: flows.from.map((from, at) => ({ from: idOf(from), to: idOf(flows.to[at]!), grams: flows.grams[at]! })),
    dispatches: ways.lot.map((lot, at) => {
      const [from, to] = [places[ways.from[at]!]!, places[ways.to[at]!]!]
      return {
        ...{ lotId: idOf(lot), fromId: from.id, fromName: from.name, toId: to.id, toName: to.name },
        ...{ grams: ways.grams[at]!, received: ways.received[at]! },
        sentAt: new Date(ways.sentAt[at]!).toISOString(),
      }
    }),
  }
}

/** The opposite of `openTrace`; every lot and holder that a row names must be among `lots` and `places`. */
export function closeTrace({ lots, places, flows, dispatches, ...rest }: TraceRows): ColdTrace {
  const lotAt = new Map(lots.map(({ id }, at) => [id, at]))
  const placeAt = new Map(places.map(({ id }, at) => [id, at]))
  const stock = lots.flatMap(({ balances }, lot) =>
    balances.map(({ holderId, grams }) => ({ lot, place: placeAt.get(holderId)!, grams })),
  )
  stock.sort((a, b) => b.grams - a.grams)
  return {
    ...rest,
    places: [...places],
    lots: lots.map(({ balances: _, ...lot }) => lot),
    flows: {
      from: flows.map(({ from }) => lotAt.get(from)!),
      to: flows.map(({ to }) => lotAt.get(to)!),
      grams: flows.map(({ grams }) => grams),
    },
    stock: {
      lot: stock.map(({ lot }) => lot),
      place: stock.map(({ place }) => place),
      grams: stock.map(({ grams }) => grams),
    },
    ways: {
      lot: dispatches.map(({ lotId }) => lotAt.get(lotId)!),
      from: dispatches.map(({ fromId }) => placeAt.get(fromId)!),
      to: dispatches.map(({ toId }) => placeAt.get(toId)!),
      grams: dispatches.map(({ grams }) => grams),
      sentAt: dispatches.map(({ sentAt }) => Date.parse(sentAt)),
      received: dispatches.map(({ received }) => received),
    },
  }
}
