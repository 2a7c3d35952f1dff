import type { History } from './history.ts'

/** As R's `glm`: relative change of the deviance, most steps, least mean. */
const epsilon = 1e-8
const maxIterations = 25
const leastMean = Number.EPSILON
const leastSixthRoot = leastMean ** (1 / 6)
/** A leverage nearer to 1 than this is 1: the count is fitted by itself alone. */
const leverageSlack = 1e-13

/**
 * Quasi-Poisson regression ln μ = a[group] + b · time + ln(population) by the same steps as R's `glm`, but without its
 * matrices: the group effects are eliminated from the normal equations, so that a step is one pass of a few
 * multiplications per count, and e^(b·time) is carried from week to week by one multiplication.
 */
export class TrendFit {
  /** Rows in the model, and for each: place in the history, group from 0, time from the middle, prior weight. */
  rows = 0
  readonly place: Int32Array
  readonly group: Int32Array
  readonly time: Float64Array
  readonly weight: Float64Array
  groups = 1

  /** Group effects and trend. */
  readonly effect: Float64Array
  slope = 0
  hasTrend = false
  converged = false
  residualDf = 0
  /** Pearson's χ² / df with the working weights (as `summary.glm`), and with the prior weights in their place. */
  dispersion = Number.NaN
  priorDispersion = Number.NaN

  private mean: Float64Array
  private meanBefore: Float64Array
  private readonly sum: Float64Array
  private readonly sumTime: Float64Array
  private readonly right: Float64Array
  private information = 0

  constructor(capacity: number, groups: number) {
    this.place = new Int32Array(capacity)
    this.group = new Int32Array(capacity)
    this.time = new Float64Array(capacity)
    this.weight = new Float64Array(capacity)
    this.mean = new Float64Array(capacity)
    this.meanBefore = new Float64Array(capacity)
    this.groups = groups
    this.effect = new Float64Array(groups)
    this.sum = new Float64Array(groups)
    this.sumTime = new Float64Array(groups)
    this.right = new Float64Array(groups)
  }

  /** Fits with the prior weights as they are. False when there is no finite first step. */
  fit(history: History, withTrend: boolean): boolean {
    const { rows, place, group, time, weight, groups } = this
    const { counts, population } = history
    let constant = 0
    let countTime = 0
    let used = 0
    this.right.fill(0)
    for (let i = 0; i < rows; i++) {
      const w = weight[i]!
      const at = place[i]!
      const y = counts[at]!
      constant += w * (history.selfLog[at]! - y - (population ? y * Math.log(population[at]!) : 0))
      countTime += w * y * time[i]!
      this.right[group[i]!]! += w * y
      if (w > 0) used++
    }
    const groupCount = Float64Array.from(this.right)
    this.firstStep(history, withTrend)
    let deviance = this.startDeviance(history)
    this.converged = false
    let oldSlope = 0
    const oldEffect = new Float64Array(groups)
    for (let iteration = 1; ; iteration++) {
      let now = this.evaluate(history, constant, groupCount, countTime)
      for (let half = 0; !Number.isFinite(now); half++) {
        if (iteration === 1 || half === maxIterations) return false
        this.slope = (this.slope + oldSlope) / 2
        for (let g = 0; g < groups; g++) this.effect[g] = (this.effect[g]! + oldEffect[g]!) / 2
        const kept = this.mean
        this.mean = this.meanBefore
        this.meanBefore = kept
        now = this.evaluate(history, constant, groupCount, countTime)
      }
      this.converged = Math.abs(now - deviance) / (Math.abs(now) + 0.1) < epsilon
      if (this.converged || iteration === maxIterations) break
      deviance = now
      oldSlope = this.slope
      oldEffect.set(this.effect)
      this.nextStep(groupCount, countTime)
    }
    this.summarize(history, used)
    return true
  }

  /** The first step starts from μ = y + 0.1, which is not of the model's form. */
  private firstStep(history: History, withTrend: boolean): void {
    const { rows, place, group, time, weight, sum, sumTime, right } = this
    sum.fill(0)
    sumTime.fill(0)
    right.fill(0)
    let timeSquare = 0
    let rightTime = 0
    for (let i = 0; i < rows; i++) {
      const at = place[i]!
      const g = group[i]!
      const t = time[i]!
      const mean = history.counts[at]! + 0.1
      const w = weight[i]! * mean
      const offset = history.population ? Math.log(history.population[at]!) : 0
      const z = w * (history.logStart[at]! - offset - 0.1 / mean)
      this.mean[i] = mean
      sum[g]! += w
      sumTime[g]! += w * t
      timeSquare += w * t * t
      right[g]! += z
      rightTime += z * t
    }
    this.hasTrend = withTrend && this.eliminate(timeSquare)
    this.slope = 0
    this.effect.fill(0)
    this.solve(rightTime)
  }

  /** A later step moves by the solution of the score equations. */
  private nextStep(groupCount: Float64Array, countTime: number): void {
    const { rows, group, time, weight, mean, sum, sumTime, right, groups } = this
    sum.fill(0)
    sumTime.fill(0)
    let timeSquare = 0
    for (let i = 0; i < rows; i++) {
      const w = weight[i]! * mean[i]!
      const g = group[i]!
      const wt = w * time[i]!
      sum[g]! += w
      sumTime[g]! += wt
      timeSquare += wt * time[i]!
    }
    if (this.hasTrend) this.eliminate(timeSquare)
    let rightTime = countTime
    for (let g = 0; g < groups; g++) {
      right[g] = groupCount[g]! - sum[g]!
      rightTime -= sumTime[g]!
    }
    this.solve(rightTime)
  }

  /** What the trend has of its own once the groups are eliminated; false when that is nothing. */
  private eliminate(timeSquare: number): boolean {
    let own = timeSquare
    for (let g = 0; g < this.groups; g++) if (this.sum[g]! > 0) own -= this.sumTime[g]! ** 2 / this.sum[g]!
    this.information = own
    return own > 1e-14 * timeSquare
  }

  /** Adds the solution of the normal equations to the coefficients. */
  private solve(rightTime: number): void {
    const { groups, sum, sumTime, right, effect } = this
    let step = 0
    if (this.hasTrend) {
      step = rightTime
      for (let g = 0; g < groups; g++) if (sum[g]! > 0) step -= (sumTime[g]! * right[g]!) / sum[g]!
      step /= this.information
      this.slope += step
    }
    for (let g = 0; g < groups; g++) {
      if (sum[g]! > 0) effect[g]! += (right[g]! - step * sumTime[g]!) / sum[g]!
    }
  }

  /** Means at the present coefficients (the former ones are kept beside them); returns the deviance. */
  private evaluate(history: History, constant: number, groupCount: Float64Array, countTime: number): number {
    const { rows, group, time, weight, place, groups, slope } = this
    const former = this.mean
    this.mean = this.meanBefore
    this.meanBefore = former
    const mean = this.mean
    let fitted = slope * countTime
    for (let g = 0; g < groups; g++) fitted += this.effect[g]! * groupCount[g]!
    const weekly = Math.exp(slope)
    const population = history.population
    let line = 0
    let last = Number.NaN
    let lastGroup = -1
    let total = 0
    for (let i = 0; i < rows; i++) {
      const t = time[i]!
      const g = group[i]!
      line = g === lastGroup && t - last === 1 ? line * weekly : Math.exp(this.effect[g]! + slope * t)
      last = t
      lastGroup = g
      let m = line
      if (population) m *= population[place[i]!]!
      if (m < leastMean) m = leastMean
      mean[i] = m
      total += weight[i]! * m
    }
    return 2 * (constant - fitted + total)
  }

  private startDeviance(history: History): number {
    let sum = 0
    for (let i = 0; i < this.rows; i++) {
      const at = this.place[i]!
      const y = history.counts[at]!
      sum += this.weight[i]! * (history.selfLog[at]! - y * history.logStart[at]! + 0.1)
    }
    return 2 * sum
  }

  private summarize(history: History, used: number): void {
    const { rows, weight, place, mean, meanBefore, sum, groups } = this
    let working = 0
    let prior = 0
    for (let i = 0; i < rows; i++) {
      const w = weight[i]!
      const residual = (history.counts[place[i]!]! - mean[i]!) / mean[i]!
      const square = w * residual * residual
      working += square * meanBefore[i]!
      prior += square
    }
    let rank = this.hasTrend ? 1 : 0
    for (let g = 0; g < groups; g++) if (sum[g]! > 0) rank++
    this.residualDf = used - rank
    this.dispersion = this.residualDf > 0 ? working / this.residualDf : Number.NaN
    this.priorDispersion = this.residualDf > 0 ? prior / this.residualDf : Number.NaN
  }

  /** Variance of the trend before multiplying by a dispersion. */
  get slopeVariance(): number {
    return 1 / this.information
  }

  /** Linear predictor of a group at a time, without population, and its variance before the dispersion. */
  predict(group: number, time: number): { readonly eta: number; readonly variance: number } {
    const distance = time - this.sumTime[group]! / this.sum[group]!
    const variance = 1 / this.sum[group]! + (this.hasTrend ? distance ** 2 / this.information : 0)
    return { eta: this.effect[group]! + this.slope * time, variance }
  }

  /**
   * Down-weights counts whose standardized Anscombe residual is above a threshold, by its inverse square (Farrington
   * 1996, 3.6; threshold 2.58 in Noufaily 2013).
   */
  reweight(history: History, dispersion: number, threshold: number): void {
    const { rows, group, time, weight, place, sum, sumTime, hasTrend, information, meanBefore } = this
    const weekly = Math.exp(this.slope / 6)
    let line = 0
    let last = Number.NaN
    let lastGroup = -1
    let total = 0
    for (let i = 0; i < rows; i++) {
      const t = time[i]!
      const g = group[i]!
      line = g === lastGroup && t - last === 1 ? line * weekly : Math.exp((this.effect[g]! + this.slope * t) / 6)
      last = t
      lastGroup = g
      let sixth = line
      if (history.population) sixth *= history.population[place[i]!]! ** (1 / 6)
      if (sixth < leastSixthRoot) sixth = leastSixthRoot
      const leverageOfGroup = 1 / sum[g]!
      const distance = hasTrend ? t - sumTime[g]! / sum[g]! : 0
      const leverage =
        weight[i]! * meanBefore[i]! * (leverageOfGroup + (hasTrend ? (distance * distance) / information : 0))
      const raw = 1.5 * (history.twoThirds[place[i]!]! / sixth - sixth * sixth * sixth)
      // A count that is fitted by itself alone has no residual (in R one of rounding errors) and keeps its weight.
      const residual = leverage > 1 - leverageSlack ? 0 : raw / Math.sqrt(dispersion * (1 - leverage))
      weight[i] = residual > threshold ? 1 / (residual * residual) : 1
      total += weight[i]!
    }
    const scale = rows / total
    for (let i = 0; i < rows; i++) weight[i]! *= scale
  }
}
