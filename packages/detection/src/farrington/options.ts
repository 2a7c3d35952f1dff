import { DetectionError } from '../error.ts'
import { checkAlpha, checkMissing, checkNumber, checkWhole, type Dates, type MissingOption } from '../series/check.ts'

/** What both Farrington methods take; names and defaults of R `surveillance`. */
export interface FarringtonOptions extends MissingOption {
  /** 0-based places to test; default every place with all its reference weeks. */
  readonly range?: ArrayLike<number>
  /** Years back; default 5. */
  readonly b?: number
  /** Half width of the window around each reference week; default 3. */
  readonly w?: number
  /** Time points per year; default 52. */
  readonly freq?: number
  /** One date per count: reference points are then found by date, `freq` 12, 52 or 365. */
  readonly dates?: Dates
  /** Down-weight past outbreaks; default true. */
  readonly reweight?: boolean
  /** Error probability: one-sided in the flexible, two-sided in the original method; default 0.05. */
  readonly alpha?: number
  /** Allow a linear trend; default true. */
  readonly trend?: boolean
  /** [cases, weeks]: no test with fewer cases in the last weeks, the tested one among them; default [5, 4]. */
  readonly limit54?: readonly [number, number]
  /** Transformation for the threshold; default '2/3'. */
  readonly powertrans?: '2/3' | '1/2' | 'none'
  /** Population per time point, with `populationOffset`. */
  readonly population?: ArrayLike<number>
  readonly populationOffset?: boolean
}

export interface FlexibleOptions extends FarringtonOptions {
  /** Anscombe residual from which a past count is down-weighted; default 2.58. */
  readonly weightsThreshold?: number
  /** Level at which a trend is kept; default 0.05, 1 keeps it whenever it does not extrapolate. */
  readonly pThresholdTrend?: number
  /** Periods of the seasonal factor in a year, 1 for the windows alone; default 1, Noufaily 2013 uses 10. */
  readonly noPeriods?: number
  /** Weeks before the tested one that are left out of the baseline; default w, Noufaily 2013 uses 26. */
  readonly pastWeeksNotIncluded?: number | null
  /** `delta`: Farrington 1996; `nbPlugin`: Noufaily 2013; `muan`: with the uncertainty of the mean; default delta. */
  readonly thresholdMethod?: 'delta' | 'nbPlugin' | 'muan'
}

export type Settings = Required<Omit<FlexibleOptions, 'range' | 'dates' | 'population' | 'pastWeeksNotIncluded'>> & {
  readonly pastWeeksNotIncluded: number
  readonly dated: boolean
}

/** Options with defaults, checked. @throws {DetectionError} */
export function settingsOf(options: FlexibleOptions): Settings {
  const { b = 5, w = 3, freq = 52, limit54 = [5, 4], populationOffset = false } = options
  const { powertrans = '2/3', thresholdMethod = 'delta', noPeriods = 1 } = options
  checkWhole('b', b, 1)
  checkWhole('w', w, 0)
  checkWhole('freq', freq, 1)
  checkWhole('noPeriods', noPeriods, 1)
  checkNumber('limit54[0]', limit54[0], limit54[0] >= 0, 'at least 0')
  checkWhole('limit54[1]', limit54[1], 1)
  if (!['2/3', '1/2', 'none'].includes(powertrans)) throw new DetectionError('option', `powertrans ${powertrans}`)
  if (!['delta', 'nbPlugin', 'muan'].includes(thresholdMethod)) {
    throw new DetectionError('option', `thresholdMethod ${thresholdMethod}`)
  }
  if (options.dates && ![12, 52, 365].includes(freq)) {
    throw new DetectionError('option', 'with dates, freq must be 12, 52 or 365')
  }
  if (populationOffset && !options.population) throw new DetectionError('option', 'populationOffset needs population')
  return {
    b,
    w,
    freq,
    limit54,
    populationOffset,
    powertrans,
    thresholdMethod,
    noPeriods,
    missing: checkMissing(options.missing),
    alpha: checkAlpha(options.alpha ?? 0.05),
    reweight: options.reweight ?? true,
    trend: options.trend ?? true,
    weightsThreshold: checkNumber('weightsThreshold', options.weightsThreshold ?? 2.58, true, 'a number'),
    pThresholdTrend: checkNumber('pThresholdTrend', options.pThresholdTrend ?? 0.05, true, 'a number'),
    pastWeeksNotIncluded: checkWhole('pastWeeksNotIncluded', options.pastWeeksNotIncluded ?? w, 0),
    dated: Boolean(options.dates),
  }
}
