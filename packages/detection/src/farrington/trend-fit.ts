import type { History } from './history.ts'
import { Moments, separate } from './moments.ts'

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
  readonly groups: number

  /** Group effects and trend. */
  readonly effect: Float64Array
  slope = 0
  hasTrend = false
  converged = false
  residualDf = 0
  /** Pearson's χ² / df with the working weights (as `summary.glm`), and with the prior weights in their place. */
  dispersion = Number.NaN
  priorDispersion = Number.NaN

  /** First rows of the runs of weeks with one group, and how many runs there are. */
  private readonly run: Int32Array
  private runs = 0
  /** Greatest distance from time 0. */
  private span = 0
  private mean: Float64Array
  private meanBefore: Float64Array
  /** Moments at the means now and at those from which the last step was taken. */
  private now: Moments
  private before: Moments
  private information = 0
  private readonly level: Float64Array
  private readonly right: Float64Array
  private readonly groupCount: Float64Array
  private readonly oldEffect: Float64Array

  constructor(capacity: number, groups: number) {
    this.groups = groups
    this.place = new Int32Array(capacity)
    this.group = new Int32Array(capacity)
    this.run = new Int32Array(capacity + 1)
    this.time = new Float64Array(capacity)
    this.weight = new Float64Array(capacity)
    this.mean = new Float64Array(capacity)
    this.meanBefore = new Float64Array(capacity)
    this.effect = new Float64Array(groups)
    this.level = new Float64Array(groups)
    this.right = new Float64Array(groups)
    this.groupCount = new Float64Array(groups)
    this.oldEffect = new Float64Array(groups)
    this.now = new Moments(groups)
    this.before = new Moments(groups)
  }

  /** Finds the runs; to be called when the rows have been set. */
  arrange(): void {
    const { rows, group, time, run } = this
    this.runs = 0
    for (let i = 0; i < rows; i++) {
      if (i === 0 || group[i] !== group[i - 1] || time[i]! - time[i - 1]! !== 1) run[this.runs++] = i
    }
    run[this.runs] = rows
    this.span = rows > 0 ? Math.max(Math.abs(time[0]!), Math.abs(time[rows - 1]!)) : 0
  }

  /** Fits with the prior weights as they are. False when there is no finite first step. */
  fit(history: History, withTrend: boolean): boolean {
    const { groupCount } = this
    const { countTime, constant, used } = this.observe(history)
    let deviance = this.firstStep(history, withTrend)
    let oldSlope = 0
    for (let iteration = 1; ; iteration++) {
      let now = this.evaluate(history, constant, countTime)
      for (let half = 0; !Number.isFinite(now); half++) {
        if (iteration === 1 || half === maxIterations) return false
        this.slope = (this.slope + oldSlope) / 2
        for (let g = 0; g < this.groups; g++) this.effect[g] = (this.effect[g]! + this.oldEffect[g]!) / 2
        this.swap()
        now = this.evaluate(history, constant, countTime)
      }
      this.converged = Math.abs(now - deviance) / (Math.abs(now) + 0.1) < epsilon
      if (this.converged || iteration === maxIterations) break
      deviance = now
      oldSlope = this.slope
      this.oldEffect.set(this.effect)
      for (let g = 0; g < this.groups; g++) this.right[g] = groupCount[g]! - this.now.weight[g]!
      this.solve(this.now, countTime - this.now.time.reduce((sum, value) => sum + value, 0))
    }
    this.summarize(history, used)
    return true
  }

  /** Sums of the counts, which no step changes. */
  private observe(history: History) {
    const { run, runs, place, group, time, weight, groupCount } = this
    const { counts, population, selfLog } = history
    let constant = 0
    let countTime = 0
    let used = 0
    groupCount.fill(0)
    for (let r = 0; r < runs; r++) {
      let sum = 0
      for (let i = run[r]!; i < run[r + 1]!; i++) {
        const at = place[i]!
        const wy = weight[i]! * counts[at]!
        constant += weight[i]! * selfLog[at]!
        if (population) constant -= wy * Math.log(population[at]!)
        countTime += wy * time[i]!
        sum += wy
        if (weight[i]! > 0) used++
      }
      constant -= sum
      groupCount[group[run[r]!]!]! += sum
    }
    return { constant, countTime, used }
  }

  /** The first step starts from μ = y + 0.1, which is not of the model's form; returns the deviance there. */
  private firstStep(history: History, withTrend: boolean): number {
    const { run, runs, place, group, time, weight, right, now, mean } = this
    const { counts, logStart, selfLog, population } = history
    now.clear()
    right.fill(0)
    let rightTime = 0
    let deviance = 0
    for (let r = 0; r < runs; r++) {
      const g = group[run[r]!]!
      let sum = 0
      let sumTime = 0
      let timeSquare = 0
      let sumRight = 0
      for (let i = run[r]!; i < run[r + 1]!; i++) {
        const at = place[i]!
        const t = time[i]!
        const y = counts[at]!
        const prior = weight[i]!
        const log = population ? logStart[at]! - Math.log(population[at]!) : logStart[at]!
        const w = prior * (y + 0.1)
        const z = w * log - 0.1 * prior
        const wt = w * t
        mean[i] = y + 0.1
        sum += w
        sumTime += wt
        timeSquare += wt * t
        sumRight += z
        rightTime += z * t
        deviance += prior * (selfLog[at]! - y * logStart[at]! + 0.1)
      }
      now.add(g, sum, sumTime, timeSquare)
      right[g]! += sumRight
    }
    this.hasTrend = withTrend && now.information > 1e-14 * now.timeSquare
    this.slope = 0
    this.effect.fill(0)
    this.solve(now, rightTime)
    return 2 * deviance
  }

  /** Adds the solution of the normal equations to the coefficients. */
  private solve(moments: Moments, rightTime: number): void {
    if (this.hasTrend) this.information = moments.information
    this.slope += moments.solve(
      this.right,
      this.hasTrend ? rightTime : 0,
      this.hasTrend ? this.information : 0,
      this.effect,
    )
  }

  private swap(): void {
    const mean = this.mean
    this.mean = this.meanBefore
    this.meanBefore = mean
    const moments = this.now
    this.now = this.before
    this.before = moments
  }

  /** Means and moments at the present coefficients, the former ones kept beside them; returns the deviance. */
  private evaluate(history: History, constant: number, countTime: number): number {
    this.swap()
    const { group, time, weight, place, run, runs, groups, slope, effect, mean, now } = this
    const { population } = history
    const weekly = Math.exp(slope)
    const apart = separate(1, effect, slope, this.span, this.level)
    now.clear()
    let growth = 0
    for (let r = 0; r < runs; r++) {
      const from = run[r]!
      const to = run[r + 1]!
      const g = group[from]!
      const level = apart ? this.level[g]! : 1
      if (!apart) growth = Math.exp(effect[g]! + slope * time[from]!)
      else if (r === 0 || time[from]! - time[from - 1]! !== 1) growth = Math.exp(slope * time[from]!)
      let sum = 0
      let sumTime = 0
      let timeSquare = 0
      for (let i = from; i < to; i++) {
        let m = level * growth
        if (population) m *= population[place[i]!]!
        if (m < leastMean) m = leastMean
        mean[i] = m
        const w = weight[i]! * m
        const wt = w * time[i]!
        sum += w
        sumTime += wt
        timeSquare += wt * time[i]!
        growth *= weekly
      }
      now.add(g, sum, sumTime, timeSquare)
    }
    let fitted = slope * countTime
    for (let g = 0; g < groups; g++) fitted += effect[g]! * this.groupCount[g]! - now.weight[g]!
    return 2 * (constant - fitted)
  }

  private summarize(history: History, used: number): void {
    const { rows, weight, place, mean, meanBefore, before } = this
    let working = 0
    let prior = 0
    for (let i = 0; i < rows; i++) {
      const residual = history.counts[place[i]!]! / mean[i]! - 1
      const square = weight[i]! * residual * residual
      working += square * meanBefore[i]!
      prior += square
    }
    let rank = this.hasTrend ? 1 : 0
    for (const weightOfGroup of before.weight) if (weightOfGroup > 0) rank++
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
    const weight = this.before.weight[group]!
    const distance = time - this.before.time[group]! / weight
    const variance = 1 / weight + (this.hasTrend ? distance ** 2 / this.information : 0)
    return { eta: this.effect[group]! + this.slope * time, variance }
  }

  /**
   * Down-weights counts whose standardized Anscombe residual is above a threshold, by its inverse square (Farrington
   * 1996, 3.6; threshold 2.58 in Noufaily 2013).
   */
  reweight(history: History, dispersion: number, threshold: number): void {
    const { rows, run, runs, group, time, weight, place, before, meanBefore } = this
    const { population, twoThirds } = history
    const weekly = Math.exp(this.slope / 6)
    const apart = separate(6, this.effect, this.slope, this.span, this.level)
    let growth = 0
    const ofTrend = this.hasTrend ? 1 / this.information : 0
    let total = 0
    for (let r = 0; r < runs; r++) {
      const from = run[r]!
      const g = group[from]!
      const middle = before.time[g]! / before.weight[g]!
      const ofGroup = 1 / before.weight[g]!
      const level = apart ? this.level[g]! : 1
      if (!apart) growth = Math.exp((this.effect[g]! + this.slope * time[from]!) / 6)
      else if (r === 0 || time[from]! - time[from - 1]! !== 1) growth = Math.exp((this.slope / 6) * time[from]!)
      for (let i = from; i < run[r + 1]!; i++) {
        let sixth = level * growth
        if (population) sixth *= population[place[i]!]! ** (1 / 6)
        if (sixth < leastSixthRoot) sixth = leastSixthRoot
        growth *= weekly
        const distance = time[i]! - middle
        const leverage = weight[i]! * meanBefore[i]! * (ofGroup + distance * distance * ofTrend)
        const raw = 1.5 * (twoThirds[place[i]!]! / sixth - sixth * sixth * sixth)
        // A count that is fitted by itself alone has no residual (in R one of rounding errors) and keeps its weight.
        const residual = leverage > 1 - leverageSlack ? 0 : raw / Math.sqrt(dispersion * (1 - leverage))
        weight[i] = residual > threshold ? 1 / (residual * residual) : 1
        total += weight[i]!
      }
    }
    const scale = rows / total
    for (let i = 0; i < rows; i++) weight[i]! *= scale
  }
}
