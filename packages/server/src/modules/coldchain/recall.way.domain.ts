/** A lot that a recall freezes: which ways it may still take. */
export interface WayBack {
  /** Holders at which goods of its recalls are collected. */
  readonly collectors: ReadonlySet<string>
  /** Who sent some of it to whom, as far as it arrived; see `hop`. */
  readonly sent: ReadonlySet<string>
}

/** A way from one holder to another. */
export const hop = (from: string, to: string): string => `${from} ${to}`

/**
 * Whether goods of a recalled lot may be returned: to who sent some of it here, or to where it is collected. Everything else that is
 * frozen stays where it is, but for samples and destruction by order; what is on the way may arrive.
 */
export const mayReturn = ({ collectors, sent }: WayBack, from: string, to: string): boolean =>
  from !== to && (collectors.has(to) || sent.has(hop(to, from)))
