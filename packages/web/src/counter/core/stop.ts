import type { CounterStopSale } from '@vigil/contract'

/** The stop-sale orders as the server gave them, and when by its clock. */
export interface KeptOrders {
  readonly version: string
  readonly asOf: string
  readonly items: readonly CounterStopSale[]
}

/** The order that forbids a drug at an instant (milliseconds by the server's clock); undefined when none does. */
export function barredBy(
  orders: readonly CounterStopSale[],
  drug: { readonly id: string; readonly class: string },
  atMs: number,
): CounterStopSale | undefined {
  return orders.find(
    ({ startsAt, endsAt, drugIds, classes }) =>
      Date.parse(startsAt) <= atMs &&
      (endsAt === null || atMs < Date.parse(endsAt)) &&
      (drugIds.includes(drug.id) || (classes as readonly string[]).includes(drug.class)),
  )
}
