import { negativeBinomialQuantile, negativeBinomialSf } from '../distribution/index.ts'
import { type Counts, checkAlpha } from '../series/check.ts'
import { type CountJudge, overCounts, overStream } from '../series/offline.ts'
import type { Online, WindowState } from '../series/online.ts'
import type { Detection, Point } from '../series/point.ts'
import { referenceValues, type YearsOptions, yearsOf } from '../series/years.ts'

export interface BayesOptions extends YearsOptions {
  /** Error probability; default 0.05. */
  readonly alpha?: number
}

/** The three systems of surveillance: Bayes 1 (the last 6 weeks), 2 (and those a year ago), 3 (two years, no present). */
export const bayesSystems = {
  1: { b: 0, w: 6, actY: true },
  2: { b: 1, w: 6, actY: true },
  3: { b: 2, w: 4, actY: false },
} as const

function judgeOf(options: BayesOptions): { readonly before: number; readonly judge: CountJudge } {
  const years = yearsOf(options, bayesSystems[1])
  const alpha = checkAlpha(options.alpha ?? 0.05)
  const values = new Float64Array(years.size)
  const judge: CountJudge = (counts, k, point) => {
    referenceValues(counts, k, years, values)
    let size = 0.5
    let n = 0
    for (const value of values) {
      if (Number.isNaN(value)) continue
      size += value
      n++
    }
    if (n === 0) {
      point.untested = 'no-reference'
      return
    }
    const prob = n / (n + 1)
    point.expected = size / n
    point.lower = negativeBinomialQuantile(alpha, size, prob)
    point.upper = negativeBinomialQuantile(1 - alpha, size, prob)
    point.p = negativeBinomialSf(Math.ceil(counts[k]!) - 1, size, prob)
    point.score = ((counts[k]! - point.expected) * prob) / Math.sqrt(size * (1 - prob))
    point.alarm = counts[k]! > point.upper
  }
  return { before: years.before, judge }
}

/**
 * Bayes system: an alarm when the count passes the 1 − α quantile of its predictive distribution, negative binomial
 * under Jeffreys' prior for a Poisson mean. Riebler, Empirischer Vergleich von statistischen Methoden zur
 * Ausbruchserkennung (2004); Höhle, Computational Statistics 22 (2007). Equals R's `bayes`; defaults b = 0, w = 6,
 * actY, α = 0.05. `score` is in standard deviations of the predictive distribution.
 * @throws {DetectionError} for bad input.
 */
export function bayes(counts: Counts, options: BayesOptions = {}): Detection {
  const { before, judge } = judgeOf(options)
  return overCounts(counts, options, before, judge)
}

/** {@link bayes}, one count at a time. */
export function bayesOnline(
  options: Omit<BayesOptions, 'range'> = {},
  state?: WindowState,
): Online<Point, WindowState> {
  const { before, judge } = judgeOf(options)
  return overStream(options, before, judge, state)
}
