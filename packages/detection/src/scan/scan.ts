import { type PoissonScanOptions, preparePermutationScan, preparePoissonScan } from './prepare.ts'
import { logLikelihoodRatio, scanMaxima } from './replicate.ts'
import type { ScanCase, ScanCluster, ScanOptions, ScanProblem, ScanResult, ScanSite } from './types.ts'

const EULER_GAMMA = 0.5772156649015329

/**
 * Prospective space-time permutation scan (Kulldorff et al. 2005, PLoS Med 2:e59): circles times the last 1 … maxDays days,
 * expected counts from the margins alone, so that no population is needed. Throws DetectionError for bad input.
 */
export function spaceTimePermutationScan(
  sites: readonly ScanSite[],
  cases: readonly ScanCase[],
  options: ScanOptions = {},
): ScanResult {
  const problem = preparePermutationScan(sites, cases, options)
  return finishScan(problem, scanMaxima(problem, 0, problem.permutations))
}

/** Prospective Poisson scan (Kulldorff 2001, J R Stat Soc A 164:61), conditional on the number of cases. */
export function poissonScan(
  sites: readonly (ScanSite & { population: number })[],
  cases: readonly ScanCase[],
  options: PoissonScanOptions,
): ScanResult {
  const problem = preparePoissonScan(sites, cases, options)
  return finishScan(problem, scanMaxima(problem, 0, problem.permutations))
}

/** Clusters of a prepared scan, judged by the maxima of its replications (from `scanMaxima`, in any order). */
export function finishScan(problem: ScanProblem, maxima: Float64Array): ScanResult {
  const clusters: ScanCluster[] = []
  const taken = new Set<number>()
  for (const candidate of bestPerCenter(problem)) {
    const { center, size, length, cases, expected, llr } = candidate
    const first = problem.first[center]!
    const members = Array.from(problem.neighbour.subarray(first, first + size))
    if (members.some((site) => taken.has(site))) continue
    for (const site of members) taken.add(site)
    clusters.push({
      sites: members.map((site) => problem.ids[site]!),
      center: problem.ids[center]!,
      radius: problem.distance[first + size - 1]!,
      from: problem.lastDay - length + 1,
      to: problem.lastDay,
      cases,
      expected,
      llr,
      p: (maxima.reduce((count, value) => count + Number(value >= llr), 0) + 1) / (maxima.length + 1),
      gumbelP: gumbelTail(llr, maxima),
    })
  }
  return { clusters, maxima }
}

type Candidate = { center: number; size: number; length: number; cases: number; expected: number; llr: number }

// The likeliest cylinder around each site, likeliest first; ties go to the smaller circle, then to the earlier site.
function bestPerCenter(problem: ScanProblem): Candidate[] {
  const { first, neighbour, circleEnd, weight, factor, recent, maxDays, total } = problem
  const candidates: Candidate[] = []
  for (let center = 0; center < weight.length; center++) {
    let best: Candidate | undefined
    const cases = new Int32Array(maxDays)
    let sum = 0
    for (let i = first[center]!; i < first[center + 1]!; i++) {
      const site = neighbour[i]!
      sum += weight[site]!
      for (let length = 0; length < maxDays; length++) cases[length] = cases[length]! + recent[site * maxDays + length]!
      if (circleEnd[i] === 0) continue
      for (let length = 0; length < maxDays; length++) {
        const expected = sum * factor[length]!
        const llr = logLikelihoodRatio(cases[length]!, expected, total)
        if (llr > (best?.llr ?? 0))
          best = { center, size: i - first[center]! + 1, length: length + 1, cases: cases[length]!, expected, llr }
      }
    }
    if (best) candidates.push(best)
  }
  return candidates.sort((a, b) => b.llr - a.llr || a.size - b.size || a.center - b.center)
}

/** Upper tail of the Gumbel distribution fitted to the maxima by moments (Abrams, Kulldorff, Kleinman 2010). */
export function gumbelTail(value: number, maxima: ArrayLike<number>): number {
  const n = maxima.length
  if (n < 2) return Number.NaN
  let mean = 0
  for (let i = 0; i < n; i++) mean += maxima[i]! / n
  let square = 0
  for (let i = 0; i < n; i++) square += (maxima[i]! - mean) ** 2 / (n - 1)
  const scale = Math.sqrt(6 * square) / Math.PI
  if (!(scale > 0)) return Number.NaN
  return -Math.expm1(-Math.exp(-(value - (mean - EULER_GAMMA * scale)) / scale))
}
