/** Σ w, Σ w t for each group, and Σ w t² over all rows, at the means of a step. */
export class Moments {
  readonly weight: Float64Array
  readonly time: Float64Array
  timeSquare = 0

  constructor(groups: number) {
    this.weight = new Float64Array(groups)
    this.time = new Float64Array(groups)
  }

  clear(): void {
    this.weight.fill(0)
    this.time.fill(0)
    this.timeSquare = 0
  }

  add(group: number, weight: number, time: number, timeSquare: number): void {
    this.weight[group]! += weight
    this.time[group]! += time
    this.timeSquare += timeSquare
  }

  /** What the trend has of its own once the groups are eliminated. */
  get information(): number {
    let own = this.timeSquare
    for (let g = 0; g < this.weight.length; g++) {
      if (this.weight[g]! > 0) own -= (this.time[g]! * this.time[g]!) / this.weight[g]!
    }
    return own
  }

  /**
   * Solves the normal equations with a right side for each group and one for the trend; adds the effects of the groups
   * and returns the step of the trend, 0 where it has no information.
   */
  solve(right: Float64Array, rightTime: number, information: number, effect: Float64Array): number {
    const { weight, time } = this
    let step = 0
    if (information > 0) {
      step = rightTime
      for (let g = 0; g < weight.length; g++) if (weight[g]! > 0) step -= (time[g]! * right[g]!) / weight[g]!
      step /= information
    }
    for (let g = 0; g < weight.length; g++) {
      if (weight[g]! > 0) effect[g]! += (right[g]! - step * time[g]!) / weight[g]!
    }
    return step
  }
}

/** e to this power and to its negative are far from the ends of a double. */
const safeExponent = 300

/**
 * Takes e^(a / root) of every group apart from e^(b·time / root), which then runs on from group to group. False where
 * one of the two alone could overflow though their product does not; `span` is the greatest |time|.
 */
export function separate(
  root: number,
  effect: Float64Array,
  slope: number,
  span: number,
  level: Float64Array,
): boolean {
  if (!(Math.abs(slope) * span < safeExponent)) return false
  for (let g = 0; g < effect.length; g++) {
    if (!(Math.abs(effect[g]!) < safeExponent)) return false
    level[g] = Math.exp(effect[g]! / root)
  }
  return true
}
