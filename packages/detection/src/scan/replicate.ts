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
  const drawn = { site: new Int32Array(problem.total), age: new Int32Array(problem.total), size: 0 }
  const order = Int32Array.from(problem.caseSite)
  const room = newRoom(problem)
  const maxima = new Float64Array(Math.max(0, to - from))
  for (let i = from; i < to; i++) {
    const random = createRandom(problem.seed, i)
    if (problem.kind === 'permutation') {
      order.set(problem.caseSite)
      shuffleDays(problem, random, order, drawn)
    } else drawCases(problem, random, drawn)
    maxima[i - from] = largestRatio(problem, drawn, room)
  }
  return maxima
}

/** Recent cases of a replication: site and age in days of the first `size`. */
type Drawn = { site: Int32Array; age: Int32Array; size: number }

// Only the cases of the last days matter: which cases get these days is a draw without replacement.
function shuffleDays(problem: ScanProblem, random: Random, order: Int32Array, drawn: Drawn): void {
  const { ages } = problem
  drawn.size = ages.length
  for (let i = 0; i < ages.length; i++) {
    const j = i + random.below(order.length - i)
    drawn.site[i] = order[j]!
    drawn.age[i] = ages[i]!
    order[j] = order[i]!
  }
}

function drawCases(problem: ScanProblem, random: Random, drawn: Drawn): void {
  const { cumulative, dayShare, maxDays, total } = problem
  drawn.size = 0
  for (let i = 0; i < total; i++) {
    let left = random.unit()
    let age = 0
    while (age < maxDays && left >= dayShare[age]!) left -= dayShare[age++]!
    if (age === maxDays) continue
    drawn.site[drawn.size] = pick(cumulative, random.unit())
    drawn.age[drawn.size++] = age
  }
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

type Room = { refuse: Float64Array; start: Int32Array; age: Int32Array; cases: Int32Array }

const newRoom = ({ total, weight, maxDays }: ScanProblem): Room => ({
  refuse: new Float64Array(total + 1),
  start: new Int32Array(weight.length + 1),
  age: new Int32Array(total),
  cases: new Int32Array(maxDays),
})

// Ages of the recent cases, site by site.
function sortBySite(drawn: Drawn, { start, age }: Room): void {
  start.fill(0)
  for (let i = 0; i < drawn.size; i++) start[drawn.site[i]! + 1] = start[drawn.site[i]! + 1]! + 1
  for (let site = 1; site < start.length; site++) start[site] = start[site]! + start[site - 1]!
  // Each site's end moves down to its start while it is filled.
  for (let i = drawn.size - 1; i >= 0; i--) {
    const next = drawn.site[i]! + 1
    start[next] = start[next]! - 1
    age[start[next]!] = drawn.age[i]!
  }
  start.copyWithin(0, 1)
  start[start.length - 1] = drawn.size
}

/**
 * Largest ratio over all circles and lengths. The ratio falls in the expected count, so `refuse[c]` remembers the smallest
 * one with which c cases did not beat the maximum: almost every circle is refused by one comparison. A circle that adds no
 * recent case is never better than the one inside it, nor is a site with some of its cases better than with all of them.
 */
function largestRatio(problem: ScanProblem, drawn: Drawn, room: Room): number {
  const { first, neighbour, circleEnd, weight, factor, maxDays, total } = problem
  const { refuse, start, age, cases } = room
  sortBySite(drawn, room)
  const centers = weight.length
  for (let c = 0; c <= total; c++) refuse[c] = c
  let best = 0
  for (let center = 0; center < centers; center++) {
    cases.fill(0)
    let sum = 0
    const end = first[center + 1]!
    for (let i = first[center]!; i < end; i++) {
      // Sites at the same distance enter together.
      const from = i
      sum += weight[neighbour[i]!]!
      while (circleEnd[i] === 0) sum += weight[neighbour[++i]!]!
      for (let j = from; j <= i; j++) {
        const site = neighbour[j]!
        const stop = start[site + 1]!
        for (let one = start[site]!; one < stop; one++)
          for (let length = age[one]!; length < maxDays; length++) {
            const c = cases[length]! + 1
            cases[length] = c
            const expected = sum * factor[length]!
            if (expected >= refuse[c]!) continue
            const ratio = logLikelihoodRatio(c, expected, total)
            if (ratio > best) best = ratio
            else refuse[c] = expected
          }
      }
    }
  }
  return best
}
