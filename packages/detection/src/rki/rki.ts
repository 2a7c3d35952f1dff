import { normalCdf, poissonSf } from '../distribution/index.ts'
import type { Counts } from '../series/check.ts'
import { type CountJudge, overCounts, overStream } from '../series/offline.ts'
import type { Online, WindowState } from '../series/online.ts'
import type { Detection, Point } from '../series/point.ts'
import { referenceValues, type YearsOptions, yearsOf } from '../series/years.ts'

/**
 * Limits of the 95% confidence interval of a Poisson mean for counts 0 … 20: E. L. Crow & R. S. Gardner, Confidence
 * intervals for the expectation of a Poisson variable, Biometrika 46 (1959), table 1.
 */
const lowerLimits = [
  0, 0.051, 0.355, 0.818, 1.366, 1.97, 2.613, 3.285, 3.285, 4.46, 5.323, 5.323, 6.686, 6.686, 8.102, 8.102, 9.598,
  9.598, 11.177, 11.177, 12.817,
] as const
const upperLimits = [
  3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633, 19.05, 20.335, 21.364, 22.945,
  23.762, 25.4, 26.306, 27.735, 28.966, 30.017,
] as const

/** The three systems: RKI 1 (the last 6 weeks), 2 (and those a year ago), 3 (two years, no present). */
export const rkiSystems = {
  1: { b: 0, w: 6, actY: true },
  2: { b: 1, w: 6, actY: true },
  3: { b: 2, w: 4, actY: false },
} as const

function judgeOf(options: YearsOptions): { readonly before: number; readonly judge: CountJudge } {
  const years = yearsOf(options, rkiSystems[3])
  const values = new Float64Array(years.size)
  const judge: CountJudge = (counts, k, point) => {
    referenceValues(counts, k, years, values)
    let sum = 0
    let n = 0
    for (const value of values) {
      if (Number.isNaN(value)) continue
      sum += value
      n++
    }
    if (n === 0) {
      point.untested = 'no-reference'
      return
    }
    const mean = sum / n
    const observed = counts[k]!
    point.expected = mean
    if (mean > 20) {
      let squares = 0
      for (const value of values) if (!Number.isNaN(value)) squares += (value - mean) ** 2
      const sigma = Math.sqrt(squares / (n - 1))
      point.lower = Math.max(0, mean - 2 * sigma)
      point.upper = mean + 2 * sigma
      point.score = (observed - mean) / sigma
      point.p = normalCdf(-point.score)
    } else {
      point.lower = lowerLimits[Math.floor(mean)]!
      point.upper = upperLimits[Math.floor(mean)]!
      point.score = mean > 0 ? (observed - mean) / Math.sqrt(mean) : Number.NaN
      point.p = poissonSf(Math.ceil(observed) - 1, mean)
    }
    point.alarm = observed > point.upper
    if (Number.isNaN(point.upper)) point.untested = 'no-variance'
  }
  return { before: years.before, judge }
}

/**
 * RKI system 1–3 of the Robert Koch Institute: Altmann, The surveillance system of the Robert Koch Institute, Germany
 * (2003); Höhle, Computational Statistics 22 (2007). Up to a mean of 20 the limit is that of a Poisson mean, above it
 * mean + 2 standard deviations. Equals R's `rki`; defaults b = 2, w = 4, actY false (RKI 3).
 * @throws {DetectionError} for bad input.
 */
export function rki(counts: Counts, options: YearsOptions = {}): Detection {
  const { before, judge } = judgeOf(options)
  return overCounts(counts, options, before, judge)
}

/** {@link rki}, one count at a time. */
export function rkiOnline(options: Omit<YearsOptions, 'range'> = {}, state?: WindowState): Online<Point, WindowState> {
  const { before, judge } = judgeOf(options)
  return overStream(options, before, judge, state)
}
