import { studentSf } from '../distribution/index.ts'
import type { Point } from '../series/point.ts'
import type { History } from './history.ts'
import type { Settings } from './options.ts'
import { referencePoints, seasonalLevels } from './reference.ts'
import { type Bounds, countBounds, powerBounds } from './threshold.ts'
import { TrendFit } from './trend-fit.ts'

export interface FarringtonPoint extends Point {
  /** Dispersion φ, at least 1. */
  dispersion: number
  /** Whether the model kept its trend. */
  trend: boolean
}

/**
 * The flexible Farrington method for place k of a history: Noufaily et al., An improved algorithm for outbreak
 * detection in multiple surveillance systems, Statistics in Medicine 32 (2013); the steps are those of
 * `farringtonFlexible` in R surveillance 1.20.3, which differ from the paper in the details named below.
 */
export class Flexible {
  private readonly settings: Settings
  private readonly model: TrendFit
  private readonly levels: Uint8Array
  private phi = 1
  private dispersion = Number.NaN

  /** `capacity` is the longest history it will see. */
  constructor(settings: Settings, capacity: number) {
    this.settings = settings
    this.model = new TrendFit(capacity, settings.noPeriods)
    this.levels = new Uint8Array(capacity)
  }

  judge(history: History, k: number, point: FarringtonPoint): void {
    point.dispersion = Number.NaN
    point.trend = false
    const { settings, model } = this
    if (Number.isNaN(history.counts[k]!)) {
      point.untested = 'missing'
      return
    }
    const references = referencePoints(history, k, settings)
    if (!references || !seasonalLevels(this.levels, references, settings)) {
      point.untested = 'no-reference'
      return
    }
    const now = this.prepare(history, references)
    if (now === undefined) {
      point.untested = 'no-reference'
      return
    }
    if (!this.fit(history, settings.trend)) {
      point.untested = 'no-fit'
      return
    }
    if (model.hasTrend && !this.keepsTrend(history, now, k) && !this.fit(history, false)) {
      point.untested = 'no-fit'
      return
    }
    point.trend = model.hasTrend
    point.dispersion = this.phi
    this.conclude(history, k, now, point)
  }

  /**
   * Rows of the model, their time counted from the middle of the baseline; returns the time of place k, undefined when no
   * window around a reference week has a count.
   */
  private prepare(history: History, references: Int32Array): number | undefined {
    const { model, settings, levels } = this
    const k = references[0]!
    const oldest = Math.max(0, references[references.length - 1]! - settings.w)
    const day = history.days
    let rows = 0
    let first = 0
    let inWindows = 0
    for (let place = oldest; place <= k; place++) {
      const level = levels[place]!
      if (level === 0 || Number.isNaN(history.counts[place]!)) continue
      if (level === settings.noPeriods) inWindows++
      if (rows === 0) first = place
      model.place[rows] = place
      model.group[rows] = level - 1
      model.time[rows] = day ? (day[place]! - day[first]!) / (day[1]! - day[0]!) : place - first
      model.weight[rows] = 1
      rows++
    }
    if (inWindows === 0) return undefined
    model.rows = rows
    const now = day ? (day[k]! - day[first]!) / (day[1]! - day[0]!) : k - first
    const middle = Math.round(model.time[rows - 1]! / 2)
    for (let i = 0; i < rows; i++) model.time[i]! -= middle
    model.arrange()
    return now - middle
  }

  /**
   * Fit, dispersion, reweighting, fit. Afterwards `phi` is the dispersion for the threshold, at least 1, and
   * `dispersion` the one of standard errors, which R takes with the prior weights and without a floor.
   */
  private fit(history: History, trend: boolean): boolean {
    const { model, settings } = this
    model.weight.fill(1, 0, model.rows)
    if (!model.fit(history, trend)) return false
    if (!model.converged && !(model.hasTrend && model.fit(history, false) && model.converged)) return false
    this.phi = Math.max(model.dispersion, 1)
    this.dispersion = model.dispersion
    if (settings.reweight) {
      model.reweight(history, this.phi, settings.weightsThreshold)
      if (!model.fit(history, model.hasTrend)) return false
      this.phi = Math.max(model.dispersion, 1)
      this.dispersion = model.priorDispersion
    }
    return Number.isFinite(this.phi)
  }

  /** Noufaily 2013, 3.3: at least three years, a significant trend, and no prediction above all that was seen. */
  private keepsTrend(history: History, now: number, k: number): boolean {
    const { model, settings } = this
    if (settings.b < 3) return false
    const error = Math.sqrt(this.dispersion * model.slopeVariance)
    if (!(2 * studentSf(Math.abs(model.slope / error), model.residualDf) < settings.pThresholdTrend)) return false
    let highest = 0
    for (let i = 0; i < model.rows; i++) highest = Math.max(highest, history.counts[model.place[i]!]!)
    return Math.exp(this.predictor(history, now, k).eta) <= highest
  }

  /** Linear predictor of place k and its standard error. */
  private predictor(history: History, now: number, k: number): { readonly eta: number; readonly se: number } {
    const { model, settings } = this
    const { eta, variance } = model.predict(settings.noPeriods - 1, now)
    return {
      eta: history.population ? eta + Math.log(history.population[k]!) : eta,
      se: Math.sqrt(variance * this.dispersion),
    }
  }

  private conclude(history: History, k: number, now: number, point: FarringtonPoint): void {
    const { settings, phi } = this
    const observed = history.counts[k]!
    const { eta, se } = this.predictor(history, now, k)
    const mean = Math.max(Math.exp(eta), Number.EPSILON)
    const delta = settings.thresholdMethod === 'delta'
    const bounds: Bounds = delta
      ? powerBounds(observed, mean, se * mean, phi, settings.alpha, settings.powertrans)
      : countBounds(observed, eta, se, phi, settings)
    point.lower = bounds.lower
    point.p = bounds.p
    // surveillance 1.20.3 takes ln of the mean here when the threshold is a quantile; the sign of score − 1 is the same.
    const centre = delta ? mean : eta
    point.score = (observed - centre) / (bounds.upper - centre)
    const enough = recentCases(history, k, settings.limit54[1]) >= settings.limit54[0]
    point.alarm = enough && point.score > 1 && observed !== 0
    if (enough) {
      point.upper = bounds.upper
      if (!Number.isNaN(bounds.upper)) point.expected = delta ? mean : Math.exp(eta)
    }
    if (!enough) point.untested = 'few-cases'
    else if (Number.isNaN(bounds.upper)) point.untested = 'no-fit'
  }
}

/** Cases in the last weeks, place k among them; missing weeks are taken to be like the others. */
export function recentCases(history: History, k: number, weeks: number): number {
  const from = Math.max(0, k - weeks + 1)
  let cases = 0
  let missing = 0
  for (let i = from; i <= k; i++) {
    if (Number.isNaN(history.counts[i]!)) missing++
    else cases += history.counts[i]!
  }
  return missing === 0 ? cases : (cases * (k - from + 1)) / (k - from + 1 - missing)
}
