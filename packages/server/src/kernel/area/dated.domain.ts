/** A rule of an area that holds from a day on. */
export interface Dated {
  readonly path: string
  /** YYYY-MM-DD. */
  readonly validFrom: string
  readonly createdAt: Date
}

/**
 * The rule in force for a place on a day: that of the nearest area at or above it, there the one that began last, of those
 * that began on the same day the one made last.
 */
export function inForce<T extends Dated>(rules: readonly T[], path: string, day: string): T | undefined {
  let best: T | undefined
  for (const rule of rules) {
    if (!path.startsWith(rule.path) || rule.validFrom > day) continue
    if (!best || rule.path.length > best.path.length) best = rule
    else if (rule.path === best.path) {
      const difference = rule.validFrom.localeCompare(best.validFrom) || +rule.createdAt - +best.createdAt
      if (difference > 0) best = rule
    }
  }
  return best
}
