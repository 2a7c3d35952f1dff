import { createRandom, type Random } from '../random/index.ts'
import type { ScanProblem } from './types.ts'

/**
 * Log likelihood ratio of a circle with `cases` where `expected` were expected, of `total` in all; 0 where not more came
 * than expected (Kulldorff 1997, Commun Stat Theory Methods 26:1481).
 */
export function logLikelihoodRatio(cases: number, expected: number, total: number): number {
  if (!(cases > expected)) return 0
  const outside = total - cases
  return cases * Math.log(cases / expected) + (outside > 0 ? outside * Math.log(outside / (total - expected)) : 0)
}

/**
 * Largest log likelihood ratios of replications `from` to `to − 1` under the null. Each has its own random stream, so that
 * any split of the range over workers gives the same numbers. Permutation: the cases' days are shuffled among the cases
 * (Kulldorff et al. 2005, PLoS Med 2:e59); Poisson: all cases fall anew by population and day.
 */
export function scanMaxima(problem: ScanProblem, from: number, to: number): Float64Array {
  const { maxDays, weight } = problem
  const recent = new Int32Array(weight.length * maxDays)
  const order = Int32Array.from(problem.caseSite)
  const refuse = new Float64Array(problem.total + 1)
  const maxima = new Float64Array(Math.max(0, to - from))
  for (let i = from; i < to; i++) {
    const random = createRandom(problem.seed, i)
    recent.fill(0)
    if (problem.kind === 'permutation') {
      order.set(problem.caseSite)
      shuffleDays(problem, random, order, recent)
    } else drawCases(problem, random, recent)
    maxima[i - from] = largestRatio(problem, recent, refuse)
  }
  return maxima
}

// Only the cases of the last days matter: which cases get these days is a draw without replacement.
function shuffleDays(problem: ScanProblem, random: Random, order: Int32Array, recent: Int32Array): void {
  const { ages } = problem
  for (let i = 0; i < ages.length; i++) {
    const j = i + random.below(order.length - i)
    const site = order[j]!
    order[j] = order[i]!
    addCase(recent, site, ages[i]!, problem.maxDays)
  }
}

function drawCases(problem: ScanProblem, random: Random, recent: Int32Array): void {
  const { cumulative, dayShare, maxDays, total } = problem
  for (let i = 0; i < total; i++) {
    let left = random.unit()
    let age = 0
    while (age < maxDays && left >= dayShare[age]!) left -= dayShare[age++]!
    if (age === maxDays) continue
    addCase(recent, pick(cumulative, random.unit()), age, maxDays)
  }
}

function addCase(recent: Int32Array, site: number, age: number, maxDays: number): void {
  const end = (site + 1) * maxDays
  for (let i = site * maxDays + age; i < end; i++) recent[i] = recent[i]! + 1
}

function pick(cumulative: Float64Array, unit: number): number {
  let low = 0
  let high = cumulative.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (cumulative[middle]! > unit) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Largest ratio over all circles and lengths. The ratio falls in the expected count, so `refuse[c]` remembers the smallest
 * one with which c cases did not beat the maximum: almost every circle is refused by one comparison. A circle that adds no
 * recent case is never better than the one inside it.
 */
function largestRatio(problem: ScanProblem, recent: Int32Array, refuse: Float64Array): number {
  const { first, neighbour, circleEnd, weight, factor, maxDays, total } = problem
  const cases = new Int32Array(maxDays)
  const last = maxDays - 1
  const centers = weight.length
  for (let c = 0; c <= total; c++) refuse[c] = c
  let best = 0
  for (let center = 0; center < centers; center++) {
    cases.fill(0)
    let sum = 0
    let grown = false
    const end = first[center + 1]!
    for (let i = first[center]!; i < end; i++) {
      const site = neighbour[i]!
      sum += weight[site]!
      const row = site * maxDays
      if (recent[row + last]! > 0) {
        for (let length = 0; length < maxDays; length++) cases[length] = cases[length]! + recent[row + length]!
        grown = true
      }
      if (!grown || circleEnd[i] === 0) continue
      grown = false
      for (let length = 0; length < maxDays; length++) {
        const c = cases[length]!
        const expected = sum * factor[length]!
        if (expected >= refuse[c]!) continue
        const ratio = logLikelihoodRatio(c, expected, total)
        if (ratio > best) best = ratio
        else refuse[c] = expected
      }
    }
  }
  return best
}
