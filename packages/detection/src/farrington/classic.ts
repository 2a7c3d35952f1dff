import { studentSf } from '../distribution/index.ts'
import { addMonths, weekday } from '../series/day.ts'
import { type FarringtonPoint, recentCases } from './flexible.ts'
import type { History } from './history.ts'
import type { Settings } from './options.ts'
import { placeOf } from './reference.ts'
import { powerBounds } from './threshold.ts'
import { TrendFit } from './trend-fit.ts'

/** Residual above which Farrington 1996 down-weights, and level of its trend; both fixed in R's `farrington`. */
const weightsThreshold = 1
const trendLevel = 0.05

/**
 * The original method for place k of a history: Farrington et al., A statistical algorithm for the early detection of
 * outbreaks of infectious disease, J. R. Statist. Soc. A 159 (1996); as `farrington` in R surveillance 1.20.3 with its
 * default `fitFun`, or, with a population, `algo.farrington.fitGLM.populationOffset`.
 */
export class Classic {
  private readonly settings: Settings
  private readonly model: TrendFit
  private phi = 1

  constructor(settings: Settings) {
    this.settings = settings
    this.model = new TrendFit(settings.b * (2 * settings.w + 1), 1)
  }

  judge(history: History, k: number, point: FarringtonPoint): void {
    const { settings, model } = this
    point.dispersion = Number.NaN
    point.trend = false
    if (Number.isNaN(history.counts[k]!)) {
      point.untested = 'missing'
      return
    }
    const now = this.prepare(history, k)
    if (model.rows === 0) {
      point.untested = 'no-reference'
      return
    }
    let fitted = this.fit(history, settings.trend)
    if (fitted && model.hasTrend && !this.keepsTrend(history, now, k)) fitted = this.fit(history, false)
    if (!fitted) {
      point.untested = 'no-fit'
      return
    }
    point.trend = model.hasTrend
    point.dispersion = this.phi
    const observed = history.counts[k]!
    const { mean, variance } = this.prediction(history, now, k)
    const se = Math.sqrt(variance * this.phi) * mean
    const bounds = powerBounds(observed, mean, se, this.phi, settings.alpha / 2, settings.powertrans)
    const enough = recentCases(history, k, settings.limit54[1]) >= settings.limit54[0]
    point.expected = mean
    point.lower = bounds.lower
    point.p = bounds.p
    // R gives 0, not NA, where there are too few cases.
    point.upper = enough ? bounds.upper : 0
    point.score = enough ? (observed - mean) / (bounds.upper - mean) : 0
    point.alarm = point.score > 1
    if (!enough) point.untested = 'few-cases'
    else if (Number.isNaN(bounds.upper)) point.untested = 'no-fit'
  }

  /** Rows are the windows around the same time of earlier years, as far as the series has counts there. */
  private prepare(history: History, k: number): number {
    const { model, settings } = this
    // Time is counted from the middle of the baseline, so that no e^(b·time) overflows on the way to a steep fit.
    const middle = k - Math.round((settings.freq * (settings.b + 1)) / 2)
    let rows = 0
    for (let year = settings.b; year >= 1; year--) {
      for (let step = -settings.w; step <= settings.w; step++) {
        const place = settings.dated
          ? datedReference(history, k, year, step, settings.freq)
          : k - settings.freq * year + step
        if (place < 0 || Number.isNaN(history.counts[place]!)) continue
        model.place[rows] = place
        model.time[rows] = place - middle
        rows++
      }
    }
    model.rows = rows
    model.arrange()
    return k - middle
  }

  private fit(history: History, trend: boolean): boolean {
    const { model, settings } = this
    model.weight.fill(1, 0, model.rows)
    if (!model.fit(history, trend)) return false
    if (!model.converged && model.hasTrend && !model.fit(history, false)) return false
    this.phi = Math.max(model.dispersion, 1)
    if (settings.reweight) {
      model.reweight(history, this.phi, weightsThreshold)
      if (!model.fit(history, model.hasTrend)) return false
      this.phi = Math.max(model.dispersion, 1)
    }
    return Number.isFinite(this.phi)
  }

  /** The p-value of the trend is taken with the dispersion before it is raised to 1, as R's `summary.glm` does. */
  private keepsTrend(history: History, now: number, k: number): boolean {
    const { model, settings } = this
    const error = Math.sqrt(model.dispersion * model.slopeVariance)
    const p = 2 * studentSf(Math.abs(model.slope / error), model.residualDf)
    let highest = 0
    for (let i = 0; i < model.rows; i++) highest = Math.max(highest, history.counts[model.place[i]!]!)
    return settings.b >= 3 && p < trendLevel && this.prediction(history, now, k).mean <= highest
  }

  private prediction(history: History, now: number, k: number): { readonly mean: number; readonly variance: number } {
    const { eta, variance } = this.model.predict(0, now)
    const mean = Math.exp(eta) * (history.population?.[k] ?? 1)
    return { mean: Math.max(mean, Number.EPSILON), variance }
  }
}

/**
 * Place of a reference point by date: some years back, some weeks (or months, days) on, then the nearest day with the
 * weekday (or, in monthly data, the day of the month) of the tested point; -1 when the series does not have it.
 */
function datedReference(history: History, k: number, year: number, step: number, freq: number): number {
  const today = history.days![k]!
  const anchor = addMonths(today, -12 * year)
  if (freq === 365) return placeOf(history, anchor + step)
  if (freq === 12) {
    const day = addMonths(anchor, step)
    return placeOf(history, day - (dayOfMonth(day) - dayOfMonth(today)))
  }
  const day = anchor + 7 * step
  const forward = (weekday(today) - weekday(day) + 7) % 7
  const backward = (weekday(day) - weekday(today) + 7) % 7
  return placeOf(history, day + (forward < backward ? forward : -backward))
}

const dayOfMonth = (day: number): number => new Date(day * 86_400_000).getUTCDate()
