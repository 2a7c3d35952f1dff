import { type EssenceEwmaOptions, type EssenceEwmaState, essenceEwma, essenceEwmaOnline } from '../ewma/essence.ts'
import type { EssenceDetection, EssencePoint } from '../ewma/essence-point.ts'
import type { Counts, Dates } from '../series/check.ts'
import type { Online, WindowState } from '../series/online.ts'
import { pointAt, record } from '../series/point.ts'
import { essenceRegression, essenceRegressionOnline } from './regression.ts'

/** Share of variance from which the regression is believed. */
const believed = 0.6

/**
 * Switch of ESSENCE: the regression where it explains at least 60% of its baseline's variance (adjusted), the EWMA
 * elsewhere. Equals `alert_switch` of Rnssp 0.3.1 to 1e-6.
 * @throws {DetectionError} for bad input, or fewer than B + g + 1 days.
 */
export function essenceSwitch(counts: Counts, dates: Dates, options: EssenceEwmaOptions = {}): EssenceDetection {
  const regression = essenceRegression(counts, dates, options)
  const result = essenceEwma(counts, options)
  for (let i = 0; i < result.at.length; i++) {
    if (!(regression.adjustedRSquared[i]! >= believed)) continue
    record(result, i, pointAt(regression, i))
    result.colour[i] = regression.colour[i]!
    result.detector[i] = regression.detector[i]!
  }
  return result
}

export interface SwitchState {
  readonly regression: WindowState
  readonly ewma: EssenceEwmaState
}

/** {@link essenceSwitch}, one count with its date at a time; O(B). */
export function essenceSwitchOnline(
  options: EssenceEwmaOptions = {},
  state?: SwitchState,
): Online<EssencePoint, SwitchState> {
  const regression = essenceRegressionOnline(options, state?.regression)
  const ewma = essenceEwmaOnline(options, state?.ewma)
  return {
    push(count, date) {
      const { sigma: _, adjustedRSquared, ...line } = regression.push(count, date)
      const average = ewma.push(count)
      return adjustedRSquared >= believed ? line : average
    },
    state: () => ({ regression: regression.state(), ewma: ewma.state() }),
  }
}
