/** What a store's kind sells: stores of one county, chain stores and others apart. */
export interface Peers {
  /** Entries a day of the middle store. */
  readonly median: number
  readonly count: number
  /** Spread of the logarithms, robust: 1.4826 × median absolute deviation. */
  readonly spread: number
}

const middle = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? 0

/**
 * Volume of each kind of store from the stores that reported at all.
 * @param days length of the window over which `entries` were counted
 */
export function peersOf(
  stores: readonly { readonly kind: string; readonly entries: number }[],
  days: number,
): Map<string, Peers> {
  const daily = new Map<string, number[]>()
  for (const { kind, entries } of stores) if (entries > 0) daily.set(kind, [...(daily.get(kind) ?? []), entries / days])
  return new Map(
    [...daily].map(([kind, values]) => {
      const sorted = values.sort((a, b) => a - b)
      const median = middle(sorted)
      const off = sorted.map((value) => Math.abs(Math.log(value) - Math.log(median))).sort((a, b) => a - b)
      return [kind, { median, count: sorted.length, spread: 1.4826 * middle(off) }]
    }),
  )
}
