const hourMs = 3_600_000
/** A positive lot is to be located within two hours (practice of Zhejiang's cold-chain office, 2020): then who is silent is reminded. */
const firstMs = 2 * hourMs
const againMs = 4 * hourMs

/** When a holder who has not counted is reminded next, for as long as he has not: two hours after the call, then every four. */
export const remindAt = ({ toldAt, remindedAt }: { readonly toldAt: Date; readonly remindedAt: Date | null }): Date =>
  remindedAt ? new Date(remindedAt.getTime() + againMs) : new Date(toldAt.getTime() + firstMs)
